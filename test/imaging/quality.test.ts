import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { checkBoxes, overlap } from '../../stages/imaging/boxes.ts';
import { Canvas } from '../../stages/imaging/canvas.ts';
import { decode } from '../../stages/imaging/decode.ts';
import { type Fingerprint, fingerprint, lookDistance } from '../../stages/imaging/fingerprint.ts';
import { nearDuplicates, SAME_LOOK } from '../../stages/imaging/near-duplicates.ts';
import type { Picture } from '../../stages/imaging/picture.ts';
import { seeminglyUnlabelled, sizeShortcut } from '../../stages/imaging/quality.ts';
import { random } from '../../stages/imaging/random.ts';
import { type Box, byCodeUnit, type Sample } from '../../stages/imaging/samples.ts';

/** A field of blots, another for each seed. */
function field(seed: number): Picture {
  const draw = random(seed, 'field');
  const canvas = new Canvas(160, 120, [220, 210, 215]);
  for (let i = 0; i < 12; i++) {
    const ink = [draw.uniform(80, 200), draw.uniform(40, 120), draw.uniform(90, 170)] as const;
    const radius = draw.uniform(6, 18);
    canvas.paint(
      draw.uniform(0, 160),
      draw.uniform(0, 120),
      radius,
      () => ink,
      (x, y) => (Math.hypot(x, y) < radius ? 1 : 0),
    );
  }
  return canvas.picture();
}

const image = ({ width, height, data }: Picture) =>
  sharp(Buffer.from(data), { raw: { width, height, channels: 3 } });
const look = async (bytes: Promise<Buffer>) => fingerprint(await decode(await bytes));

test('a copy is found whatever was done to it, and another field is not', async () => {
  const picture = field(1);
  const original = fingerprint(picture);
  const copies: Record<string, Promise<Buffer>> = {
    'as it is': image(picture).png().toBuffer(),
    'compressed hard': image(picture).jpeg({ quality: 30 }).toBuffer(),
    mirrored: image(picture).flop().png().toBuffer(),
    'upside down': image(picture).rotate(180).png().toBuffer(),
    'turned by a quarter': image(picture).rotate(90).png().toBuffer(),
    smaller: image(picture).resize(90, 68, { fit: 'fill' }).png().toBuffer(),
    brighter: image(picture).linear(1.04, 4).png().toBuffer(),
  };
  for (const [what, bytes] of Object.entries(copies)) {
    const pairs = nearDuplicates([
      { path: 'b', fingerprint: await look(bytes) },
      { path: 'a', fingerprint: original },
    ]);
    assert.deepEqual(
      pairs.map(({ a, b }) => [a, b]),
      [['a', 'b']],
      what,
    );
  }
  for (let seed = 2; seed < 40; seed++)
    assert.ok(lookDistance(original, fingerprint(field(seed)), 1) > 5 * SAME_LOOK, `field ${seed}`);
});

test('leaving early changes no result', () => {
  const all = Array.from({ length: 30 }, (_, seed) => fingerprint(field(seed)));
  // Plainly: the least mean squared difference over the eight orientations.
  const plain = (a: Fingerprint, b: Fingerprint): number => {
    let best = 1;
    for (let way = 0; way < 8; way++) {
      let sum = 0;
      for (let y = 0; y < 16; y++)
        for (let x = 0; x < 16; x++) {
          const [u, v] = [way & 1 ? 15 - x : x, way & 2 ? 15 - y : y];
          const difference = a.grid[y * 16 + x]! - b.grid[way & 4 ? u * 16 + v : v * 16 + u]!;
          sum += difference * difference;
        }
      best = Math.min(best, sum / 512);
    }
    return best;
  };
  for (const [i, a] of all.entries())
    for (const b of all.slice(i + 1)) {
      const wanted = plain(a, b);
      assert.ok(Math.abs(lookDistance(a, b, 1) - wanted) < 1e-9);
      assert.equal(lookDistance(a, b, 0.3) < 1, wanted <= 0.3);
    }
});

test('pairs are named in order, whatever order the pictures come in', () => {
  const pictures = [3, 1, 2, 1, 3, 3].map((seed, i) => ({
    path: `p${i}`,
    fingerprint: fingerprint(field(seed)),
  }));
  const pairs = nearDuplicates(pictures);
  assert.deepEqual(
    pairs.map(({ a, b }) => `${a} ${b}`),
    ['p0 p4', 'p0 p5', 'p1 p3', 'p4 p5'],
  );
  assert.deepEqual(nearDuplicates([...pictures].reverse()), pairs);
  assert.deepEqual(
    pairs.map(({ distance }) => distance),
    [0, 0, 0, 0],
  );
});

test('boxes: clipped, empty, given twice, of two labels', () => {
  const cell = (label: string, box: Box, ...flags: 'clipped'[]) => ({ label, box, flags });
  const { cells, problems } = checkBoxes(
    [
      cell('a', [10, 10, 20, 20]),
      cell('a', [10, 10, 20, 21]),
      cell('a', [-5, 0, 15, 10]),
      cell('b', [50, 50, 0, 9]),
      cell('b', [120, 10, 30, 30]),
      cell('a', [60, 60, 20, 20]),
      cell('b', [60, 60, 20, 20]),
      cell('b', [100.5, 40, -20, 20]),
    ],
    100,
    100,
  );
  assert.deepEqual(cells, [cell('a', [10, 10, 20, 20]), cell('a', [0, 0, 10, 10], 'clipped')]);
  assert.deepEqual(
    problems.map(({ kind }) => kind),
    ['clipped', 'degenerate', 'degenerate', 'degenerate', 'given-twice', 'two-labels'],
  );
  assert.equal(overlap([0, 0, 10, 10], [5, 0, 10, 10]), 1 / 3);
  assert.equal(overlap([0, 0, 10, 10], [10, 0, 10, 10]), 0);
});

test('fractions become pixels', () => {
  const { cells } = checkBoxes([{ label: 'a', box: [0.1, 0.5, 0.2, 0.25], unit: 'fractions' }], 200, 80);
  assert.deepEqual(cells[0]!.box, [20, 40, 40, 20]);
});

const sample = (
  label: string,
  image: string,
  box: Box | null,
  imageSize: [number, number] = [100, 100],
): Sample => ({
  id: `${image}${label}`,
  label,
  image,
  imageSize,
  box,
  group: image,
  part: null,
  flags: [],
});

test('a size that gives the label away is said so', () => {
  const boxes = (side: (i: number) => number) =>
    Array.from({ length: 40 }, (_, i) => sample(i % 2 === 0 ? 'a' : 'b', `${i}`, [0, 0, side(i), 10]));
  assert.deepEqual(sizeShortcut(boxes((i) => (i % 2 === 0 ? 20 : 60))), {
    from: 'box',
    accuracy: 1,
    floor: 0.5,
  });
  assert.equal(sizeShortcut(boxes(() => 30)), null);
  const images = Array.from({ length: 40 }, (_, i) =>
    sample(i % 2 === 0 ? 'a' : 'b', `${i}`, null, i % 2 === 0 ? [360, 360] : [366, 369]),
  );
  assert.equal(sizeShortcut(images)?.from, 'image');
  assert.equal(sizeShortcut([]), null);
});

test('fields that lack what all others have are named', () => {
  const samples = Array.from({ length: 20 }, (_, i) => [
    ...(i === 7 ? [] : [sample('red', `${i}`, [0, 0, 9, 9])]),
    ...(i % 2 === 0 || i === 7 ? [sample('white', `${i}`, [20, 20, 9, 9])] : []),
  ]).flat();
  assert.deepEqual(seeminglyUnlabelled(samples), [{ path: '7', label: 'red' }]);
  assert.deepEqual(
    [...seeminglyUnlabelled([sample('x', '1', null)])].sort((a, b) => byCodeUnit(a.path, b.path)),
    [],
  );
});
