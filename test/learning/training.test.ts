import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { StageError } from 'bloodline-ml/stage';
import { openEngine } from '../../stages/engines/engine.ts';
import { anatomy } from '../../stages/learning/anatomy.ts';
import { readAssignment } from '../../stages/learning/assignment.ts';
import { forward } from '../../stages/learning/forward.ts';
import { train } from '../../stages/learning/loop.ts';
import { PLAIN, type Recipe } from '../../stages/learning/recipe.ts';
import { drawWeights, readWeights } from '../../stages/learning/weights.ts';
import { nativeFolder } from '../native-engine.ts';
import { runStage, stageFolder } from '../stage-harness.ts';
import { microData, microNetwork, readPixels } from './micro.ts';
import { webgpuMissing } from './webgpu-here.ts';

const folder = stageFolder();
after(() => folder.remove());
const place = (): string => mkdtempSync(join(folder.path, 't-'));
const engines = [
  { want: 'wasm', skip: false },
  {
    want: 'native',
    skip: nativeFolder() ? false : 'the native engine is not installed: `bloodline engine install`',
  },
] as const;
const recipe: Recipe = {
  epochs: 3,
  batch: 7,
  learningRate: 1e-2,
  ...PLAIN,
  seed: 11,
};
const quiet = (checkpoint: string) => ({
  checkpoint,
  signal: new AbortController().signal,
  progress: () => {},
});

// The same network, weights, images and order given to Keras 3.15.1 on TensorFlow 2.18.1 (float32).
const KERAS = {
  valLoss: [0.8984338641166687, 0.5864765644073486, 0.431914210319519],
  movingMean: [0.03820645, 0.03088733, 0.04848114, 0.03858181, -0.05849519, -0.05298368],
  movingVariance: [0.8643766, 0.3707262, 0.6292018, 0.48736489, 0.55254215, 0.76307482],
  bias: [0.04597624, -0.00694044, -0.02769312],
};

for (const want of ['wasm', 'cpu', 'webgpu'] as const)
  test(`three epochs on ${want} give Keras's weights and losses`, {
    skip: want === 'webgpu' && webgpuMissing,
  }, async () => {
    const engine = await openEngine({ want });
    const at = place();
    const data = await microData(at, { count: 20, size: 9, classes: 3 });
    const { train: cells, validation } = readAssignment(data.split);
    const network = microNetwork(9, 3, { dropout: 0 });
    const pixels = readPixels(data.pixels);
    const trained = train(
      engine,
      network,
      { pixels, train: cells, validation },
      recipe,
      quiet(join(at, 'c')),
    );
    pixels.close();
    const close = (got: ArrayLike<number>, wanted: readonly number[], what: string): void => {
      for (const [i, value] of wanted.entries())
        assert.ok(Math.abs(got[i]! - value) < 1e-4, `${what}[${i}] is ${got[i]}, Keras has ${value}`);
    };
    close(
      trained.history.map(({ valLoss }) => valLoss!),
      KERAS.valLoss,
      'validation loss',
    );
    const weights = readWeights(engine.tf, trained.lastFile, anatomy(network).weights);
    close(weights.get('stem_bn/moving_mean')!.dataSync(), KERAS.movingMean, 'moving mean');
    close(weights.get('stem_bn/moving_variance')!.dataSync(), KERAS.movingVariance, 'moving variance');
    close(weights.get('logits/bias')!.dataSync(), KERAS.bias, 'bias');
    engine.tf.dispose([...weights.values()]);
  });

test('the gradient of the micro network is its slope', async () => {
  const engine = await openEngine({ want: 'cpu' });
  const { tf } = engine;
  const network = microNetwork(9, 3, { dropout: 0 });
  const weights = drawWeights(tf, anatomy(network).weights, 2);
  const images = tf.randomUniform([4, 9, 9, 3], 0, 255, 'float32', 5) as ReturnType<typeof tf.tensor4d>;
  const labels = tf.oneHot(tf.tensor1d([0, 1, 2, 1], 'int32'), 3);
  const training = {
    seed: 1,
    statistics: (_: string, __: number, ...moments: unknown[]) => tf.dispose(moments as never),
  };
  const loss = () =>
    tf.losses.softmaxCrossEntropy(labels, forward(engine, network, weights, images, training)) as ReturnType<
      typeof tf.scalar
    >;
  const trainable = [...weights].filter(([, weight]) => weight.trainable);
  const { grads } = tf.variableGrads(
    loss,
    trainable.map(([, weight]) => weight),
  );
  // Along the gradient of one tensor the loss climbs by |gradient|² for each unit of the way.
  for (const [name, weight] of trainable) {
    const gradient = grads[weight.name]!;
    const square = tf.tidy(() => tf.sum(tf.square(gradient)).dataSync()[0]!);
    const start = weight.clone();
    const way = 2e-3 / Math.sqrt(square);
    const [up, down] = [way, -way].map((step) =>
      tf.tidy(() => {
        weight.assign(tf.add(start, tf.mul(gradient, step)));
        return loss().dataSync()[0]!;
      }),
    );
    weight.assign(start);
    const slope = (up! - down!) / (2 * way);
    assert.ok(
      Math.abs(slope - square) < 0.02 * square + 1e-5,
      `${name}: the slope is ${slope}, the gradient says ${square}`,
    );
  }
  tf.disposeVariables();
});

for (const { want, skip } of engines)
  test(`a training that was killed goes on to the same bytes on ${want}`, { skip }, async () => {
    const engine = await openEngine({ want });
    const at = place();
    const data = await microData(at, { count: 40, size: 9, classes: 3 });
    const { train: cells, validation } = readAssignment(data.split);
    const network = microNetwork(9, 3);
    const pixels = readPixels(data.pixels);
    const parts = { pixels, train: cells, validation };
    const whole = train(engine, network, parts, recipe, quiet(join(at, 'whole')));

    const broken = join(at, 'broken');
    let steps = 0;
    const dying = {
      ...quiet(broken),
      progress: () => {
        if (++steps === 7) throw new Error('killed');
      },
    };
    assert.throws(() => train(engine, network, parts, recipe, dying), /killed/);
    const resumed = train(engine, network, parts, recipe, quiet(broken));
    assert.equal(resumed.resumed, 1);
    assert.deepEqual(resumed.history, whole.history);
    assert.equal(resumed.best, whole.best);
    for (const file of ['bestFile', 'lastFile'] as const)
      assert.ok(readFileSync(resumed[file]).equals(readFileSync(whole[file])), `${file} differs`);
    pixels.close();
  });

test('the stage gives the same bytes twice, other bytes for another seed, and stops early when told', async () => {
  const at = place();
  const data = await microData(at, { count: 40, size: 9, classes: 3 });
  const inputs = { pixels: data.pixels, split: data.split };
  const model = 'test/learning/micro-model.ts';
  const params = { model, epochs: 2, batch: 16, engine: 'wasm', tensorboard: true };
  const files = ['model.json', 'weights.json', 'weights.bin', 'weights-last.bin'];
  const bytes = async (seed: number, repeat = 1): Promise<Buffer> => {
    const given = { folder: at, params: { ...params, repeat }, inputs, seed };
    const stage = await runStage('stages/train-per-model.ts', given);
    return Buffer.concat([
      ...files.map((name) => readFileSync(join(stage.output('model'), name))),
      readFileSync(join(stage.output('curves'), 'curves.json')),
      readFileSync(join(stage.output('curves'), 'tensorboard/validation/events.out.tfevents.0.bloodline')),
    ]);
  };
  const first = await bytes(1);
  assert.ok(first.equals(await bytes(1)), 'two trainings differ');
  assert.ok(!first.equals(await bytes(2)), 'the seed changes nothing');
  assert.ok(!first.equals(await bytes(1, 2)), 'a repeated training is the same');

  const still = { ...params, epochs: 9, learningRate: 1e-30, patience: 2 };
  mkdirSync(join(at, 'early'));
  const early = await runStage('stages/train-per-model.ts', {
    folder: join(at, 'early'),
    params: { ...still, model: 'test/learning/micro-model.ts' },
    inputs,
  });
  const curves = JSON.parse(readFileSync(join(early.output('curves'), 'curves.json'), 'utf8'));
  assert.ok(curves.epochs.length < 9, 'it did not stop');
});

test('a training that diverges says so', async () => {
  const engine = await openEngine({ want: 'wasm' });
  const at = place();
  const data = await microData(at, { count: 20, size: 9, classes: 3 });
  const { train: cells, validation } = readAssignment(data.split);
  const pixels = readPixels(data.pixels);
  assert.throws(
    () =>
      train(
        engine,
        microNetwork(9, 3),
        { pixels, train: cells, validation },
        { ...recipe, epochs: 20, learningRate: 1e30 },
        quiet(join(at, 'c')),
      ),
    (error: unknown) => error instanceof StageError && /diverged/.test(error.message),
  );
  pixels.close();
});
