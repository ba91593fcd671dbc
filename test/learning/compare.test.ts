import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { parse } from 'csv-parse/sync';
import { jsonLines } from '../../stages/imaging/samples.ts';
import type { Comparison } from '../../stages/judging/comparison.ts';
import { judge } from '../../stages/judging/evaluation.ts';
import { assertSelfContained } from '../self-contained.ts';
import { runStage, stageFolder } from '../stage-harness.ts';

const folder = stageFolder();
after(() => folder.remove());

const CLASSES = ['<script>alert(1)</script>', 'a|b & "c"', '🩸 wbc'];
/** 90 cells in 30 groups: 45 of the first class, 30 of the second, 15 of the third. */
const truth = Array.from({ length: 90 }, (_, i) => (i % 6 < 3 ? 0 : i % 6 < 5 ? 1 : 2));
const fields = truth.map((_, i) => `field-${Math.floor(i / 3)}`);

/** Writes what evaluate and train-per-model leave of a model that is wrong on these cells. */
function writeModel(
  base: string,
  coordinate: string,
  {
    name,
    wrong,
    classes = CLASSES,
    group,
  }: { name: string; wrong: readonly number[]; classes?: readonly string[]; group?: string },
): void {
  const groups = fields.map((field) => group ?? field);
  const answers = truth.map((label, i) => (wrong.includes(i) ? (label + 1) % 3 : label));
  const probabilities = answers.flatMap((answer) => [0, 1, 2].map((k) => (k === answer ? 0.8 : 0.1)));
  const logits = Float64Array.from(probabilities, Math.log);
  const { evaluation } = judge({
    model: {
      name,
      paper: 'A & B',
      size: 32,
      parameters: 1_234_567,
      multAdds: 5e9,
      bytes: 4_938_268,
      epoch: 2,
    },
    data: { name: 'hand-made', synthetic: true, classes, training: null },
    test: { truth, groups, logits, probabilities },
    validation: { truth, groups, logits },
    risk: 0.02,
  });
  const [into, curves] = [join(base, 'evaluations', coordinate), join(base, 'curves', coordinate)];
  mkdirSync(into, { recursive: true });
  mkdirSync(curves, { recursive: true });
  writeFileSync(join(into, 'evaluation.json'), JSON.stringify(evaluation));
  const rows = truth.map((label, i) => ({
    id: `cell-${i}`,
    group: groups[i],
    label: classes[label],
    predicted: classes[answers[i]!],
    probabilities: probabilities.slice(3 * i, 3 * i + 3),
    calibrated: probabilities.slice(3 * i, 3 * i + 3),
  }));
  writeFileSync(join(into, 'predictions.jsonl'), jsonLines(rows));
  const epochs = [1, 2, 3].map((epoch) => ({
    epoch,
    loss: 1 / epoch,
    accuracy: 1 - 0.5 / epoch,
    valLoss: epoch === 2 ? null : 1.2 / epoch,
    valAccuracy: 1 - 0.6 / epoch,
    learningRate: 0.001,
  }));
  writeFileSync(join(curves, 'curves.json'), JSON.stringify({ model: name, epochs, best: 2 }));
}

const run = (base: string) =>
  runStage('stages/compare.ts', {
    folder: folder.path,
    inputs: { evaluations: join(base, 'evaluations'), curves: join(base, 'curves') },
  });

const every = (step: number): number[] => truth.flatMap((_, i) => (i % step === 0 ? [i] : []));

test('models are ranked, and a lead is only called one where it is beyond chance', async () => {
  const base = join(folder.path, 'ranked');
  writeModel(base, 'a', { name: 'Middling', wrong: every(10) }); // 9 wrong
  writeModel(base, 'b', { name: 'Good', wrong: every(12) }); // 8 wrong, of which 2 with Middling
  writeModel(base, 'c', { name: 'Bad <b>', wrong: every(2) }); // 45 wrong
  const made = await run(base);
  const read = (name: string): string => readFileSync(join(made.output('comparison'), name), 'utf8');
  const comparison = JSON.parse(read('comparison.json')) as Comparison;

  assert.deepEqual(
    comparison.models.map(({ name }) => name),
    ['Good', 'Middling', 'Bad <b>'],
  );
  assert.equal(comparison.models[0]!.measures.accuracy.value, 82 / 90);
  assert.deepEqual(
    comparison.pairs.map(({ better, worse, onlyBetter, onlyWorse, beyondChance }) => [
      better,
      worse,
      onlyBetter,
      onlyWorse,
      beyondChance,
    ]),
    [
      ['Good', 'Middling', 7, 6, false],
      ['Good', 'Bad <b>', 37, 0, true],
      ['Middling', 'Bad <b>', 36, 0, true],
    ],
  );
  assert.match(
    comparison.verdict,
    /^Good leads with a balanced accuracy of \d+\.\d %, but Good and Middling cannot be told apart on these 30 groups\. Good is ahead of Bad <b>\.$/,
  );
  // Half of the cells are of the first class; ln-losses by hand: .5 ln 2 + ln(3)/3 + ln(6)/6.
  const { measures } = comparison.baselines[0]!;
  assert.equal(measures.accuracy.value, 0.5);
  assert.equal(measures.balancedAccuracy.value, 1 / 3);
  assert.ok(Math.abs(measures.logLoss.value! - 1.0114042647073518) < 1e-9);
  assert.ok(made.warnings.some((warning) => warning.includes('🩸 wbc 15')));

  const page = read('comparison.html');
  assertSelfContained(page);
  assert.ok(!page.includes('<script>') && page.includes('&lt;script&gt;alert(1)&lt;/script&gt;'));
  assert.ok(page.includes('Synthetic data.') && page.includes('prefers-color-scheme:dark'));
  const markdown = read('comparison.md');
  assert.ok(markdown.includes('**Synthetic data**') && markdown.includes('a\\|b &'));
  // Each row of a table has as many cells as its head.
  for (const block of markdown.split('\n\n').filter((text) => text.startsWith('|'))) {
    const counts = block.split('\n').map((line) => line.split(/(?<!\\)\|/).length);
    assert.deepEqual(new Set(counts).size, 1, block);
  }
  // Tables that any reader of CSV takes; names from data stay in their field.
  const rows = (name: string) => parse(read(name), { columns: true }) as Record<string, string>[];
  assert.equal(rows('confusion.csv').length, 3 * 9);
  assert.equal(rows('classes.csv')[6]!['class'], 'a|b & "c"');
  const accuracy = rows('measures.csv').find(
    ({ model, measure }) => model === 'Good' && measure === 'accuracy',
  );
  assert.equal(Number(accuracy!['value']), 82 / 90);
  const groups = rows('groups.csv').filter(({ model }) => model === 'Good');
  assert.equal(groups.length, 30);
  assert.equal(
    groups.reduce((sum, { right }) => sum + Number(right), 0),
    82,
  );
  const again = await run(base);
  for (const name of [
    'comparison.json',
    'comparison.md',
    'comparison.html',
    'measures.csv',
    'groups.csv',
    'charts/confusion-1-Good.svg',
    'charts/loss.svg',
    'charts/accuracy.svg',
  ])
    assert.equal(readFileSync(join(again.output('comparison'), name), 'utf8'), read(name), name);
});

test('two runs of one architecture bear their coordinates', async () => {
  const base = join(folder.path, 'twins');
  writeModel(base, 'seed=1', { name: 'VGG16', wrong: [1] });
  writeModel(base, 'seed=2', { name: 'VGG16', wrong: [2, 3] });
  const made = await run(base);
  assert.deepEqual(Object.keys(made.metrics), [
    'VGG16 (seed=1) accuracy',
    'VGG16 (seed=1) balanced accuracy',
    'VGG16 (seed=2) accuracy',
    'VGG16 (seed=2) balanced accuracy',
    'always <script>alert(1)</script>: balanced accuracy',
  ]);
});

test('a single model is compared with the baseline alone', async () => {
  const base = join(folder.path, 'single');
  writeModel(base, 'only', { name: 'Only', wrong: [] });
  const made = await run(base);
  const page = readFileSync(join(made.output('comparison'), 'comparison.html'), 'utf8');
  assertSelfContained(page);
  assert.ok(
    page.includes('Only <span class="faint">over</span> always') &&
      page.includes('Only reaches a balanced accuracy of 100.0 %'),
  );
});

test('models of other classes, of other cells, and predictions that are none are refused by name', async () => {
  const base = join(folder.path, 'different');
  writeModel(base, 'a', { name: 'A', wrong: [] });
  writeModel(base, 'b', { name: 'B', wrong: [], classes: ['x', 'y', 'z'] });
  await assert.rejects(
    run(base),
    /a knows the classes <script>.*, b knows x, y, z: their numbers cannot be compared/,
  );

  writeModel(base, 'b', { name: 'B', wrong: [] });
  const file = join(base, 'evaluations/b/predictions.jsonl');
  const lines = readFileSync(file, 'utf8').split('\n');
  writeFileSync(file, lines.slice(1).join('\n'));
  await assert.rejects(run(base), /a and b were tested on different cells/);
  writeFileSync(file, [lines[0]!.replace('0.8', 'null'), ...lines.slice(1)].join('\n'));
  await assert.rejects(run(base), /The prediction of cell-0 in .*b is none: expected a class and 3 numbers/);
});

test('one group proves nothing: no interval, no lead', async () => {
  const base = join(folder.path, 'one-group');
  writeModel(base, 'a', { name: 'A', wrong: [], group: 'the only one' });
  writeModel(base, 'b', { name: 'B', wrong: every(2), group: 'the only one' });
  const made = await run(base);
  const comparison = JSON.parse(
    readFileSync(join(made.output('comparison'), 'comparison.json'), 'utf8'),
  ) as Comparison;
  assert.deepEqual([comparison.pairs[0]!.p, comparison.pairs[0]!.interval], [1, null]);
  assert.match(comparison.verdict, /A and B cannot be told apart on this one group/);
  assert.ok(made.warnings.some((warning) => warning.includes('from only 1 group')));
  assertSelfContained(readFileSync(join(made.output('comparison'), 'comparison.html'), 'utf8'));
});
