/** Run by threads.test.ts: what the wasm engine computes with so many threads, as one digest. `wasm-digest.js THREADS` */
import { createHash } from 'node:crypto';
import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs';
import { openWasm } from '../../stages/engines/wasm-engine.ts';
import { random } from '../../stages/imaging/random.ts';

const tf = await import('@tensorflow/tfjs');
const { operations, facts } = await openWasm(tf, { threads: Number(process.argv[2]) });
const draw = random(3, 'threads');
const noise = (...shape: number[]): Tensor => {
  const size = shape.reduce((product, side) => product * side, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, () => draw.uniform(-1, 1)),
    shape,
  );
};
const inputs = [
  noise(5, 41, 39, 19),
  noise(3, 3, 19, 45),
  noise(45),
  noise(45),
  noise(3, 3, 45, 1),
  noise(1, 1, 45, 96),
  noise(96, 7),
];
const compute = (...given: Tensor[]): Tensor => {
  const [x, filter, gamma, beta, apart, point, dense] = given as unknown as [
    Tensor4D,
    Tensor4D,
    Tensor1D,
    Tensor1D,
    Tensor4D,
    Tensor4D,
    Tensor2D,
  ];
  const convolved = tf.conv2d(x, filter, 1, 'same');
  const { y, mean, variance } = operations.batchNorm(convolved, gamma, beta, 1e-3);
  tf.dispose([mean, variance]);
  const slim = tf.depthwiseConv2d(operations.swish(y), apart, 2, 'same');
  const wide = operations.relu(tf.conv2d(tf.maxPool(slim, 2, 2, 'valid'), point, 1, 'same'));
  return tf.mean(tf.matMul(tf.mean(wide, [1, 2]) as Tensor2D, dense));
};
const hash = createHash('sha256');
const take = (tensor: Tensor): void => void hash.update(new Uint8Array(tensor.dataSync().buffer));
const { value, grads } = tf.valueAndGrads(compute)(inputs);
for (const tensor of [value, ...grads]) take(tensor);
const [weight, m, v] = [noise(300, 333), noise(300, 333), tf.abs(noise(300, 333))].map((x) => tf.variable(x));
operations.adam(weight!, m!, v!, noise(300, 333), { rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 });
for (const tensor of [weight!, m!, v!]) take(tensor);
console.log(`${facts.threads} ${hash.digest('hex')}`);
