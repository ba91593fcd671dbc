import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs';
import { anatomy } from '../../stages/learning/anatomy.ts';
import type { Engine } from '../../stages/learning/engine.ts';
import { forward } from '../../stages/learning/forward.ts';
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

/** N×size×size×3, float32. */
export const imageTensor = ({ tf }: Engine, pixels: Uint8Array, size: number): Tensor4D =>
  tf.tensor4d(Float32Array.from(pixels), [pixels.length / (size * size * 3), size, size, 3]);

/** Probabilities, N×classes, and the norm of what each layer gives, in inference mode. */
export function inference(engine: Engine, network: Network, weights: Weights, images: Tensor4D) {
  const norms = new Map<string, number>();
  const logits = engine.tf.tidy(() =>
    forward(engine, network, weights, images, undefined, (layer, value) => {
      norms.set(layer, short(layer, value.dataSync())[0]);
    }).dataSync(),
  ) as Float32Array;
  return { probabilities: softmax(logits, logits.length / images.shape[0]), norms };
}

/** Mean loss, gradients by name, and moving statistics as one pass in training mode leaves them. */
export function training(
  engine: Engine,
  network: Network,
  weights: Weights,
  images: Tensor4D,
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
  const pass = {
    seed: 1,
    statistics: (layer: string, momentum: number, mean: Tensor1D, variance: Tensor1D) => {
      follow(`${layer}/moving_mean`, mean, momentum);
      follow(`${layer}/moving_variance`, variance, momentum);
    },
  };
  const trainable = [...weights].filter(([, weight]) => weight.trainable);
  const { value, grads } = tf.variableGrads(
    () => {
      const logits = forward(engine, network, weights, images, pass);
      return tf.losses.softmaxCrossEntropy(
        tf.oneHot(tf.tensor1d([...labels], 'int32'), logits.shape[1]),
        logits,
      );
    },
    trainable.map(([, weight]) => weight),
  );
  const loss = value.dataSync()[0]!;
  const gradients = new Map(
    trainable.map(([name, weight]) => [name, grads[weight.name]!.dataSync() as Float32Array]),
  );
  tf.dispose([value, ...(Object.values(grads) as Tensor[])]);
  return { loss, gradients, moving };
}
