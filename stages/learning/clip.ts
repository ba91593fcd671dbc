import type { Tensor } from '@tensorflow/tfjs';
import type { Tfjs } from '../engines/engine.ts';

/**
 * Gradients shortened by one factor so that all of them together are no longer than `longest`, as TensorFlow's
 * `clip_by_global_norm`. New tensors, to be disposed by the caller.
 */
export function clipByGlobalNorm(
  tf: Tfjs,
  gradients: ReadonlyMap<string, Tensor>,
  longest: number,
): ReadonlyMap<string, Tensor> {
  const square = tf.tidy(() => {
    const squares = [...gradients.values()].map((gradient) => tf.sum(tf.square(gradient)));
    return tf.addN(squares).dataSync()[0]!;
  });
  const factor = longest / Math.max(Math.sqrt(square), longest);
  return new Map([...gradients].map(([name, gradient]) => [name, tf.mul(gradient, factor)]));
}
