import type { Tensor4D } from '@tensorflow/tfjs';
import { cutBehind, embeddingLayer } from '../learning/cut.ts';
import { forward } from '../learning/forward.ts';
import { inference, toImages } from '../learning/infer.ts';
import { softmax } from '../learning/loss.ts';
import type { LoadedModel } from '../learning/saved-model.ts';

/** What a model says of images, a row each. */
export interface Answered {
  /** Rows × classes. */
  readonly logits: Float32Array;
  readonly probabilities: Float32Array;
  /** Rows × width: what the last dense layer reads. */
  readonly features: Float32Array;
}

/** Answers together with what they follow from, for the work of one pass; RGB images, N×size×size×3. */
export function answering({ engine, model, weights }: LoadedModel): (images: Uint8Array) => Answered {
  const { tf } = engine;
  const { network, classes } = model;
  const layer = embeddingLayer(network);
  const cut = layer === network.output ? null : cutBehind(network, layer);
  return (images) => {
    const [features, logits] = tf.tidy(() => {
      const given = toImages(engine, network, images);
      if (cut === null) {
        const values = inference(engine, network, weights, given).dataSync() as Float32Array;
        return [values, values] as const;
      }
      const middle = inference(engine, cut.body, weights, given);
      const output = forward(engine, cut.head, weights, middle as unknown as Tensor4D);
      return [middle.dataSync(), output.dataSync()] as [Float32Array, Float32Array];
    });
    return { logits, probabilities: softmax(logits, classes.length), features };
  };
}
