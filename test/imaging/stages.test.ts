import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { StageError } from 'bloodline-ml/stage';
import { findLeaks } from '../../stages/imaging/leaks.ts';
import { PixelsReader } from '../../stages/imaging/pixels.ts';
import {
  type Part,
  readJsonLines,
  readNearDuplicates,
  readSamples,
  type Sample,
  writeSamples,
  writeSamplesLike,
} from '../../stages/imaging/samples.ts';
import { runStage, stageFolder } from '../stage-harness.ts';

interface Assignment {
  readonly row: number;
  readonly id: string;
  readonly label: number;
  readonly group: string;
  readonly part: Part | 'unused';
  readonly augmented: boolean;
}

const SYNTHETIC = { format: 'stages/datasets/synthetic.ts', options: { smears: 8, fields: 2, cells: 8 } };

/** From nothing to an assignment. */
async function pipeline(folder: string, { seed = 1, perClass = null as number | null } = {}) {
  const ingest = await runStage('stages/ingest.ts', { folder, params: SYNTHETIC });
  const images = ingest.output('images');
  const balance = await runStage('stages/balance-augment.ts', {
    folder,
    seed,
    params: { perClass },
    inputs: { samples: ingest.output('samples'), images },
  });
  const samples = balance.output('samples');
  const render = await runStage('stages/resize-normalize.ts', {
    folder,
    params: { size: 16 },
    inputs: { images, samples },
  });
  const split = await runStage('stages/split.ts', {
    folder,
    seed,
    params: { perClass },
    inputs: { samples },
  });
  return { ingest, balance, render, split };
}

const digest = (folder: string): string => {
  const hash = createHash('sha256');
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    hash.update(name);
    try {
      hash.update(readFileSync(join(folder, name)));
    } catch {} // a folder
  }
  return hash.digest('hex');
};

test('synthetic smears go through the four data stages', async (t) => {
  const folder = stageFolder();
  t.after(folder.remove);
  const { ingest, balance, render, split } = await pipeline(folder.path);

  const quality = JSON.parse(readFileSync(join(ingest.output('quality'), 'quality.json'), 'utf8'));
  assert.equal(quality.unreadable.length, 1);
  assert.equal(quality.nearDuplicates.length, 1);
  const kinds = quality.boxes.map(({ kind }: { kind: string }) => kind);
  assert.deepEqual(kinds.sort(), ['degenerate', 'given-twice']);
  const markdown = readFileSync(join(ingest.output('quality'), 'quality.md'), 'utf8');
  assert.match(markdown, /Images that cannot be read, left out: 1/);

  const samples = readSamples(balance.output('samples'));
  const assignment = readJsonLines<Assignment>(join(split.output('assignment'), 'assignment.jsonl'));
  const summary = JSON.parse(readFileSync(join(split.output('assignment'), 'split.json'), 'utf8'));
  assert.deepEqual(
    assignment.map(({ row, id }) => [row, id]),
    samples.map(({ id }, row) => [row, id]),
  );

  // Only originals outside training, and nothing crosses.
  for (const { part, augmented } of assignment)
    assert.ok(!augmented || part === 'train' || part === 'unused');
  assert.deepEqual(
    findLeaks(
      samples,
      assignment.map(({ part }) => part),
      readNearDuplicates(balance.output('samples')),
    ),
    [],
  );
  // Every class as large as the largest, within 5 %.
  const inTraining = Object.values(summary.balance.after as Record<string, number>);
  for (const count of inTraining)
    assert.ok(Math.abs(count - summary.balance.target) <= 0.05 * summary.balance.target, `${inTraining}`);
  assert.deepEqual(summary.balance.unfilled, []);

  const pixels = new PixelsReader(render.output('pixels'));
  assert.deepEqual(
    pixels.description.ids,
    samples.map(({ id }) => id),
  );
  const rows = new Uint8Array(samples.length * pixels.rowBytes);
  pixels.read(
    samples.map((_, row) => row),
    rows,
  );
  pixels.close();
  // Every row was rendered: a smear is nowhere one colour.
  for (let row = 0; row < samples.length; row++) {
    const own = rows.subarray(row * pixels.rowBytes, (row + 1) * pixels.rowBytes);
    assert.ok(Math.max(...own) - Math.min(...own) > 20, `row ${row}`);
  }
});

test('the same seed gives the same bytes, another gives other recipes and parts', async (t) => {
  const folder = stageFolder();
  t.after(folder.remove);
  const [one, two, other] = [
    await pipeline(folder.path),
    await pipeline(folder.path),
    await pipeline(folder.path, { seed: 2 }),
  ];
  const outputs = (run: typeof one) => [
    ...['images', 'samples', 'quality'].map((name) => digest(run.ingest.output(name))),
    ...['samples', 'sheet'].map((name) => digest(run.balance.output(name))),
    digest(run.render.output('pixels')),
    digest(run.split.output('assignment')),
  ];
  assert.deepEqual(outputs(one), outputs(two));
  assert.deepEqual(outputs(other).slice(0, 3), outputs(one).slice(0, 3)); // ingest draws nothing
  for (const [i, bytes] of outputs(other).slice(3).entries()) assert.notEqual(bytes, outputs(one)[i + 3]);
});

test('perClass caps large classes and names those it cannot fill', async (t) => {
  const folder = stageFolder();
  t.after(folder.remove);
  const small = await pipeline(folder.path, { perClass: 10 });
  const after = (run: typeof small) =>
    JSON.parse(readFileSync(join(run.split.output('assignment'), 'split.json'), 'utf8')).balance;
  assert.deepEqual(Object.values(after(small).after), [10, 10, 10, 10, 10]);
  const large = await pipeline(folder.path, { perClass: 2000 });
  assert.deepEqual(after(large).unfilled, Object.keys(after(large).after));
  assert.match(large.balance.warnings[0]!, /Class eosinophil cannot be filled to 2000/);
  assert.match(large.split.warnings[0]!, /Class eosinophil has \d+ training cells of 2000/);
});

/** A samples folder of cells `[name, label, part]`, an image each. */
async function cellsOf(
  folder: string,
  cells: readonly (readonly [string, string, Part | null])[],
  pairs: readonly [string, string][] = [],
) {
  const samples = cells.map(
    ([image, label, part]): Sample => ({
      id: image,
      label,
      image,
      imageSize: [20, 20],
      box: null,
      group: image,
      part,
      flags: [],
    }),
  );
  await writeSamples(join(folder, 'samples'), {
    samples,
    dataset: { name: 'x', format: 'x', classes: ['a', 'b'], synthetic: false },
    nearDuplicates: pairs.map(([a, b]) => ({ a, b, distance: 0.01 })),
  });
  return join(folder, 'samples');
}

const many = (prefix: string, part: Part | null, count: number) =>
  Array.from({ length: count }, (_, i) => [`${prefix}${i}`, i % 2 === 0 ? 'a' : 'b', part] as const);

async function splitOf(samples: string, folder: string, params: Record<string, unknown> = {}) {
  const run = await runStage('stages/split.ts', { folder, params, inputs: { samples } });
  const assignment = readJsonLines<Assignment>(join(run.output('assignment'), 'assignment.jsonl'));
  return { parts: new Map(assignment.map(({ id, part }) => [id, part])), run };
}

test('a source’s own three parts are kept', async (t) => {
  const folder = stageFolder();
  t.after(folder.remove);
  const cells = [...many('x', 'train', 10), ...many('y', 'validation', 4), ...many('z', 'test', 4)];
  const { parts } = await splitOf(await cellsOf(folder.path, cells), folder.path);
  for (const [name, , part] of cells) assert.equal(parts.get(name), part);
});

test('of two parts the second is the test, and validation is carved from the first', async (t) => {
  const folder = stageFolder();
  t.after(folder.remove);
  for (const second of ['validation', 'test'] as const) {
    const own = stageFolder();
    t.after(own.remove);
    const { parts } = await splitOf(
      await cellsOf(own.path, [...many('x', 'train', 40), ...many('y', second, 10)]),
      own.path,
    );
    const of = (prefix: string, part: string) =>
      [...parts].filter(([name, p]) => name.startsWith(prefix) && p === part).length;
    assert.equal(of('y', 'test'), 10);
    assert.ok(of('x', 'validation') >= 6 && of('x', 'validation') <= 8, `${of('x', 'validation')} of 40`); // .15 of .85
    assert.equal(of('x', 'train') + of('x', 'validation'), 40);
  }
});

test('a leak in a source’s own split stops, or costs the training side', async (t) => {
  const folder = stageFolder();
  t.after(folder.remove);
  const cells = [...many('x', 'train', 20), ...many('y', 'validation', 6), ...many('z', 'test', 6)];
  const samples = await cellsOf(folder.path, cells, [
    ['x0', 'z0'],
    ['x3', 'y1'],
    ['y2', 'z2'],
    ['x4', 'x5'],
  ]);
  await assert.rejects(splitOf(samples, folder.path), (error) => {
    assert.ok(error instanceof StageError);
    assert.match(error.message, /^3 leaks .* The images x0 \(train\) and z0 \(test\) look alike\./);
    assert.match(error.help!, /onLeak=drop/);
    return true;
  });
  const { parts, run } = await splitOf(samples, folder.path, { onLeak: 'drop' });
  assert.deepEqual(
    [...parts].filter(([, part]) => part === 'unused').map(([name]) => name),
    ['x0', 'x3', 'y2'],
  );
  assert.equal(run.metrics['leaks dropped'], 3);
});

test('classes are filled in spite of what leaks take out', async (t) => {
  const folder = stageFolder();
  t.after(folder.remove);
  const ingest = await runStage('stages/ingest.ts', { folder: folder.path, params: SYNTHETIC });
  // The last smears become the source's own test, and every red cell's group leaks but those of two smears.
  const rows = readSamples(ingest.output('samples'));
  const parts = rows.map(
    (row): Sample => ({
      ...row,
      group: row.label === 'red-cell' && !/smear-0[12]/.test(row.group) ? 'all' : row.id,
      image: row.image,
      part: /smear-0[78]/.test(row.group) ? 'test' : 'train',
    }),
  );
  const samples = join(folder.path, 'leaky');
  await writeSamplesLike(samples, ingest.output('samples'), parts);
  const images = ingest.output('images');
  const balance = await runStage('stages/balance-augment.ts', {
    folder: folder.path,
    inputs: { samples, images },
    params: {},
  });
  const split = await runStage('stages/split.ts', {
    folder: folder.path,
    params: { onLeak: 'drop' },
    inputs: { samples: balance.output('samples') },
  });
  const { balance: result, leaks } = JSON.parse(
    readFileSync(join(split.output('assignment'), 'split.json'), 'utf8'),
  );
  assert.ok(leaks.dropped > 5);
  assert.deepEqual(result.unfilled, []);
});

test('too few groups are said so', async (t) => {
  const folder = stageFolder();
  t.after(folder.remove);
  await assert.rejects(splitOf(await cellsOf(folder.path, many('x', null, 2)), folder.path), /part is empty/);
});
