import type { Tensor, Variable } from '@tensorflow/tfjs';
import type { Engine } from '../engines/engine.ts';
import { clipByGlobalNorm } from './clip.ts';
import type { Weights } from './weights.ts';

export interface OptimizerOptions {
  readonly optimizer: 'adam' | 'adamw' | 'sgd';
  /** Adam: how much is kept of the mean gradient and of the mean squared gradient, and what is added to its root. */
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** SGD: how much of the last movement goes on, 0..1, and whether it looks ahead (Nesterov). */
  readonly momentum: number;
  readonly nesterov: boolean;
  /** Before each step kernels shrink by this share of the learning rate; null: .004 for adamw, else 0. */
  readonly weightDecay: number | null;
  /** Largest length of all gradients together; null: any. */
  readonly clipNorm: number | null;
  /** Share of the running mean of the weights that each step keeps; null: there is none. */
  readonly ema: number | null;
}

/** What moves the weights, step by step, in the order and with the rounding of Keras 3 (`keras/src/optimizers/`). */
export interface Optimizer {
  /** What it remembers, in an order of its own, for a checkpoint. */
  readonly slots: readonly Variable[];
  /** What is to be validated and kept: the weights, with running means in place of those that learn. */
  readonly result: Weights;
  /** Moves the weights by one step. @param gradients by the weight's name. */
  step(rate: number, gradients: ReadonlyMap<string, Tensor>): void;
  /** Makes the weights the result and frees what it remembers. */
  finish(): void;
}

/** What a checkpoint has beside the result. */
export interface Remembered {
  readonly steps: number;
  readonly slots: readonly Float32Array[];
}

/**
 * @param learning names of the weights that move.
 * @param from to go on from; `weights` hold the result then.
 */
export function openOptimizer(
  engine: Engine,
  weights: Weights,
  learning: readonly string[],
  options: OptimizerOptions,
  from?: Remembered,
): Optimizer {
  const { tf } = engine;
  const moved = learning.map((name) => [name, weights.get(name)!] as const);
  const decay = options.weightDecay ?? (options.optimizer === 'adamw' ? 0.004 : 0);
  const zeros = (): Variable[] =>
    moved.map(([, weight]) => tf.tidy(() => tf.variable(tf.zerosLike(weight), false)));
  const memory = Array.from({ length: momentCount(options) }, zeros);
  const means = options.ema === null ? null : zeros();
  const slots = memory.flat();
  if (from) for (const [i, slot] of slots.entries()) fill(engine, slot, from.slots[i]!);
  // With running means, they are the result; the weights themselves are among the slots.
  const result = new Map(weights);
  if (means)
    for (const [i, [name, weight]] of moved.entries()) {
      means[i]!.assign(weight);
      result.set(name, means[i]!);
      if (from) fill(engine, weight, from.slots[slots.length + i]!);
    }
  // β^t as a running product: the same after a resumption, and without a power.
  let steps = 0;
  let [power1, power2] = [1, 1];
  const advance = (): void => {
    steps++;
    power1 *= options.beta1;
    power2 *= options.beta2;
  };
  while (steps < (from?.steps ?? 0)) advance();

  return {
    slots: means ? [...slots, ...moved.map(([, weight]) => weight)] : slots,
    result,
    step(rate, given) {
      advance();
      const gradients = options.clipNorm === null ? given : clipByGlobalNorm(tf, given, options.clipNorm);
      for (const [i, [name, weight]] of moved.entries()) {
        // Biases and the scales of batch norm stay out of it, as is the habit: they have no direction to shrink in.
        if (decay > 0 && weight.shape.length > 1)
          tf.tidy(() => weight.assign(tf.mul(weight, 1 - decay * rate)));
        const gradient = gradients.get(name)!;
        const [first, second] = memory.map((each) => each[i]!);
        if (options.optimizer === 'sgd') descend(engine, weight, first ?? null, gradient, rate, options);
        else {
          const { beta1, beta2, epsilon } = options;
          const corrected = (rate * Math.sqrt(1 - power2)) / (1 - power1);
          engine.operations.adam(weight, first!, second!, gradient, {
            rate: corrected,
            beta1,
            beta2,
            epsilon,
          });
        }
        if (means && options.ema !== null) follow(engine, means[i]!, weight, steps === 1 ? 0 : options.ema);
      }
      if (gradients !== given) tf.dispose([...gradients.values()]);
    },
    finish() {
      for (const [i, [, weight]] of moved.entries())
        if (means) tf.tidy(() => weight.assign(means[i]!.clone()));
      tf.dispose([...slots, ...(means ?? [])]);
    },
  };
}

const momentCount = ({ optimizer, momentum }: OptimizerOptions): number =>
  optimizer === 'sgd' ? Number(momentum > 0) : 2;

/** How many tensors of each weight's shape `slots` has; all first ones come first. */
export const slotCount = (options: OptimizerOptions): number =>
  momentCount(options) + Number(options.ema !== null);

/** One step of gradient descent: movement = momentum × movement − rate × gradient. */
function descend(
  { tf }: Engine,
  weight: Variable,
  movement: Variable | null,
  gradient: Tensor,
  rate: number,
  { momentum, nesterov }: OptimizerOptions,
): void {
  tf.tidy(() => {
    const downhill = tf.mul(gradient, -rate);
    if (movement === null) return weight.assign(tf.add(weight, downhill));
    movement.assign(tf.add(tf.mul(movement, momentum), downhill));
    const way = nesterov ? tf.add(tf.mul(movement, momentum), downhill) : movement;
    return weight.assign(tf.add(weight, way));
  });
}

/** mean = mean × kept + value × (1 − kept). */
export function follow({ tf, operations }: Engine, mean: Variable, value: Tensor, kept: number): void {
  if (operations.follow && kept !== 0) operations.follow(mean, value, kept);
  else
    tf.tidy(() =>
      mean.assign(kept === 0 ? value.clone() : tf.add(tf.mul(mean, kept), tf.mul(value, 1 - kept))),
    );
}

function fill({ tf }: Engine, variable: Variable, values: Float32Array): void {
  tf.tidy(() => variable.assign(tf.tensor(values, variable.shape, 'float32')));
}
