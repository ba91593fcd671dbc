import type { Tensor, Tensor1D, Tensor4D, Variable } from '@tensorflow/tfjs';
import type { Tfjs } from './engine.ts';

/** Operations that an engine may have a kernel of its own for. Each is differentiable where it says so. */
export interface Operations {
  /**
   * Batch normalisation with the statistics of the batch, over all axes but the last; differentiable in x, gamma and
   * beta. `mean` and `variance` (biased) are outside the gradient and are the caller's to dispose.
   */
  batchNorm(
    x: Tensor4D,
    gamma: Tensor1D,
    beta: Tensor1D,
    epsilon: number,
  ): { y: Tensor4D; mean: Tensor1D; variance: Tensor1D };
  /** Differentiable. */
  relu<T extends Tensor>(x: T): T;
  /** x × sigmoid(x), differentiable; keeps x alone for the gradient. */
  swish<T extends Tensor>(x: T): T;
  /**
   * One step of Adam on one weight, in place: m and v are its moments, `rate` is the learning rate with both bias
   * corrections in it, epsilon is added after the root as in Keras.
   */
  adam(weight: Variable, m: Variable, v: Variable, gradient: Tensor, options: AdamStep): void;
  /** moving = moving × momentum + batch × (1 − momentum), in place. */
  follow?(moving: Variable, batch: Tensor, momentum: number): void;
}

export interface AdamStep {
  readonly rate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** The operations made of tfjs's own, for engines without kernels of theirs. */
export function composedOperations(tf: Tfjs): Operations {
  return {
    batchNorm(x, gamma, beta, epsilon) {
      let mean!: Tensor1D;
      let variance!: Tensor1D;
      const axes = [0, 1, 2];
      const normalise = tf.customGrad((input, scale, offset, save) => {
        const x = input as Tensor4D;
        mean = tf.keep(tf.mean(x, axes)) as Tensor1D;
        variance = tf.keep(tf.mean(tf.square(tf.sub(x, mean)), axes)) as Tensor1D;
        const inverse = tf.rsqrt(tf.add(variance, epsilon));
        const scaled = tf.mul(inverse, scale as Tensor1D);
        const shift = tf.sub(offset as Tensor1D, tf.mul(mean, scaled));
        const y = tf.add(tf.mul(x, scaled), shift);
        (save as (tensors: Tensor[]) => void)([x, tf.clone(mean), inverse, scaled]);
        const count = x.size / x.shape[3];
        // With x̂ = (x − mean)/σ:  dx = γ/σ · (dy − mean(dy) − x̂ · mean(dy · x̂))
        const gradFunc = (dy: Tensor, saved: Tensor[]) => {
          const [x, mean, inverse, scaled] = saved as [Tensor, Tensor, Tensor, Tensor];
          const sumDy = tf.sum(dy, axes);
          const sumDyCentred = tf.sum(tf.mul(dy, tf.sub(x, mean)), axes);
          const dGamma = tf.mul(sumDyCentred, inverse);
          const slope = tf.mul(tf.mul(dGamma, inverse), -1 / count);
          const level = tf.sub(tf.mul(sumDy, -1 / count), tf.mul(mean, slope));
          const dx = tf.mul(tf.add(tf.add(dy, tf.mul(x, slope)), level), scaled);
          return [dx, dGamma, sumDy];
        };
        return { value: y, gradFunc };
      });
      const y = normalise(x, gamma, beta) as Tensor4D;
      return { y, mean, variance };
    },
    relu: (x) => tf.relu(x),
    swish<T extends Tensor>(x: T): T {
      const gated = tf.customGrad((input, save) => {
        (save as (tensors: Tensor[]) => void)([input as Tensor]);
        const gradFunc = (dy: Tensor, saved: Tensor[]) => {
          const [x] = saved as [Tensor];
          const gate = tf.sigmoid(x);
          const y = tf.mul(x, gate);
          return tf.mul(dy, tf.add(gate, tf.sub(y, tf.mul(y, gate))));
        };
        return { value: tf.mul(input as Tensor, tf.sigmoid(input as Tensor)), gradFunc };
      });
      return gated(x) as T;
    },
    adam(weight, m, v, gradient, { rate, beta1, beta2, epsilon }) {
      tf.tidy(() => {
        m.assign(tf.add(m, tf.mul(tf.sub(gradient, m), 1 - beta1)));
        v.assign(tf.add(v, tf.mul(tf.sub(tf.square(gradient), v), 1 - beta2)));
        weight.assign(tf.sub(weight, tf.div(tf.mul(m, rate), tf.add(tf.sqrt(v), epsilon))));
      });
    },
  };
}
