import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import { audit } from '../../stages/imaging/audit.ts';
import { borderColour } from '../../stages/imaging/border.ts';
import { Canvas } from '../../stages/imaging/canvas.ts';
import { random } from '../../stages/imaging/random.ts';
import { drawRecipe } from '../../stages/imaging/recipe.ts';
import { resampler } from '../../stages/imaging/resample.ts';
import type { Sample } from '../../stages/imaging/samples.ts';
import { type Circumstances, findShortcuts } from '../../stages/imaging/shortcuts.ts';
import { openFrontDoor } from '../rig/front-door.ts';

const cell = (id: string, label: string, more: Partial<Sample> = {}): Sample => ({
  id,
  label,
  image: id,
  imageSize: [100, 100],
  box: null,
  group: id,
  part: null,
  flags: [],
  ...more,
});

test('copies, groups and images on two sides are named', () => {
  const samples = [
    cell('a', 'x', { group: 'p1' }),
    cell('b', 'x', { group: 'p1' }),
    cell('c', 'y'),
    cell('c~1', 'y', { image: 'c', group: 'c', source: 'c' }),
    cell('d', 'y'),
    cell('e', 'x'),
  ];
  const parts = ['train', 'test', 'train', 'test', 'validation', 'unused'] as const;
  const found = audit(
    samples,
    parts,
    [
      { a: 'd', b: 'a', distance: 0.01 },
      { a: 'e', b: 'c', distance: 0 },
    ],
    [],
  );
  assert.deepEqual(found.copiesOutsideTraining, ['c~1']);
  assert.equal(found.copiesOfTrainingCells, 1);
  assert.deepEqual(
    found.leaks.map(({ kind, a, b }) => `${kind} ${a} ${b}`),
    ['group p1 p1', 'group c c', 'image c c', 'near-duplicate d a'],
  );
  assert.equal(found.touched, 3);
  assert.deepEqual(audit(samples, ['train', 'train', 'test', 'unused', 'test', 'unused'], [], []).leaks, []);
});

/** 120 cells of two labels, each a group; what is not told is drawn by chance. */
const circumstances = (told: (b: boolean, draw: ReturnType<typeof random>) => Partial<Circumstances>) => {
  const draw = random(4, 'circumstances');
  return Array.from({ length: 120 }, (_, i): Circumstances => {
    const chance = [draw.uniform(0, 255), draw.uniform(0, 255), draw.uniform(0, 255)] as const;
    return {
      sample: cell(String(i), i % 2 === 0 ? 'a' : 'b'),
      bytes: draw.integer(10000),
      border: chance,
      ...told(i % 2 === 1, draw),
    };
  });
};
const telling = (cells: readonly Circumstances[]) =>
  findShortcuts(cells)
    .filter(({ tells }) => tells)
    .map(({ from }) => from);

test('a circumstance that gives the label away is found, and chance is not', () => {
  assert.deepEqual(telling(circumstances(() => ({}))), []);
  assert.deepEqual(telling(circumstances((b) => ({ bytes: b ? 9000 : 5000 }))), ['file size']);
  assert.deepEqual(telling(circumstances((b) => ({ border: b ? [9, 9, 9] : [200, 9, 90] }))), [
    'border colour',
  ]);
  const boxed = (label: string, i: number, x: number, side: number): Circumstances => ({
    sample: cell(String(i), label, { box: [x, 50, side, side], imageSize: [600, 200] }),
    bytes: 1,
    border: [0, 0, 0],
  });
  const draw = random(9, 'boxes');
  const left = Array.from({ length: 100 }, (_, i) =>
    boxed(i % 2 ? 'a' : 'b', i, i % 2 ? 20 : 400, 30 + draw.integer(9)),
  );
  assert.deepEqual(telling(left), ['position']);
  // Cells of one group are never on both sides: what tells a group from another tells nothing about the label.
  const oneGroupEach = circumstances((b) => ({ bytes: b ? 1 : 2 })).map((one) => ({
    ...one,
    sample: { ...one.sample, group: one.sample.label },
  }));
  assert.deepEqual(telling(oneGroupEach), []);
  assert.deepEqual(findShortcuts(left.slice(0, 20)), []);
});

test('the border is the border', () => {
  const canvas = new Canvas(60, 90, [10, 20, 30]);
  canvas.paint(
    30,
    45,
    40,
    () => [200, 200, 200],
    (x, y) => (Math.abs(x) < 28 && Math.abs(y) < 43 ? 1 : 0),
  );
  assert.deepEqual(borderColour(canvas.picture()), [10, 20, 30]);
});

/** A folder as the tutorial leaves it: pictures augmented first, then dealt out to training and validation. */
async function tutorialFolder(root: string, clean: boolean): Promise<void> {
  const draw = random(2, 'tutorial');
  const render = resampler(64);
  const data = Buffer.alloc(64 * 64 * 3);
  for (const [i, label] of ['a', 'a', 'a', 'a', 'b', 'b', 'b', 'b'].entries()) {
    const canvas = new Canvas(160, 160, label === 'a' ? [220, 210, 215] : [205, 215, 225]);
    for (let blot = 0; blot < 30; blot++) {
      const ink = [draw.uniform(60, 200), draw.uniform(40, 160), draw.uniform(90, 180)] as const;
      const radius = draw.uniform(5, 18);
      canvas.paint(
        draw.uniform(0, 160),
        draw.uniform(0, 160),
        radius,
        () => ink,
        (x, y) => (Math.hypot(x, y) < radius ? 1 : 0),
      );
    }
    const square = { x: 30, y: 30, side: 100 };
    for (let copy = 0; copy < 3; copy++) {
      const recipe =
        copy === 0 ? undefined : drawRecipe(draw, square, 160, 160, { contrast: 0.1, brightness: 6 });
      render(canvas.picture(), square, recipe, data);
      const part = (clean ? i % 4 === 0 : copy === 2) ? 'validation' : 'training';
      const file = join(root, part, label, `${i}-${copy}.jpg`);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(
        file,
        await sharp(data, { raw: { width: 64, height: 64, channels: 3 } })
          .jpeg({ quality: 90 })
          .toBuffer(),
      );
    }
  }
}

test('data audit catches the tutorial’s order, whatever the copies’ angles', async (t) => {
  const door = openFrontDoor({});
  t.after(door.remove);
  const naive = join(door.root, 'naive');
  await tutorialFolder(naive, false);
  const caught = await door.bloodline('data', 'audit', 'naive', '--json');
  assert.equal(caught.code, 1);
  const { leaks, touched, parts } = JSON.parse(caught.stdout);
  // Every picture of the second part has both others of its cell in training.
  assert.deepEqual(parts, { train: 16, validation: 0, test: 8 });
  assert.equal(leaks.length, 16);
  for (const { a, b, correlation } of leaks) assert.ok(correlation > 0.95, `${a} ${b}: ${correlation}`);
  assert.equal(touched, 8);

  const honest = join(door.root, 'honest');
  await tutorialFolder(honest, true);
  const clean = await door.bloodline('data', 'audit', 'honest');
  assert.equal(clean.code, 0, clean.stdout);
  assert.match(clean.stdout, /Nothing crosses the parts\./);

  // The same picture in two class folders.
  copyFileSync(join(honest, 'training', 'a', '1-0.jpg'), join(honest, 'training', 'b', 'again.jpg'));
  const twice = JSON.parse((await door.bloodline('data', 'audit', 'honest', '--json')).stdout);
  const named = twice.quality.oneLookTwoLabels.map(({ b, labels }: Record<string, string>) => [b, labels]);
  assert.ok(named.some(([b, labels]: string[]) => b === 'training/b/again.jpg' && labels === 'a / b'));

  const wrong = await door.bloodline('data', 'audit', 'nowhere');
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /There is no .*nowhere/);
});
