import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openEngine } from '../../stages/engines/engine.ts';
import { anatomy } from '../../stages/learning/anatomy.ts';
import { readAssignment } from '../../stages/learning/assignment.ts';
import { newGraph } from '../../stages/learning/graph.ts';
import { train } from '../../stages/learning/loop.ts';
import type { Model } from '../../stages/learning/model.ts';
import type { Network } from '../../stages/learning/network.ts';
import { PLAIN } from '../../stages/learning/recipe.ts';
import { loadModel, saveModel } from '../../stages/learning/saved-model.ts';
import { microData, readPixels } from './micro.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const folder = mkdtempSync(join(tmpdir(), 'bloodline-models-'));
after(() => rmSync(folder, { recursive: true, force: true }));

// Before the first test: one that is reached between tests would let `after` run in the middle.
const size = 32;
const data = await microData(folder, { count: 12, size, classes: 2 });
const engine = await openEngine({ want: 'wasm' });

const files = readdirSync(join(root, 'stages/models')).filter((name) => name.endsWith('.ts'));
const load = async (file: string): Promise<Model> =>
  (await import(join(root, 'dist/stages/models', file.replace('.ts', '.js')))) as Model;
const weightsOf = async (file: string) =>
  anatomy((await load(file)).default({ size: 64, classes: 5, graph: newGraph() }));

test('EfficientNetB4 has the tensors of Keras, name by name, and 17,673,823 parameters without its head', async () => {
  const { weights, parameters } = await weightsOf('efficientnet-b4.ts');
  assert.equal(parameters.backbone, 17_673_823);
  const lines = readFileSync(join(root, 'test/learning/efficientnet-b4-tensors.txt'), 'utf8')
    .trim()
    .split('\n');
  const keras = lines.flatMap((line) => {
    const [layer, ...tensors] = line.split(' ');
    return tensors.map((tensor) => `${layer}/${tensor}`);
  });
  assert.equal(keras.length, 611);
  assert.deepEqual(
    weights.slice(0, -2).map(({ name, shape }) => `${name}:${shape.join('x')}`),
    keras,
  );
});

test('VGG16 has 14,714,688 parameters without its head, and the published multiply-adds', async () => {
  const { parameters } = await weightsOf('vgg16.ts');
  assert.equal(parameters.backbone, 14_714_688);
  const whole = (await load('vgg16.ts')).default({ size: 224, classes: 1000, graph: newGraph() });
  // 15.47 G with the three dense layers of the paper, which make .12 of them.
  assert.equal(Math.round(anatomy(whole).multAdds / 1e7), 1535);
});

test('the custom CNN has the parameters that its table lists', async () => {
  const { parameters } = await weightsOf('custom-cnn.ts');
  assert.equal(parameters.total, 864 + 128 + 18_432 + 256 + 73_728 + 512 + 294_912 + 1_024 + 32_896 + 645);
});

test('a network says where images are too small for it', async () => {
  const model = await load('vgg16.ts');
  const network = model.default({ size: 16, classes: 2, graph: newGraph() });
  assert.throws(() => anatomy(network), /too small for this network: nothing is left at block5_pool/);
});

/** So that two steps are enough to see the loss fall. */
const withoutDropout = (network: Network): Network => ({
  ...network,
  layers: network.layers.map((layer) => (layer.op === 'dropout' ? { ...layer, rate: 0 } : layer)),
});

for (const file of files)
  test(`${file} says what it is, learns, and survives save and load`, async () => {
    const model = await load(file);
    for (const text of [model.name, model.paper, model.preprocessing]) assert.ok(text.length > 0);
    const { classes, train: cells, test: held } = readAssignment(data.split);
    const network = withoutDropout(model.default({ size, classes: classes.length, graph: newGraph() }));
    const pixels = readPixels(data.pixels);
    const watch = {
      checkpoint: join(folder, file),
      signal: new AbortController().signal,
      progress: () => {},
    };
    const { learningRate } = model.defaults;
    const recipe = { ...PLAIN, epochs: 2, batch: 9, learningRate };
    const trained = train(
      engine,
      network,
      { pixels, train: cells, validation: held },
      { ...recipe, seed: 3 },
      watch,
    );
    const losses = trained.history.map(({ loss }) => loss);
    assert.ok(losses.at(-1)! < losses[0]!, `the loss does not fall: ${losses.join(' ')}`);

    const saved = join(folder, `${file}-saved`);
    const { name, paper, preprocessing } = model;
    const epoch = { best: trained.best, last: trained.history.length };
    await saveModel(
      saved,
      { name, paper, preprocessing, size, classes, epoch, network },
      { best: trained.bestFile, last: trained.lastFile },
    );
    const loaded = await loadModel(saved, engine);
    const images = new Uint8Array(held.rows.length * pixels.rowBytes);
    pixels.read(held.rows, images);
    const probabilities = loaded.predict(images);
    loaded.dispose();
    pixels.close();
    const loss =
      held.labels.reduce((sum, label, i) => sum - Math.log(probabilities[i * classes.length + label]!), 0) /
      held.labels.length;
    assert.ok(Math.abs(loss - trained.history[trained.best - 1]!.valLoss!) < 1e-5, 'other predictions');
    assert.equal(engine.tf.memory().numTensors, 0, 'tensors are left');
  });
