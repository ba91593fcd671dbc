import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { StageError } from 'bloodline-ml/stage';
import { openEngine } from '../../stages/engines/engine.ts';
import { readAssignment } from '../../stages/learning/assignment.ts';
import { train } from '../../stages/learning/loop.ts';
import { PLAIN } from '../../stages/learning/recipe.ts';
import { runStage, stageFolder } from '../stage-harness.ts';
import { microData, microNetwork, readPixels } from './micro.ts';

const folder = stageFolder();
after(() => folder.remove());
const place = (): string => mkdtempSync(join(folder.path, 'o-'));

test('a batch larger than the data, a class missing in validation, microbatches under batch norm: trained, and said', async () => {
  const data = await microData(place(), { count: 40, size: 9, classes: 3 });
  const { classes } = readAssignment(data.split);
  const lines = Array.from({ length: 40 }, (_, row) => {
    const label = row % 3;
    const part = row < 28 ? 'train' : label === 2 ? 'unused' : row < 34 ? 'validation' : 'test';
    return JSON.stringify({ row, id: `cell-${row}`, label, group: `${row}`, part, augmented: false });
  });
  writeFileSync(join(data.split, 'assignment.jsonl'), `${lines.join('\n')}\n`);
  const params = {
    model: 'test/learning/micro-model.ts',
    epochs: 1,
    batch: 64,
    microbatch: 8,
    engine: 'wasm',
  };
  const { warnings, metrics } = await runStage('stages/train-per-model.ts', {
    folder: place(),
    params,
    inputs: { pixels: data.pixels, split: data.split },
  });
  assert.ok(metrics['validation loss']! > 0);
  assert.equal(warnings.length, 3);
  assert.match(warnings[0]!, new RegExp(`No validation cell is of class ${classes[2]}`));
  assert.match(warnings[1]!, /batch of 64 is more than the 28 training cells/);
  assert.match(warnings[2]!, /microbatch: 8 is another function than batch: 64 here: batch norm \(stem_bn/);
});

test('a training that explodes says step, rate, the last good loss, and where the last good weights are', async () => {
  const engine = await openEngine({ want: 'cpu' });
  const data = await microData(place(), { count: 20, size: 9, classes: 3 });
  const { train: cells, validation } = readAssignment(data.split);
  const pixels = readPixels(data.pixels);
  const checkpoint = place();
  // One good epoch of two steps, then a rate beyond all reason.
  const recipe = {
    ...PLAIN,
    epochs: 5,
    batch: 7,
    headEpochs: 1,
    learningRate: 1e-3,
    thawedRate: 1e33,
    seed: 1,
  };
  const watch = { checkpoint, signal: new AbortController().signal, progress: () => {} };
  const parts = { pixels, train: cells, validation };
  assert.throws(
    () => train(engine, microNetwork(9, 3), parts, recipe, watch),
    (error: unknown) => {
      assert.ok(error instanceof StageError);
      assert.match(
        error.message,
        /^The training diverged: at step 4, in epoch 2, at a learning rate of 1e\+30, the loss is \S+\. The last good one was \S+ at step 3\. The checkpoint of epoch 1 stays in \//,
      );
      assert.match(error.help!, /learningRate.*clipNorm/);
      return true;
    },
  );
  pixels.close();
  assert.ok(existsSync(join(checkpoint, 'weights-1.bin')));
  assert.ok(!existsSync(join(checkpoint, 'weights-2.bin')));
});

test('frozen layers that nobody trained are said', async () => {
  const data = await microData(place(), { count: 20, size: 9, classes: 3 });
  const { warnings } = await runStage('stages/train-per-model.ts', {
    folder: place(),
    params: {
      model: 'test/learning/micro-model.ts',
      epochs: 1,
      batch: 7,
      freeze: 'until stem_bn',
      engine: 'wasm',
    },
    inputs: { pixels: data.pixels, split: data.split },
  });
  assert.equal(warnings.length, 1);
  assert.match(warnings[0]!, /frozen that were never trained/);
});

test('a head with fewer units than classes is refused', async () => {
  const data = await microData(place(), { count: 20, size: 9, classes: 3 });
  const params = { model: 'test/learning/narrow-model.ts', epochs: 1, engine: 'wasm' };
  const inputs = { pixels: data.pixels, split: data.split };
  await assert.rejects(
    runStage('stages/train-per-model.ts', { folder: place(), params, inputs }),
    /Narrow ends in 2 units, the data has 3 classes: class-0, class-1, class-2\./,
  );
});
