import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Scalar, Tensor2D, Tensor4D } from '@tensorflow/tfjs';
import { type Engine, openEngine } from '../../stages/engines/engine.ts';
import { random } from '../../stages/imaging/random.ts';
import { anatomy } from '../../stages/learning/anatomy.ts';
import type { Precision } from '../../stages/learning/forward.ts';
import { freezeLayers } from '../../stages/learning/freeze.ts';
import { gradientsOf, type Pass } from '../../stages/learning/gradients.ts';
import { newGraph } from '../../stages/learning/graph.ts';
import { infer } from '../../stages/learning/infer.ts';
import type { Network } from '../../stages/learning/network.ts';
import { drawWeights } from '../../stages/learning/weights.ts';
import { nativeMissing } from '../native-engine.ts';
import { microNetwork } from './micro.ts';

// The engines' own training passes against tfjs's tape on tfjs's cpu backend, which is plain JavaScript.

const engines = [
  { want: 'native', skip: nativeMissing },
  { want: 'wasm', skip: false },
] as const;

const CLASSES = 3;
const BATCH = 5;

/** What the micro-network has not: each activation after batch norm and by itself, wide layers, a tail of channels. */
function plainNetwork(size: number): Network {
  const g = newGraph();
  let x = g.input('input', { size });
  for (const [index, [activation, filters]] of (
    [
      ['relu', 21],
      ['swish', 40],
      ['linear', 33],
    ] as const
  ).entries()) {
    x = g.convolution(x, `conv${index}`, { filters, kernel: 3, padding: 'same', bias: index === 1 });
    x = g.batchNorm(x, `bn${index}`);
    if (activation !== 'linear') x = g.activation(x, `activation${index}`, activation);
    if (index < 2) x = g.depthwise(x, `depthwise${index}`, { kernel: index ? 5 : 3, padding: 'same' });
  }
  x = g.maxPool(x, 'overlapping', { size: 3, stride: 2 });
  x = g.activation(x, 'relu', 'relu');
  const features = g.maxPool(x, 'pool');
  x = g.globalAveragePool(features, 'avg_pool');
  x = g.dense(x, 'dense', { units: 19, activation: 'sigmoid' });
  x = g.dense(x, 'dense2', { units: 17, activation: 'swish' });
  return g.network({ features, output: g.dense(x, 'logits', { units: CLASSES }) });
}

/** What stays bfloat16 from layer to layer, beside what does not: read twice, by what takes float32, by few rows. */
function convolutions(size: number): Network {
  const g = newGraph();
  const relu = { kernel: 3, padding: 'same', activation: 'relu' } as const;
  let x = g.convolution(g.input('input', { size }), 'conv1', { ...relu, filters: 12 });
  const one = g.convolution(x, 'conv2', { ...relu, filters: 12 });
  x = g.maxPool(g.add([x, one], 'add'), 'pool1');
  const two = g.convolution(x, 'conv3', { ...relu, filters: 20, kernel: 1 });
  x = g.maxPool(two, 'pool2', { size: 3, stride: 2 });
  x = g.maxPool(g.convolution(x, 'conv4', { ...relu, filters: 16 }), 'pool3');
  const features = g.convolution(x, 'conv5', { ...relu, filters: 9 });
  x = g.dense(g.globalAveragePool(features, 'avg_pool'), 'logits', { units: CLASSES });
  return g.network({ features, output: x });
}

/** Name, size, network, the layer up to which it is frozen. */
const networks: [string, number, Network, string?][] = [
  ['the parts of EfficientNet, even', 16, microNetwork(16, CLASSES)],
  ['the parts of EfficientNet, odd', 15, microNetwork(15, CLASSES)],
  ['the parts of EfficientNet, frozen within a block', 15, microNetwork(15, CLASSES), 'squeeze'],
  ['the other layers', 13, plainNetwork(13)],
  ['convolutions with a ReLU, even', 20, convolutions(20)],
  ['convolutions with a ReLU, odd', 21, convolutions(21)],
];

function compute(
  engine: Engine,
  network: Network,
  size: number,
  {
    precision = 'float32',
    until,
  }: { readonly precision?: Precision; readonly until?: string | undefined } = {},
): Map<string, Float32Array> {
  const { tf } = engine;
  const weights = drawWeights(tf, anatomy(network).weights, 3);
  const { layers: frozen, learning } = freezeLayers(network, until ? { until } : 'none');
  for (const [name, weight] of weights) weight.trainable = learning.includes(name);
  const before = tf.memory().numTensors;
  const draw = random(5, 'images');
  const values = Float32Array.from({ length: BATCH * size * size * 3 }, () => draw.uniform(0, 255));
  const images: Tensor4D = tf.tensor4d(values, [BATCH, size, size, 3]);
  const results = new Map<string, Float32Array>();
  const note = (name: string, tensor: { dataSync(): unknown }) =>
    results.set(name, Float32Array.from(tensor.dataSync() as Float32Array));
  const pass: Pass = {
    engine,
    network,
    weights,
    images,
    training: {
      seed: 4,
      precision,
      frozen,
      statistics: (layer, _, mean, variance) => {
        note(`${layer} mean`, mean);
        note(`${layer} variance`, variance);
        tf.dispose([mean, variance]);
      },
    },
    loss: (logits: Tensor2D): Scalar => {
      const labels = tf.oneHot(
        tf.tensor1d(
          Array.from({ length: BATCH }, (_, i) => i % CLASSES),
          'int32',
        ),
        CLASSES,
      );
      return tf.losses.softmaxCrossEntropy(labels, logits) as Scalar;
    },
  };
  const passed = engine.gradients ? engine.gradients(pass) : gradientsOf(pass);
  assert.ok(passed, 'an engine’s own pass does not go through this network');
  note('logits', passed.logits);
  note('loss', passed.value);
  for (const [name, gradient] of passed.gradients) note(name, gradient);
  tf.dispose([images, passed.logits, passed.value, ...passed.gradients.values()]);
  assert.equal(tf.memory().numTensors, before, 'tensors are left behind');
  tf.dispose([...weights.values()]);
  return results;
}

for (const { want, skip } of engines)
  test(`${want}: the pass gives the values and gradients of the tape`, { skip }, async (t) => {
    const reference = await openEngine({ want: 'cpu' });
    const wanted = networks.map(([, size, network, until]) => compute(reference, network, size, { until }));
    const engine = await openEngine({ want });
    if (!engine.gradients)
      return t.skip('this engine was installed without kernels: `bloodline engine install`');
    for (const [index, [name, size, network, until]] of networks.entries())
      await t.test(name, () => {
        const got = compute(engine, network, size, { until });
        const expected = wanted[index]!;
        assert.deepEqual([...got.keys()].sort(), [...expected.keys()].sort());
        for (const [what, values] of expected) {
          let [most, apart] = [0, 0];
          for (const [i, value] of values.entries()) {
            most = Math.max(most, Math.abs(value));
            const distance = Math.abs(value - got.get(what)![i]!);
            apart = Number.isNaN(distance) ? Number.POSITIVE_INFINITY : Math.max(apart, distance);
          }
          // A bias before batch norm has no gradient but for rounding.
          assert.ok(apart < 5e-5 * most + 5e-7, `${what} is ${apart} off, of ${most}`);
        }
        assert.deepEqual(compute(engine, network, size, { until }), got, 'the same bytes again');
      });
  });

test('native: bfloat16 comes near', { skip: nativeMissing }, async (t) => {
  const engine = await openEngine({ want: 'native' });
  if (!engine.gradients)
    return t.skip('this engine was installed without kernels: `bloodline engine install`');
  for (const [name, size, network, until] of networks) {
    const exact = compute(engine, network, size, { until });
    const rough = compute(engine, network, size, { until, precision: 'bfloat16' });
    let [product, a, b] = [0, 0, 0];
    for (const [what, values] of exact)
      if (what.includes('/'))
        for (const [i, value] of values.entries()) {
          const other = rough.get(what)![i]!;
          product += value * other;
          a += value * value;
          b += other * other;
        }
    const cosine = product / Math.sqrt(a * b);
    assert.ok(cosine > 0.99 && cosine < 1 - 1e-9, `${name}: the cosine of the gradients is ${cosine}`);
  }
});

for (const { want, skip } of engines)
  test(`${want}: inference is that of the layers one by one`, { skip }, async (t) => {
    const engine = await openEngine({ want });
    if (!engine.logits)
      return t.skip('this engine was installed without kernels: `bloodline engine install`');
    const { logits: _, ...plain } = engine;
    for (const [, size, network] of networks) {
      const weights = drawWeights(engine.tf, anatomy(network).weights, 3);
      const draw = random(6, 'bytes');
      const bytes = Uint8Array.from({ length: 2 * size * size * 3 }, () => draw.integer(256));
      const before = engine.tf.memory().numTensors;
      const got = infer(engine, network, weights, bytes);
      assert.equal(engine.tf.memory().numTensors, before, 'tensors are left behind');
      for (const [i, value] of infer(plain, network, weights, bytes).entries())
        assert.ok(Math.abs(value - got[i]!) < 1e-5 * (1 + Math.abs(value)), `${value} and ${got[i]}`);
      engine.tf.dispose([...weights.values()]);
    }
  });
