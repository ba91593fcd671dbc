import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Canvas } from '../../stages/imaging/canvas.ts';
import { closePairs, type Place } from '../../stages/imaging/close-pairs.ts';
import { discDistance, discOf } from '../../stages/imaging/disc.ts';
import { fingerprint } from '../../stages/imaging/fingerprint.ts';
import { nearDuplicates, SAME_DISC } from '../../stages/imaging/near-duplicates.ts';
import type { Picture } from '../../stages/imaging/picture.ts';
import { pixelCorrelation } from '../../stages/imaging/pixel-check.ts';
import { random } from '../../stages/imaging/random.ts';
import { resampler } from '../../stages/imaging/resample.ts';

test('close pairs are those that comparing all would find', () => {
  const draw = random(1, 'places');
  for (const [count, size] of [
    [0, 2],
    [1, 2],
    [300, 1],
    [400, 5],
  ] as const) {
    const places = Array.from({ length: count }, (): Place => {
      // Many lie on each other, so that cuts through equal values occur.
      const value = (): number => Math.round(draw.normal() * 4) / 2;
      return { box: [value() * 5, value() * 5], ball: Float32Array.from({ length: size }, value) };
    });
    const [side, square] = [4, 1.5 * size];
    const found: string[] = [];
    closePairs(places, { side, square }, (i, j) => found.push(`${i} ${j}`));
    const wanted: string[] = [];
    for (const [i, a] of places.entries())
      for (const [k, b] of places.slice(i + 1).entries()) {
        const near = a.box.every((value, c) => Math.abs(value - b.box[c]!) <= side);
        const sum = a.ball.reduce((s, value, c) => s + (value - b.ball[c]!) * (value - b.ball[c]!), 0);
        if (near && sum <= square) wanted.push(`${i} ${i + 1 + k}`);
      }
    assert.deepEqual(found.sort(), wanted.sort());
  }
});

/** A field of blots, larger than what is shown of it. */
function field(seed: number): Picture {
  const draw = random(seed, 'field');
  const canvas = new Canvas(300, 300, [220, 210, 215]);
  for (let i = 0; i < 40; i++) {
    const ink = [draw.uniform(80, 200), draw.uniform(40, 120), draw.uniform(90, 170)] as const;
    const radius = draw.uniform(8, 26);
    canvas.paint(
      draw.uniform(0, 300),
      draw.uniform(0, 300),
      radius,
      () => ink,
      (x, y) => (Math.hypot(x, y) < radius ? 1 : 0),
    );
  }
  return canvas.picture();
}

/** The middle of a field, turned. */
function turned(
  seed: number,
  rotate: number,
  more: { flipX?: boolean; contrast?: number; brightness?: number } = {},
) {
  const data = new Uint8Array(128 * 128 * 3);
  const recipe = { rotate, flipX: false, flipY: false, contrast: 1, brightness: 0, ...more };
  resampler(128)(field(seed), { x: 60, y: 60, side: 180 }, recipe, data);
  return { width: 128, height: 128, data };
}

test('a copy turned by any angle is found, and another picture is not', () => {
  const original = { path: 'a', fingerprint: fingerprint(turned(1, 0)) };
  for (const [angle, more] of [
    [3, {}],
    [17, { flipX: true }],
    [45, { contrast: 1.1, brightness: -6 }],
    [133, { flipX: true, contrast: 0.9 }],
    [271, {}],
  ] as const) {
    const copy = { path: 'b', fingerprint: fingerprint(turned(1, angle, more)) };
    assert.deepEqual(
      nearDuplicates([copy, original]).map(({ a, b }) => [a, b]),
      [['a', 'b']],
      `${angle}°`,
    );
    assert.ok(pixelCorrelation(turned(1, 0), turned(1, angle, more)) > 0.97);
  }
  for (let seed = 2; seed < 30; seed++) {
    const other = discOf(turned(seed, 0));
    const distance = discDistance(original.fingerprint.disc, other, 1);
    assert.ok(distance > 2 * SAME_DISC, `field ${seed}: ${distance}`);
    // What is left out early because of a bound would not have been found.
    assert.equal(discDistance(original.fingerprint.disc, other, distance * 0.99), 1);
    assert.equal(discDistance(original.fingerprint.disc, other, distance * 1.01), distance);
    if (seed < 6) assert.ok(pixelCorrelation(turned(1, 0), turned(seed, 0)) < 0.8);
  }
});
