import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openEngine } from '../../stages/engines/engine.ts';
import { anatomy } from '../../stages/learning/anatomy.ts';
import { readAssignment } from '../../stages/learning/assignment.ts';
import type { AugmentLimits } from '../../stages/learning/augment.ts';
import { freezeLayers, readFreeze } from '../../stages/learning/freeze.ts';
import { newGraph } from '../../stages/learning/graph.ts';
import { type Training, train } from '../../stages/learning/loop.ts';
import { PLAIN, type Recipe } from '../../stages/learning/recipe.ts';
import { drawWeights, readTensors } from '../../stages/learning/weights.ts';
import { nativeFolder } from '../native-engine.ts';
import { stageFolder } from '../stage-harness.ts';
import { microData, microNetwork, readPixels } from './micro.ts';

const folder = stageFolder();
after(() => folder.remove());
const data = await microData(folder.path, { count: 30, size: 9, classes: 3 });
const cpu = await openEngine({ want: 'cpu' });
const network = microNetwork(9, 3);
const { train: cells, validation } = readAssignment(data.split);
const recipe: Recipe = { ...PLAIN, epochs: 2, batch: 7, learningRate: 1e-2, seed: 4 };

function run(
  changes: Partial<Recipe>,
  network = microNetwork(9, 3),
  engine = cpu,
): { trained: Training; files: string[]; moved: string[] } {
  const checkpoint = mkdtempSync(join(folder.path, 'c-'));
  const pixels = readPixels(data.pixels);
  const watch = { checkpoint, signal: new AbortController().signal, progress: () => {} };
  const parts = { pixels, train: cells, validation };
  const trained = train(engine, network, parts, { ...recipe, ...changes }, watch);
  pixels.close();
  const { weights } = anatomy(network);
  const before = drawWeights(engine.tf, weights, recipe.seed);
  const last = readTensors(trained.lastFile, weights);
  const moved = weights
    .filter(({ name }, i) =>
      before
        .get(name)!
        .dataSync()
        .some((value, at) => value !== last[i]![at]),
    )
    .map(({ name }) => name);
  engine.tf.dispose([...before.values()]);
  return { trained, files: readdirSync(checkpoint), moved };
}

test('freeze: all leaves the backbone alone, moving statistics too, and works its features out once', () => {
  const { moved, files } = run({ freeze: 'all' });
  assert.deepEqual(moved, ['logits/kernel', 'logits/bias']);
  assert.deepEqual(files.filter((name) => name.startsWith('features')).sort(), [
    'features-0-training.bin',
    'features-0-validation.bin',
  ]);
});

test('freeze: until a layer freezes it and what lies in front', () => {
  const { moved } = run({ freeze: { until: 'expand' } });
  const roots = [...new Set(moved.map((name) => name.split('/')[0]))];
  assert.deepEqual(roots, ['conv', 'logits']);
});

test('features that were worked out train as the frozen part itself does', () => {
  const cached = run({ freeze: 'all' });
  // With changes of 0 and no turns the images are the same each epoch, but nothing may be kept.
  const still: AugmentLimits = { turn: false, shift: 0, contrast: 0, brightness: 0 };
  const live = run({ freeze: 'all', augment: still, augmentFrozen: true });
  assert.ok(!live.files.includes('features-0-training.bin'));
  assert.equal(live.trained.history.length, cached.trained.history.length);
  for (const [i, { loss, valLoss }] of cached.trained.history.entries()) {
    // In batches of another order, so with other last bits.
    assert.ok(Math.abs(loss - live.trained.history[i]!.loss) < 1e-5);
    assert.ok(Math.abs(valLoss! - live.trained.history[i]!.valLoss!) < 1e-5);
  }
});

test('headEpochs: first the head, then all, at a lower rate', () => {
  const { moved, trained } = run({ headEpochs: 1, thawedRate: 0.25 });
  assert.ok(moved.includes('stem/kernel'));
  assert.deepEqual(
    trained.history.map(({ learningRate }) => learningRate),
    [1e-2, 2.5e-3],
  );
  const head = run({ headEpochs: 1, thawedRate: 1e-30 });
  assert.deepEqual(
    head.moved.filter((name) => /kernel$/.test(name)),
    ['logits/kernel'],
  );
});

test('a microbatch gives the step of the batch where batch norm does not learn', () => {
  const freeze = { until: 'stem_bn' };
  const dry = microNetwork(9, 3, { dropout: 0 });
  const whole = run({ freeze, classWeights: [1, 2, 3] }, dry).trained.history;
  const parts = run({ freeze, classWeights: [1, 2, 3], microbatch: 3 }, dry).trained.history;
  for (const [i, { loss, valLoss }] of whole.entries()) {
    // Sums in another order.
    assert.ok(Math.abs(loss - parts[i]!.loss) < 1e-5);
    assert.ok(Math.abs(valLoss! - parts[i]!.valLoss!) < 1e-5);
  }
});

test('what cannot be frozen is named', () => {
  assert.throws(() => readFreeze('some'), /expected to be none, all or until LAYER, got "some"/);
  assert.deepEqual(readFreeze('until block1'), { until: 'block1' });
  assert.throws(() => freezeLayers(network, { until: 'nowhere' }), /no such layer/);
  assert.throws(() => freezeLayers(network, { until: 'logits' }), /Nothing is left to learn/);
  assert.throws(() => run({ headEpochs: 2 }), /headEpochs is 2 of 2 epochs/);
  assert.throws(() => run({ headEpochs: 1, freeze: 'all' }), /freeze: all that it never does/);
});

test('the networks of the pipeline are cut behind the mean of their features', async () => {
  for (const [name, layer] of [
    ['custom-cnn', 'avg_pool'],
    ['vgg16', 'avg_pool'],
    ['efficientnet-b4', 'avg_pool'],
  ] as const) {
    const model = await import(`../../stages/models/${name}.js`);
    const { cut } = freezeLayers(model.default({ size: 64, classes: 4, graph: newGraph() }), 'all');
    assert.equal(cut?.body.output, layer, name);
  }
});

// Last: an engine that is opened takes tfjs over.
for (const want of ['wasm', 'native'] as const) {
  const skip =
    want === 'native' && !nativeFolder()
      ? 'the native engine is not installed: `bloodline engine install`'
      : false;
  test(`${want} trains what the plain engine trains, to its numbers`, { skip }, async () => {
    const recipes: Partial<Recipe>[] = [
      { freeze: { until: 'expand' } },
      { freeze: 'all' },
      { microbatch: 4 },
      { clipNorm: 0.1, ema: 0.5, labelSmoothing: 0.2, classWeights: [1, 2, 3], mixup: 0.3 },
    ];
    const plain = await openEngine({ want: 'cpu' });
    const wanted = recipes.map((recipe) => run(recipe, network, plain));
    const engine = await openEngine({ want });
    for (const [i, recipe] of recipes.entries()) {
      const { moved, trained } = run(recipe, network, engine);
      assert.deepEqual(moved, wanted[i]!.moved);
      for (const [epoch, { loss, valLoss }] of trained.history.entries()) {
        const { loss: l, valLoss: v } = wanted[i]!.trained.history[epoch]!;
        assert.ok(Math.abs(loss - l) < 1e-4, `${JSON.stringify(recipe)}: loss ${loss}, not ${l}`);
        assert.ok(Math.abs(valLoss! - v!) < 1e-3, `${JSON.stringify(recipe)}: ${valLoss}, not ${v}`);
      }
    }
  });
}
