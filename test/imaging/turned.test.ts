import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Canvas } from '../../stages/imaging/canvas.ts';
import { closePairs, type Place } from '../../stages/imaging/close-pairs.ts';
import { discDistance, discOf } from '../../stages/imaging/disc.ts';
import { fingerprint } from '../../stages/imaging/fingerprint.ts';
import { likenesses, nearDuplicates, SAME_DISC, SAME_LOOK } from '../../stages/imaging/near-duplicates.ts';
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

/** 1 − half the mean squared difference: the correlation of what has mean square 1. */
const apart = (a: Float32Array, at: (i: number) => number): number =>
  a.reduce((sum, value, i) => sum + (value - at(i)) * (value - at(i)), 0) / (2 * a.length);

test('the search finds the pairs, and the distances, that looking at all pairs in all turns finds', () => {
  const draw = random(5, 'search');
  // Whole and at any angle alike, by colour alone apart, and pairs of different pictures that come near.
  const pictures = Array.from({ length: 30 }, (_, i) => {
    const quarter = { flipX: draw.chance(0.5), brightness: i % 7 === 0 ? 60 : 0 };
    const angle = i % 2 === 0 ? draw.integer(360) : 90 * draw.integer(4);
    return { path: `p${i}`, fingerprint: fingerprint(turned(i % 6, angle, quarter)) };
  });
  const times = 6;
  const wanted: string[] = [];
  for (const [i, a] of pictures.entries())
    for (const b of pictures.slice(i + 1)) {
      const [one, two] = [a.fingerprint, b.fingerprint];
      const coloured = (x: readonly number[], y: readonly number[]): boolean =>
        x.every((value, c) => Math.abs(value - y[c]!) <= 25);
      let [whole, disc] = [1, 1];
      if (coloured(one.mean, two.mean))
        for (let way = 0; way < 8; way++)
          whole = Math.min(
            whole,
            apart(one.grid, (cell) => {
              let [x, y] = [cell % 16, Math.floor(cell / 16)];
              if (way & 1) x = 15 - x;
              if (way & 2) y = 15 - y;
              return two.grid[way & 4 ? x * 16 + y : y * 16 + x]!;
            }),
          );
      if (coloured(one.disc.mean, two.disc.mean))
        for (const direction of [1, -1])
          for (let by = 0; by < 64; by++)
            disc = Math.min(
              disc,
              apart(
                one.disc.sectors,
                (i) => two.disc.sectors[(i & ~63) + ((by + direction * i + 6400) % 64)]!,
              ),
            );
      const within = (distance: number, limit: number): string =>
        (distance <= limit ? distance : 1).toFixed(9);
      if (whole <= times * SAME_LOOK || disc <= times * SAME_DISC)
        wanted.push(
          `${a.path} ${b.path} ${within(whole, times * SAME_LOOK)} ${within(disc, times * SAME_DISC)}`,
        );
    }
  const found = likenesses(pictures, times).map(({ a, b, whole, disc }) => {
    const [first, second] = Number(a.slice(1)) < Number(b.slice(1)) ? [a, b] : [b, a];
    return `${first} ${second} ${whole.toFixed(9)} ${disc.toFixed(9)}`;
  });
  assert.ok(wanted.length > 30, `${wanted.length}`);
  assert.deepEqual(found.sort(), wanted.sort());
});
