import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { PixelsReader } from '../../stages/imaging/pixels.ts';
import { readDataset, readSamples } from '../../stages/imaging/samples.ts';
import { learnedBaselines } from '../../stages/judging/baselines.ts';
import { answers, confusionCounts, scores } from '../../stages/judging/metrics.ts';
import { readAssignment } from '../../stages/learning/assignment.ts';
import { runStage, stageFolder } from '../stage-harness.ts';

const checkout = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const data = process.env.BLOODLINE_TEST_DATA ?? join(checkout, '../shared/data');
const without = (name: string) =>
  existsSync(join(data, name)) ? false : `no ${name} in ${data}; BLOODLINE_TEST_DATA names another folder`;

const ingest = (folder: string, format: string, name: string) =>
  runStage('stages/ingest.ts', {
    folder,
    params: { format: `stages/datasets/${format}.ts`, options: {} },
    inputs: { source: join(data, name) },
  });

test('BCCD: its boxes, its faults and its one leak', { skip: without('bccd') }, async (t) => {
  const folder = stageFolder();
  t.after(folder.remove);
  const { output } = await ingest(folder.path, 'pascal-voc', 'bccd');
  const quality = JSON.parse(readFileSync(join(output('quality'), 'quality.json'), 'utf8'));
  const count = (kind: string) => quality.boxes.filter((box: { kind: string }) => box.kind === kind).length;
  assert.equal(quality.images, 364);
  // 4,888 boxes (4,155 RBC, 372 WBC, 361 platelets): two are empty, seven come twice.
  assert.deepEqual(quality.perLabel, { Platelets: 361, RBC: 4146, WBC: 372 });
  assert.deepEqual([count('degenerate'), count('given-twice'), count('two-labels')], [2, 7, 0]);
  // The one pair of fields that shows one place, found by eye too.
  assert.deepEqual(
    quality.nearDuplicates.map(({ a, b, parts }: Record<string, string>) => [a, b, parts]),
    [['JPEGImages/BloodImage_00037.jpg', 'JPEGImages/BloodImage_00038.jpg', 'validation / train']],
  );
  assert.equal(quality.sizeShortcut.from, 'box');
  assert.ok(quality.sizeShortcut.accuracy > 0.97);
  assert.deepEqual(readDataset(output('samples')).classes, ['Platelets', 'RBC', 'WBC']);

  const samples = output('samples');
  const split = (onLeak: string) =>
    runStage('stages/split.ts', { folder: folder.path, params: { onLeak }, inputs: { samples } });
  await assert.rejects(
    split('fail'),
    /BloodImage_00037.jpg \(validation\) and JPEGImages\/BloodImage_00038.jpg \(train\)/,
  );
  const { metrics, output: assigned } = await split('drop');
  const inDropped = readSamples(samples).filter(({ image }) => image.endsWith('00038.jpg')).length;
  assert.equal(metrics['leaks dropped'], inDropped);

  // Floors worked out with scikit-learn on BCCD's own test part (shared/lab): accuracy and balanced accuracy.
  const rendered = await runStage('stages/resize-normalize.ts', {
    folder: folder.path,
    params: { size: 48 },
    inputs: { samples, images: output('images') },
  });
  const assignment = readAssignment(assigned('assignment'));
  const { labels } = assignment.test;
  const dropped = new Set(['JPEGImages/BloodImage_00038.jpg']);
  const pixels = new PixelsReader(rendered.output('pixels'));
  const rows = learnedBaselines(assignment, readSamples(samples), pixels, dropped);
  pixels.close();
  for (const [name, accuracy, balanced] of [
    ['box size alone', 0.98, 0.919],
    ['mean colour alone', 0.988, 0.947],
  ] as const) {
    const { probabilities } = rows.find((row) => row.name === name)!;
    const got = scores(confusionCounts(labels, answers(probabilities, 3), 3));
    assert.ok(Math.abs(got.accuracy - accuracy) < 0.01, `${name}: accuracy ${got.accuracy}`);
    assert.ok(Math.abs(got.balancedAccuracy - balanced) < 0.01, `${name}: balanced ${got.balancedAccuracy}`);
    t.diagnostic(`${name}: ${got.accuracy.toFixed(4)} / ${got.balancedAccuracy.toFixed(4)}`);
  }
});

test('PBC: 300 cells of each of eight classes in two parts', { skip: without('pbc8') }, async (t) => {
  const folder = stageFolder();
  t.after(folder.remove);
  const { output, metrics } = await ingest(folder.path, 'class-folders', 'pbc8');
  const quality = JSON.parse(readFileSync(join(output('quality'), 'quality.json'), 'utf8'));
  assert.deepEqual(Object.values(quality.perLabel), new Array(8).fill(300));
  assert.equal(quality.ignored.foreign.length, 3);
  assert.equal(metrics['near-duplicates'], 0);
  const samples = readSamples(output('samples'));
  assert.equal(samples.filter(({ part }) => part === 'validation').length, 480);
});
