import type { Tensor, Variable } from '@tensorflow/tfjs';
import type { Engine } from './engine.ts';
import type { Weights } from './weights.ts';

export interface AdamOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** Adam (Kingma and Ba 2014, arXiv:1412.6980) as Keras 3 computes it: epsilon is added after the bias correction. */
export interface Adam {
  /** First and second moment of each trainable weight, in the order of the weights; all m before all v. */
  readonly moments: readonly Variable[];
  /** Moves the weights by one step. @param gradients by the weight's name. */
  step(rate: number, gradients: ReadonlyMap<string, Tensor>): void;
  dispose(): void;
}

/** @param from the moments and the number of steps to go on from. */
export function adam(
  engine: Engine,
  weights: Weights,
  { beta1, beta2, epsilon }: AdamOptions,
  from?: { moments: readonly Variable[]; steps: number },
): Adam {
  const { tf, operations } = engine;
  const trainable = [...weights].filter(([, weight]) => weight.trainable);
  const zeros = (): Variable[] =>
    trainable.map(([, weight]) => tf.tidy(() => tf.variable(tf.zerosLike(weight), false)));
  const moments = from?.moments ?? [...zeros(), ...zeros()];
  // β^t as a running product: the same after a resumption, and without a power.
  let [power1, power2] = [1, 1];
  const advance = (): void => {
    power1 *= beta1;
    power2 *= beta2;
  };
  for (let step = 0; step < (from?.steps ?? 0); step++) advance();
  return {
    moments,
    step(rate, gradients) {
      advance();
      const corrected = (rate * Math.sqrt(1 - power2)) / (1 - power1);
      for (const [index, [name, weight]] of trainable.entries()) {
        const [m, v] = [moments[index]!, moments[trainable.length + index]!];
        operations.adam(weight, m, v, gradients.get(name)!, { rate: corrected, beta1, beta2, epsilon });
      }
    },
    dispose: () => tf.dispose([...moments]),
  };
}
