import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs';
import { type Engine, type EngineName, openEngine } from '../../stages/engines/engine.ts';
import { composedOperations } from '../../stages/engines/operations.ts';
import { random } from '../../stages/imaging/random.ts';
import { nativeMissing } from '../native-engine.ts';
import { webgpuMissing } from './webgpu-here.ts';

// Every engine against tfjs's own cpu backend, which is plain JavaScript: gradients of all that networks use.

const engines = [
  { want: 'wasm', skip: false },
  { want: 'native', skip: nativeMissing },
  { want: 'webgpu', skip: webgpuMissing },
] as const;

/** Values between −1 and 1 that do not repeat. */
function noise(engine: Engine, shape: number[], name: string): Tensor {
  const draw = random(5, name);
  const size = shape.reduce((product, side) => product * side, 1);
  return engine.tf.tensor(
    Float32Array.from({ length: size }, () => draw.uniform(-1, 1)),
    shape,
  );
}

/** A function of tensors; what is compared are its value and the gradients of a weighted sum of it. */
interface Case {
  readonly name: string;
  readonly shapes: readonly number[][];
  compute(engine: Engine, inputs: Tensor[]): Tensor;
}

const cases: Case[] = [];
for (const [size, kernel, stride, from, to, pad] of [
  [[16, 16], 3, 1, 5, 7, 'same'],
  [[16, 16], 3, 2, 3, 8, 'same'],
  [[15, 17], 3, 2, 4, 6, 'same'],
  [[12, 12], 3, 1, 8, 20, 'valid'],
  [[9, 9], 1, 1, 16, 12, 'same'],
  [[14, 14], 5, 2, 3, 5, 'same'],
  [[17, 16], 3, 2, 4, 8, 'valid'],
  [[8, 8], 1, 2, 4, 6, 'same'],
] as const)
  cases.push({
    name: `convolution ${size} kernel ${kernel} stride ${stride} ${from} to ${to} ${pad}`,
    shapes: [
      [2, ...size, from],
      [kernel, kernel, from, to],
    ],
    compute: ({ tf }, [x, filter]) => tf.conv2d(x as Tensor4D, filter as Tensor4D, stride, pad),
  });
for (const [size, kernel, stride, channels, pad] of [
  [[16, 16], 3, 1, 8, 'same'],
  [[12, 12], 5, 1, 6, 'same'],
  [[16, 16], 3, 2, 12, 'same'],
  [[15, 15], 5, 2, 5, 'same'],
  [[17, 16], 3, 2, 9, 'valid'],
  [[3, 3], 5, 1, 20, 'same'],
] as const)
  cases.push({
    name: `depthwise ${size} kernel ${kernel} stride ${stride} ${channels} ${pad}`,
    shapes: [
      [2, ...size, channels],
      [kernel, kernel, channels, 1],
    ],
    compute: ({ tf }, [x, filter]) => tf.depthwiseConv2d(x as Tensor4D, filter as Tensor4D, stride, pad),
  });
for (const [size, window, stride, channels, pad] of [
  [[8, 8], 2, 2, 6, 'valid'],
  [[9, 7], 2, 2, 5, 'valid'],
  [[9, 9], 3, 2, 7, 'same'],
] as const)
  cases.push({
    name: `max-pool ${size} window ${window} stride ${stride} ${channels} ${pad}`,
    shapes: [[2, ...size, channels]],
    compute: ({ tf }, [x]) => tf.maxPool(x as Tensor4D, window, stride, pad),
  });
for (const channels of [3, 4, 18])
  cases.push({
    name: `batch norm of ${channels} channels`,
    shapes: [[3, 9, 7, channels], [channels], [channels]],
    compute: ({ tf, operations }, [x, gamma, beta]) => {
      const result = operations.batchNorm(x as Tensor4D, gamma as Tensor1D, beta as Tensor1D, 1e-3);
      tf.dispose([result.mean, result.variance]);
      return result.y;
    },
  });
cases.push(
  { name: 'relu', shapes: [[3, 5, 7]], compute: ({ operations }, [x]) => operations.relu(x!) },
  { name: 'swish', shapes: [[3, 5, 7]], compute: ({ operations }, [x]) => operations.swish(x!) },
  {
    name: 'a product of matrices',
    shapes: [
      [5, 9],
      [9, 4],
    ],
    compute: ({ tf }, [a, b]) => tf.matMul(a!, b!),
  },
  { name: 'sums and means over each run of axes', shapes: [[2, 3, 70, 5]], compute: reductions },
);

function reductions({ tf }: Engine, [x]: Tensor[]): Tensor {
  const runs = [[0], [1], [3], [0, 1], [1, 2], [2, 3], [0, 1, 2], [1, 2, 3], [0, 2]];
  const parts = runs.flatMap((axes) => [
    tf.sum(x!, axes).flatten(),
    tf.mean(x!, axes, true).flatten(),
    tf
      .sum(
        x!,
        axes.map((axis) => axis - 4),
      )
      .flatten(),
  ]);
  return tf.concat(parts as Tensor1D[]);
}

/** Value and gradients, one array each. */
async function results(engine: Engine, { shapes, compute, name }: Case): Promise<Float32Array[]> {
  const { tf } = engine;
  const tensors = tf.tidy(() => {
    const inputs = shapes.map((shape, index) => noise(engine, shape, `${name} ${index}`));
    const value = compute(engine, inputs);
    const weights = noise(engine, value.shape, `${name} weights`);
    const gradients = tf.grads((...xs) => tf.sum(tf.mul(compute(engine, xs), weights)))(inputs);
    return [value, ...gradients];
  });
  return read(engine, tensors);
}

/** The values of tensors, which are disposed of. */
async function read({ tf }: Engine, tensors: Tensor[]): Promise<Float32Array[]> {
  const values = [];
  for (const tensor of tensors) values.push(Float32Array.from(await tensor.data()));
  tf.dispose(tensors);
  return values;
}

/** Largest difference, as a share of the largest value. */
function difference(got: Float32Array, wanted: Float32Array): number {
  assert.equal(got.length, wanted.length);
  let [most, apart] = [1e-30, 0];
  for (const [i, value] of wanted.entries()) {
    most = Math.max(most, Math.abs(value));
    const distance = Math.abs(got[i]! - value);
    apart = Number.isNaN(distance) ? Number.POSITIVE_INFINITY : Math.max(apart, distance);
  }
  return apart / most;
}

const open = (want: EngineName): Promise<Engine> => openEngine({ want });

for (const { want, skip } of engines)
  test(`${want}: every operation and gradient is the cpu backend's`, { skip }, async (t) => {
    const wanted = new Map<string, Float32Array[]>();
    const reference = await open('cpu');
    for (const each of cases) wanted.set(each.name, await results(reference, each));
    const engine = await open(want);
    assert.equal(engine.name, want);
    for (const each of cases)
      await t.test(each.name, async () => {
        const before = engine.tf.memory().numTensors;
        const got = await results(engine, each);
        for (const [index, values] of got.entries()) {
          const apart = difference(values, wanted.get(each.name)![index]!);
          const what = index === 0 ? 'value' : `gradient ${index}`;
          assert.ok(apart < 2e-5, `${what} is ${apart} of the largest value off`);
        }
        assert.equal(engine.tf.memory().numTensors, before, 'tensors are left behind');
        const again = await results(engine, each);
        for (const [index, values] of again.entries()) assert.deepEqual(digest(values), digest(got[index]!));
      });
  });

const digest = (values: Float32Array): string =>
  createHash('sha256')
    .update(Buffer.from(values.buffer, values.byteOffset, values.byteLength))
    .digest('hex');

for (const { want, skip } of engines)
  test(`${want}: batch statistics and Adam are those of composed operations`, { skip }, async () => {
    const run = (engine: Engine): Promise<Float32Array[]> => {
      const { tf, operations } = engine;
      const x = noise(engine, [3, 9, 7, 5], 'x') as Tensor4D;
      const [gamma, beta] = [noise(engine, [5], 'gamma'), noise(engine, [5], 'beta')] as [Tensor1D, Tensor1D];
      const { y, mean, variance } = operations.batchNorm(x, gamma, beta, 1e-3);
      const [weight, m, v] = ['w', 'm', 'v'].map((name) =>
        tf.tidy(() => tf.variable(tf.abs(noise(engine, [3, 7], name)))),
      ) as [ReturnType<typeof tf.variable>, ReturnType<typeof tf.variable>, ReturnType<typeof tf.variable>];
      const gradient = noise(engine, [3, 7], 'gradient');
      // A copy made before a step keeps its values.
      const copy = tf.clone(weight);
      for (let step = 0; step < 3; step++)
        operations.adam(weight, m, v, gradient, { rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 });
      tf.dispose([x, gamma, beta, y, gradient]);
      return read(engine, [mean, variance, weight, m, v, copy]);
    };
    const reference = await open('cpu');
    const wanted = await run({ ...reference, operations: composedOperations(reference.tf) });
    const engine = await open(want);
    const before = engine.tf.memory().numTensors;
    const got = await run(engine);
    assert.equal(engine.tf.memory().numTensors, before, 'tensors are left behind');
    for (const [index, values] of got.entries())
      assert.ok(difference(values, wanted[index]!) < 1e-5, `${index}`);
  });

test('auto goes on with wasm where the native engine is damaged, and says why', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bloodline-damaged-'));
  const { BLOODLINE_ENGINE_FOLDER, BLOODLINE_ENGINE } = process.env;
  const lines: string[] = [];
  const warn = (line: string): void => void lines.push(line);
  try {
    delete process.env.BLOODLINE_ENGINE;
    process.env.BLOODLINE_ENGINE_FOLDER = '';
    const missing = await openEngine({ want: 'auto', warn });
    assert.equal(missing.name, 'wasm');
    assert.match(String(missing.facts['noNative']), /not installed/);
    await assert.rejects(
      openEngine({ want: 'webgpu' }),
      /The webgpu engine does not start: the package webgpu is not in .*; run `npm install --prefix .*webgpu@/,
    );
    assert.deepEqual(lines, []);
    await assert.rejects(
      openEngine({ want: 'auto', device: 'gpu' }),
      /The parameter device is gpu, and no GPU computes: it is not installed/,
    );
    process.env.BLOODLINE_ENGINE_FOLDER = folder;
    writeFileSync(join(folder, 'libtensorflow_cc.so.2'), 'half');
    const files = { 'libtensorflow_cc.so.2': { bytes: 8, sha256: '' } };
    writeFileSync(join(folder, 'engine.json'), JSON.stringify({ format: 1, tensorflow: '9', files }));
    const damaged = await openEngine({ want: 'auto', warn });
    assert.equal(damaged.name, 'wasm');
    assert.match(
      String(damaged.facts['noNative']),
      /libtensorflow_cc\.so\.2 is damaged \(4 bytes, expected 8\)/,
    );
    assert.match(lines.join(), /^The native engine does not start, so WebAssembly computes: .*is damaged/);
    await assert.rejects(openEngine({ want: 'wasm', device: 'gpu' }), /wasm computes on the CPU/);
    await assert.rejects(openEngine({ want: 'native' }), /The native engine does not start: .*is damaged/);
    process.env.BLOODLINE_ENGINE = 'gpu';
    await assert.rejects(
      openEngine({ want: 'auto' }),
      /BLOODLINE_ENGINE is expected to be auto, native, wasm or webgpu/,
    );
  } finally {
    process.env.BLOODLINE_ENGINE_FOLDER = BLOODLINE_ENGINE_FOLDER;
    delete process.env.BLOODLINE_ENGINE;
    if (BLOODLINE_ENGINE !== undefined) process.env.BLOODLINE_ENGINE = BLOODLINE_ENGINE;
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a GPU was handed out and CUDA finds none: one line says it, and device gpu is an error', {
  skip: nativeMissing,
}, async () => {
  const { CUDA_VISIBLE_DEVICES, BLOODLINE_ENGINE_NOTE } = process.env;
  const lines: string[] = [];
  const warn = (line: string): void => void lines.push(line);
  const none = /CUDA finds no device that it can use \(`nvidia-smi` shows the driver’s state\)/;
  try {
    process.env.CUDA_VISIBLE_DEVICES = '0';
    delete process.env.BLOODLINE_ENGINE_NOTE;
    const { facts } = await openEngine({ want: 'native', warn });
    assert.match(String(facts['noGpu']), none);
    assert.equal(lines.length, 1);
    assert.match(lines[0]!, /^Computes on the CPU: CUDA finds no device/);
    await openEngine({ want: 'native', device: 'cpu', warn });
    assert.equal(lines.length, 1);
    await assert.rejects(openEngine({ want: 'native', device: 'gpu', warn }), none);
    process.env.BLOODLINE_ENGINE_NOTE = 'the CUDA engine is not installed';
    assert.equal(
      (await openEngine({ want: 'auto', warn })).facts['noGpu'],
      'the CUDA engine is not installed',
    );
  } finally {
    for (const [name, value] of Object.entries({ CUDA_VISIBLE_DEVICES, BLOODLINE_ENGINE_NOTE }))
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  }
});
