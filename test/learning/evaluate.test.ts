import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { jsonLines, readJsonLines } from '../../stages/imaging/samples.ts';
import type { Evaluation, Prediction } from '../../stages/judging/evaluation.ts';
import type { Curves } from '../../stages/learning/curves.ts';
import { runStage, stageFolder } from '../stage-harness.ts';
import { colours } from './colours.ts';

const folder = stageFolder();
after(() => folder.remove());
let inputs: { pixels: string; split: string };
before(async () => {
  inputs = await colours(folder.path);
});

test('a trained model is evaluated on the test part and compared, twice with the same bytes', async () => {
  const trained = await runStage('stages/train-per-model.ts', {
    folder: folder.path,
    params: { model: 'stages/models/custom-cnn.ts', epochs: 4, batch: 16, engine: 'wasm' },
    inputs,
  });
  const evaluate = () =>
    runStage('stages/evaluate.ts', {
      folder: folder.path,
      params: { engine: 'wasm' },
      inputs: { ...inputs, model: trained.output('model') },
    });
  const [once, again] = [await evaluate(), await evaluate()];
  const read = (run: typeof once, name: string): string =>
    readFileSync(join(run.output('evaluation'), name), 'utf8');
  for (const name of ['evaluation.json', 'predictions.jsonl', 'maps.json', 'use.json', 'reference.bin'])
    assert.equal(read(once, name), read(again, name), name);

  const evaluation = JSON.parse(read(once, 'evaluation.json')) as Evaluation;
  const predictions = readJsonLines<Prediction>(join(once.output('evaluation'), 'predictions.jsonl'));
  assert.equal(evaluation.n, 16);
  assert.equal(evaluation.groups, 4);
  assert.deepEqual(evaluation.data, {
    name: 'colours',
    synthetic: true,
    classes: ['red', 'blue'],
    training: { blue: 32, red: 32 },
  });
  const accuracy = evaluation.measures.accuracy.value!;
  assert.ok(accuracy >= 0.9, `accuracy ${accuracy} on two colours`);
  assert.equal(
    accuracy,
    predictions.filter(({ label, predicted }) => label === predicted).length / predictions.length,
  );
  assert.equal(once.metrics.accuracy, accuracy);
  for (const { id, group, label, probabilities } of predictions) {
    const row = Number(id.slice(5));
    assert.deepEqual([group, label], [`field-${Math.floor(row / 4)}`, row % 2 === 0 ? 'red' : 'blue']);
    assert.ok(Math.abs(probabilities[0]! + probabilities[1]! - 1) < 1e-5);
  }

  // Through the front door of compare, as a fan-in of one coordinate.
  const [evaluations, curves] = [join(folder.path, 'evaluations'), join(folder.path, 'all-curves')];
  for (const [into, from, names] of [
    [evaluations, once.output('evaluation'), ['evaluation.json', 'predictions.jsonl']],
    [curves, trained.output('curves'), ['curves.json']],
  ] as const) {
    mkdirSync(join(into, 'custom-cnn'), { recursive: true });
    for (const name of names) writeFileSync(join(into, 'custom-cnn', name), readFileSync(join(from, name)));
  }
  const compared = await runStage('stages/compare.ts', {
    folder: folder.path,
    inputs: { evaluations, curves },
  });
  const page = readFileSync(join(compared.output('comparison'), 'comparison.html'), 'utf8');
  const { model } = JSON.parse(readFileSync(join(curves, 'custom-cnn/curves.json'), 'utf8')) as Curves;
  assert.ok(page.includes(model) && page.includes('Synthetic data.') && page.includes('How they learned'));
});

/** A copy of a barely trained model, with other bytes in place of its own. */
async function otherModel(
  name: string,
  change: (saved: Record<string, unknown>, weights: Buffer) => object,
): Promise<string> {
  const model = join(folder.path, name);
  barely ??= await runStage('stages/train-per-model.ts', {
    folder: folder.path,
    params: { model: 'stages/models/custom-cnn.ts', epochs: 1, engine: 'wasm' },
    inputs,
  });
  cpSync(barely.output('model'), model, { recursive: true });
  const weights = readFileSync(join(model, 'weights.bin'));
  const saved = change(JSON.parse(readFileSync(join(model, 'model.json'), 'utf8')), weights);
  writeFileSync(join(model, 'weights.bin'), weights);
  writeFileSync(join(model, 'model.json'), JSON.stringify(saved));
  return model;
}
let barely: Awaited<ReturnType<typeof runStage>> | undefined;

const evaluated = (model: string, split = inputs.split) =>
  runStage('stages/evaluate.ts', {
    folder: folder.path,
    params: { engine: 'wasm' },
    inputs: { ...inputs, split, model },
  });

test('a model of other classes is refused', async () => {
  const model = await otherModel('of-others', (saved) => ({ ...saved, classes: ['red', 'green'] }));
  await assert.rejects(evaluated(model), /The model knows the classes red, green, the data has red, blue\./);
});

test('a model that answers with no numbers is refused by name of a cell', async () => {
  const model = await otherModel('of-no-numbers', (saved, weights) => {
    for (let at = 0; at < weights.length; at += 4) weights.writeFloatLE(Number.NaN, at);
    return { ...saved, sha256: createHash('sha256').update(weights).digest('hex') };
  });
  await assert.rejects(evaluated(model), /The model answers cell-\d+ with NaN: its weights hold no numbers/);
});

test('a test part of one class is judged, and what it cannot tell is said', async () => {
  const split = join(folder.path, 'one-class');
  cpSync(inputs.split, split, { recursive: true });
  const rows = readJsonLines<{ part: string; label: number }>(join(split, 'assignment.jsonl'));
  writeFileSync(
    join(split, 'assignment.jsonl'),
    jsonLines(rows.map((row) => (row.part === 'test' && row.label === 1 ? { ...row, part: 'unused' } : row))),
  );
  const run = await evaluated(await otherModel('of-one-class', (saved) => saved), split);
  const read = (name: string): string => readFileSync(join(run.output('evaluation'), name), 'utf8');
  const { n, measures, perClass } = JSON.parse(read('evaluation.json')) as Evaluation;
  assert.equal(n, 8);
  assert.deepEqual([measures.rocMacro.value, perClass[1]!.recall.value], [null, null]);
  const evaluations = join(folder.path, 'evaluations-of-one-class');
  cpSync(run.output('evaluation'), join(evaluations, 'a'), { recursive: true });
  const compared = await runStage('stages/compare.ts', { folder: folder.path, inputs: { evaluations } });
  assert.ok(
    compared.warnings.includes('The test part has no cell of blue: nothing is known of them.'),
    compared.warnings.join('\n'),
  );
});
