import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readJsonLines } from '../../stages/imaging/samples.ts';
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

test('a model of other classes is refused', async () => {
  const model = join(folder.path, 'model-of-others');
  const trained = await runStage('stages/train-per-model.ts', {
    folder: folder.path,
    params: { model: 'stages/models/custom-cnn.ts', epochs: 1, engine: 'wasm' },
    inputs,
  });
  mkdirSync(model);
  for (const name of ['weights.bin', 'weights.json'])
    writeFileSync(join(model, name), readFileSync(join(trained.output('model'), name)));
  const saved = JSON.parse(readFileSync(join(trained.output('model'), 'model.json'), 'utf8'));
  writeFileSync(join(model, 'model.json'), JSON.stringify({ ...saved, classes: ['red', 'green'] }));
  await assert.rejects(
    runStage('stages/evaluate.ts', {
      folder: folder.path,
      params: { engine: 'wasm' },
      inputs: { ...inputs, model },
    }),
    /The model knows the classes red, green, the data has red, blue\./,
  );
});
