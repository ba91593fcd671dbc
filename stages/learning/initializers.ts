import type { Random } from '../imaging/random.ts';
import { product } from './anatomy.ts';
import type { WeightSpec } from './network.ts';

/** Standard deviation of a normal distribution that is cut off at ±2, as Keras and TensorFlow divide by it. */
const TRUNCATED_DEVIATION = 0.87962566103423978;

/** The first values of a weight, in C order. */
export function initialValues({ shape, initializer }: WeightSpec, random: Random): Float32Array {
  const values = new Float32Array(product(shape));
  if (initializer.kind === 'constant') return values.fill(initializer.value);
  const { fanIn, fanOut } = fans(shape);
  const fan = { 'fan-in': fanIn, 'fan-out': fanOut, 'fan-average': (fanIn + fanOut) / 2 }[initializer.mode];
  const variance = initializer.scale / Math.max(1, fan);
  if (initializer.distribution === 'uniform') {
    const limit = Math.sqrt(3 * variance);
    for (let i = 0; i < values.length; i++) values[i] = random.uniform(-limit, limit);
  } else {
    const deviation = Math.sqrt(variance) / TRUNCATED_DEVIATION;
    for (let i = 0; i < values.length; i++) values[i] = deviation * truncatedNormal(random);
  }
  return values;
}

function truncatedNormal(random: Random): number {
  for (;;) {
    const value = random.normal();
    if (Math.abs(value) < 2) return value;
  }
}

/** Values that flow into and out of a unit; for a depthwise kernel too as Keras counts, whose last axis is 1. */
function fans(shape: readonly number[]): { fanIn: number; fanOut: number } {
  if (shape.length < 2) return { fanIn: shape[0] ?? 1, fanOut: shape[0] ?? 1 };
  const field = product(shape.slice(0, -2));
  return { fanIn: field * shape.at(-2)!, fanOut: field * shape.at(-1)! };
}
