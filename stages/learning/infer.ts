import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs';
import type { Engine } from '../engines/engine.ts';
import { forward } from './forward.ts';
import type { Network } from './network.ts';
import type { Weights } from './weights.ts';

/** Logits of uint8 images, in inference mode. */
export function infer(engine: Engine, network: Network, weights: Weights, pixels: Uint8Array): Float32Array {
  return engine.tf.tidy(
    () => inference(engine, network, weights, toImages(engine, network, pixels)).dataSync() as Float32Array,
  );
}

/** What a network, or the first part of one, makes of images in inference mode; by the engine's own pass where it has one. */
export const inference = (engine: Engine, network: Network, weights: Weights, images: Tensor4D): Tensor2D =>
  engine.logits?.(engine, network, weights, images) ?? forward(engine, network, weights, images);

/** N×size×size×channels float32 of bytes, as the network's first layer wants it. */
export function toImages({ tf }: Engine, network: Network, pixels: Uint8Array): Tensor4D {
  const input = network.layers[0];
  if (input?.op !== 'input') throw new Error('Internal error: a network begins with its input');
  const { size, channels } = input;
  return tf.tensor4d(new Float32Array(pixels), [
    pixels.length / (size * size * channels),
    size,
    size,
    channels,
  ]);
}
