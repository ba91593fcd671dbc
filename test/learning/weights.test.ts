import assert from 'node:assert/strict';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { StageError } from 'bloodline-ml/stage';
import type { Group } from 'h5wasm';
import h5, { ready } from 'h5wasm/node';
import { microNetworks } from '../../bench/parity/micro-networks.ts';
import { weightValues } from '../../bench/parity/numbers.ts';
import { anatomy } from '../../stages/learning/anatomy.ts';
import type { Network } from '../../stages/learning/network.ts';
import { openWeights } from '../../stages/weights/initial-weights.ts';
import { matchWeights } from '../../stages/weights/match-weights.ts';
import { kindOf } from '../../stages/weights/stored-weights.ts';
import { runStage, stageFolder } from '../stage-harness.ts';
import { microData, microNetwork } from './micro.ts';

/** Files that Keras wrote (bench/parity/micro.py). */
const keras = resolve(fileURLToPath(new URL('../../../test/learning/keras', import.meta.url)));
const folder = stageFolder();
after(() => folder.remove());
const place = (name: string): string => join(mkdtempSync(join(folder.path, 'w-')), name);
const networks = microNetworks();
const cnn = networks['custom-cnn']!;

/** A tensor of a file that a test writes. */
type Values = Float32Array | BigInt64Array;
type Written = Readonly<
  Record<string, Readonly<Record<string, readonly [shape: readonly number[], values: Values]>>>
>;

/** All weights of a network, by layer and tensor. */
function written(network: Network): Written {
  const layers: Record<string, Record<string, readonly [readonly number[], Values]>> = {};
  for (const { name, shape } of anatomy(network).weights) {
    const [layer, tensor] = name.split('/') as [string, string];
    const values = tensor === 'count' ? new BigInt64Array(1) : weightValues(name, shape);
    layers[layer] = { ...layers[layer], [tensor]: [shape, values] };
  }
  return layers;
}

const put = (group: Group, name: string, [shape, data]: readonly [readonly number[], Values]): void =>
  void group.create_dataset({
    name,
    data,
    shape: [...shape],
    dtype: data instanceof Float32Array ? '<f' : '<q',
  });

/** The layout of keras.applications. */
async function writeLegacy(
  layers: Written,
  tensorName = (layer: string, tensor: string) => `${layer}/${tensor}:0`,
) {
  await ready;
  const path = place('weights.h5');
  const file = new h5.File(path, 'w');
  file.create_attribute('layer_names', Object.keys(layers));
  for (const [layer, tensors] of Object.entries(layers)) {
    const group = file.create_group(layer);
    const names = Object.keys(tensors).map((tensor) => tensorName(layer, tensor));
    group.create_attribute('weight_names', names);
    for (const [index, value] of Object.values(tensors).entries()) {
      const parts = names[index]!.split('/');
      let at: Group = group;
      for (const part of parts.slice(0, -1))
        at = (at.keys().includes(part) ? at.get(part) : at.create_group(part)) as Group;
      put(at, parts.at(-1)!, value);
    }
  }
  file.close();
  return path;
}

const match = async (path: string, network = cnn, part: 'backbone' | 'whole' = 'backbone') => {
  const stored = await openWeights(path);
  try {
    return matchWeights(network, stored, part);
  } finally {
    stored.close();
  }
};

const refused = (path: string, message: RegExp, network = cnn) =>
  assert.rejects(
    match(path, network),
    (error: unknown) =>
      error instanceof StageError && message.test(error.message) && error.help !== undefined,
  );

describe('weights of Keras', () => {
  for (const name of ['custom-cnn-legacy.h5', 'custom-cnn.weights.h5'])
    test(`${name}: every number arrives at its place`, async () => {
      const { values, leftOut } = await match(join(keras, name), cnn, 'whole');
      assert.deepEqual(leftOut, []);
      const specs = anatomy(cnn).weights;
      assert.deepEqual(
        [...values.keys()],
        specs.map((spec) => spec.name),
      );
      for (const { name, shape } of specs)
        assert.deepEqual(values.get(name), weightValues(name, shape), name);
    });

  test('of a whole network the backbone is taken, and the head left out by name', async () => {
    const { values, leftOut } = await match(join(keras, 'custom-cnn-legacy.h5'));
    assert.deepEqual(leftOut, ['head_dense', 'logits']);
    assert.equal(values.size, anatomy(cnn).weights.length - 4);
  });

  test('tensors called as in 2016 (block1_conv1_W_1:0) are taken in order', async () => {
    const { vgg16 } = networks;
    const old = await writeLegacy(
      written(vgg16!),
      (layer, tensor) => `${layer}_${tensor === 'kernel' ? 'W' : 'b'}_1:0`,
    );
    const { values } = await match(old, vgg16);
    const [name, shape] = ['block3_conv2/kernel', [3, 3, 16, 16]] as const;
    assert.deepEqual(values.get(name), weightValues(name, shape));
  });

  test('a model inside a model is looked into', async () => {
    const { logits, ...backbone } = written(cnn);
    const inner: Record<string, readonly [readonly number[], Values]> = {};
    for (const [layer, tensors] of Object.entries(backbone))
      for (const [tensor, value] of Object.entries(tensors)) inner[`${layer}|${tensor}`] = value;
    const path = await writeLegacy({ functional: inner, logits: logits! }, (layer, tensor) =>
      layer === 'functional' ? `${tensor.replace('|', '/')}:0` : `${layer}/${tensor}:0`,
    );
    const { values } = await match(path, cnn, 'whole');
    assert.deepEqual(values.get('block4_bn/beta'), weightValues('block4_bn/beta', [32]));
  });

  test('a .weights.h5 that names no layers is matched by class and order', async () => {
    const network = networks['efficientnet-b4']!;
    await ready;
    const path = place('old.weights.h5');
    const file = new h5.File(path, 'w');
    const layers = file.create_group('layers');
    const count: Record<string, number> = {};
    const all = written(network);
    for (const layer of network.layers) {
      const [kind, tensors] = [kindOf(layer), all[layer.name]];
      if (kind === null || !tensors) continue;
      const index = count[kind] ?? 0;
      count[kind] = index + 1;
      const group = layers.create_group(index === 0 ? kind : `${kind}_${index}`).create_group('vars');
      for (const [at, value] of Object.values(tensors).entries()) put(group, String(at), value);
    }
    layers.create_group('dropout').create_group('seed_generator').create_group('vars');
    file.close();
    const { values } = await match(path, network, 'whole');
    for (const { name, shape } of anatomy(network).weights)
      assert.deepEqual(values.get(name), weightValues(name, shape), name);
  });

  test('a layer that Keras counted on (normalization_1) is known', async () => {
    const network = networks['efficientnet-b4']!;
    const { normalization, ...rest } = written(network);
    const { values } = await match(
      await writeLegacy({ ...rest, normalization_1: normalization! }),
      network,
      'whole',
    );
    assert.equal(values.size, anatomy(network).weights.length);
  });

  test('deviations of ImageNet as variances mean keras.applications’ second rescaling', async () => {
    const network = networks['efficientnet-b4']!;
    const imagenet = async (variance: readonly number[]): Promise<boolean> => {
      const layers = written(network);
      const normalization = {
        ...layers['normalization'],
        variance: [[3], Float32Array.from(variance)] as const,
      };
      const stored = await openWeights(await writeLegacy({ ...layers, normalization }));
      stored.close();
      return stored.imagenet;
    };
    assert.equal(await imagenet([0.229, 0.224, 0.225]), true);
    assert.equal(await imagenet([1, 1, 1]), false);
  });
});

describe('weights that do not fit are refused', () => {
  test('of another network: what is missing and what is over', async () => {
    const path = join(keras, 'custom-cnn.weights.h5');
    await refused(
      path,
      /^The weights given \(a file of Keras\) do not fit: .*block1_conv1.*; and \d+ more\.$/,
      networks['vgg16'],
    );
  });

  test('a layer missing, one over, a tensor of another shape, each by name', async () => {
    const layers = written(cnn);
    const { block2_conv: _, ...without } = layers;
    await refused(await writeLegacy(without), /do not fit: block2_conv is missing\./);
    const extra = { kernel: [[1, 1, 2, 2], new Float32Array(4)] as const };
    await refused(
      await writeLegacy({ ...layers, block5_conv: extra }),
      /do not fit: block5_conv is not in the network\./,
    );
    const other = { kernel: [[3, 3, 3, 8], new Float32Array(216)] as const };
    await refused(
      await writeLegacy({ ...layers, block1_conv: other }),
      /do not fit: block1_conv\/kernel is 3×3×3×8, not 3×3×3×4\./,
    );
    const { gamma: __, ...rest } = layers['block1_bn']!;
    await refused(
      await writeLegacy({ ...layers, block1_bn: rest }),
      /block1_bn has the tensors beta, moving_mean, moving_variance in the file, gamma, beta, moving_mean, moving_variance in the network/,
    );
  });

  test('numbers that are none, with their place', async () => {
    const layers = written(cnn);
    const beta = weightValues('block3_bn/beta', [16]);
    beta[5] = Number.NaN;
    await refused(
      await writeLegacy({ ...layers, block3_bn: { ...layers['block3_bn'], beta: [[16], beta] } }),
      /do not fit: block3_bn\/beta\[5\] is NaN\./,
    );
  });

  test('files that are no HDF5, or only part of one', async () => {
    const file = (bytes: Buffer | string): string => {
      const path = place('x.h5');
      writeFileSync(path, bytes);
      return path;
    };
    const whole = readFileSync(join(keras, 'custom-cnn-legacy.h5'));
    await refused(file(''), /is empty, not a file of weights/);
    await refused(file('<!DOCTYPE html><title>Sign in'), /is a web page, not a file of weights/);
    await refused(file('PK\x03\x04'), /is a zip archive \(a \.keras file has its weights inside/);
    await refused(file('GIF89a'), /is no HDF5, not a file of weights/);
    await refused(
      file(whole.subarray(0, whole.length / 2)),
      /^The file of weights cannot be read: truncated file\.$/,
    );
    await ready;
    const path = place('empty.h5');
    const other = new h5.File(path, 'w');
    other.create_group('pictures');
    other.close();
    await refused(path, /is HDF5, but holds none of Keras/);
  });
});

describe('the stage begins with weights', () => {
  let data: { pixels: string; split: string };
  let own: string;
  const params = { model: 'test/learning/micro-model.ts', epochs: 1, batch: 16, engine: 'wasm' };
  // So small a step that the weights stay.
  const still = { ...params, learningRate: 1e-30 };
  before(async () => {
    data = await microData(folder.path, { count: 30, size: 9, classes: 3 });
    own = (await runStage('stages/train-per-model.ts', { folder: folder.path, params, inputs: data })).output(
      'model',
    );
  });
  const tensors = (model: string): Map<string, string> => {
    const entries = JSON.parse(readFileSync(join(model, 'weights.json'), 'utf8')) as {
      name: string;
      offset: number;
    }[];
    const bytes = readFileSync(join(model, 'weights.bin'));
    return new Map(
      entries.map(({ name, offset }, i) => [
        name,
        bytes.subarray(offset, entries[i + 1]?.offset).toString('hex'),
      ]),
    );
  };

  test('of a model that it made before: the backbone is the same, the head is drawn', async () => {
    const stage = await runStage('stages/train-per-model.ts', {
      folder: folder.path,
      params: still,
      inputs: { ...data, weights: own },
      seed: 2,
    });
    const [before, now] = [tensors(own), tensors(stage.output('model'))];
    assert.equal(now.get('conv/kernel'), before.get('conv/kernel'));
    assert.notEqual(now.get('logits/kernel'), before.get('logits/kernel'));
    assert.equal(stage.facts['weights left out'], 'logits');
    assert.match(
      String(stage.facts['weights taken']),
      /^\d+ tensors, \d+ numbers, of the model Micro of 3 classes$/,
    );
  });

  test('of a file of Keras', async () => {
    const path = await writeLegacy(written(microNetwork(9, 3)));
    const stage = await runStage('stages/train-per-model.ts', {
      folder: folder.path,
      params: still,
      inputs: { ...data, weights: path },
    });
    const wanted = weightValues('stem/kernel', [3, 3, 3, 6]);
    assert.equal(
      tensors(stage.output('model')).get('stem/kernel'),
      Buffer.from(wanted.buffer).toString('hex'),
    );
  });

  test('not of a folder whose parts belong to different models', async () => {
    const broken = join(folder.path, 'broken');
    cpSync(own, broken, { recursive: true });
    const bytes = readFileSync(join(own, 'weights.bin'));
    bytes[8] = bytes[8]! ^ 1;
    writeFileSync(join(broken, 'weights.bin'), bytes);
    await assert.rejects(
      openWeights(broken),
      /weights\.bin has the sha256 .*: it belongs to another model\./,
    );
    copyFileSync(join(own, 'weights.bin'), join(broken, 'weights.bin'));
    const model = JSON.parse(readFileSync(join(own, 'model.json'), 'utf8'));
    const changed = (change: object): void =>
      writeFileSync(join(broken, 'model.json'), JSON.stringify({ ...model, ...change }));
    changed({ classes: [...model.classes, 'one more'] });
    await assert.rejects(openWeights(broken), /names 4 classes, and its network tells 3 apart/);
    changed({ classes: ['a', 'b', 'a'] });
    await assert.rejects(openWeights(broken), /names the class "a" twice/);
    writeFileSync(join(broken, 'model.json'), '{');
    await assert.rejects(openWeights(broken), /model\.json cannot be read/);
    mkdirSync(join(folder.path, 'nothing'));
    await assert.rejects(openWeights(join(folder.path, 'nothing')), /There is no trained model in/);
  });
});
