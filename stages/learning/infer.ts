import type { Tensor4D } from '@tensorflow/tfjs';
import type { Engine } from '../engines/engine.ts';
import { forward } from './forward.ts';
import type { Network } from './network.ts';
import type { Weights } from './weights.ts';

/** Logits of uint8 images, in inference mode. */
export function infer(engine: Engine, network: Network, weights: Weights, pixels: Uint8Array): Float32Array {
  return engine.tf.tidy(() => {
    const images = toImages(engine, network, pixels);
    const logits =
      engine.logits?.(engine, network, weights, images) ?? forward(engine, network, weights, images);
    return logits.dataSync() as Float32Array;
  });
}

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
