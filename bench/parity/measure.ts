import type { Tensor1D } from '@tensorflow/tfjs';
import type { Engine } from '../../stages/engines/engine.ts';
import { anatomy } from '../../stages/learning/anatomy.ts';
import { crossEntropy } from '../../stages/learning/cross-entropy.ts';
import { forward } from '../../stages/learning/forward.ts';
import { gradientsOf } from '../../stages/learning/gradients.ts';
import { infer, toImages } from '../../stages/learning/infer.ts';
import { softmax } from '../../stages/learning/loss.ts';
import type { Network } from '../../stages/learning/network.ts';
import { drawWeights, type Weights } from '../../stages/learning/weights.ts';
import { uniform } from './numbers.ts';

/** A tensor as two numbers: its norm, and a sum with drawn signs that sees what a norm does not (values swapped). */
export type Short = readonly [norm: number, projection: number];

export function short(name: string, values: ArrayLike<number>): Short {
  const signs = uniform(`project:${name}`, values.length);
  let [squares, sum] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    squares += values[i]! * values[i]!;
    sum += signs[i]! < 0.5 ? -values[i]! : values[i]!;
  }
  return [Math.sqrt(squares), sum];
}

/** Variables with the values that `values` gives. */
export function giveWeights(
  engine: Engine,
  network: Network,
  values: (name: string, shape: readonly number[]) => Float32Array,
): Weights {
  const specs = anatomy(network).weights;
  const given = new Map(specs.map(({ name, shape }) => [name, values(name, shape)]));
  return drawWeights(engine.tf, specs, 0, given);
}

/** Probabilities, N×classes, as evaluate computes them, and the norm of what each layer gives. */
export function inference(engine: Engine, network: Network, weights: Weights, pixels: Uint8Array) {
  const norms = new Map<string, number>();
  engine.tf.tidy(() =>
    forward(engine, network, weights, toImages(engine, network, pixels), undefined, (layer, value) => {
      norms.set(layer, short(layer, value.dataSync())[0]);
    }),
  );
  const logits = infer(engine, network, weights, pixels);
  return { probabilities: softmax(logits, classesOf(network)), norms };
}

/** Mean loss, gradients by name, and moving statistics as one pass in training mode leaves them; the pass of training. */
export function training(
  engine: Engine,
  network: Network,
  weights: Weights,
  pixels: Uint8Array,
  labels: readonly number[],
) {
  const { tf } = engine;
  const moving = new Map<string, Float32Array>();
  const follow = (name: string, batch: Tensor1D, momentum: number): void => {
    const before = weights.get(name)!.dataSync();
    const now = batch.dataSync();
    moving.set(
      name,
      Float32Array.from(before, (value, i) => value * momentum + now[i]! * (1 - momentum)),
    );
    batch.dispose();
  };
  const images = toImages(engine, network, pixels);
  const classes = classesOf(network);
  const targets = new Float32Array(labels.length * classes);
  for (const [row, label] of labels.entries()) targets[row * classes + label] = 1 / labels.length;
  const passed = gradientsOf({
    engine,
    network,
    weights,
    images,
    training: {
      seed: 1,
      statistics: (layer, momentum, mean, variance) => {
        follow(`${layer}/moving_mean`, mean, momentum);
        follow(`${layer}/moving_variance`, variance, momentum);
      },
    },
    loss: crossEntropy(engine, targets),
  });
  const loss = passed.value.dataSync()[0]!;
  const gradients = new Map(
    [...passed.gradients].map(([name, gradient]) => [name, gradient.dataSync() as Float32Array]),
  );
  tf.dispose([images, passed.logits, passed.value, ...passed.gradients.values()]);
  return { loss, gradients, moving };
}

const classesOf = (network: Network): number => anatomy(network).shapes.get(network.output)!.at(-1)!;
