import type { Tensor4D } from '@tensorflow/tfjs';
import type { Engine } from '../engines/engine.ts';
import type { PixelsReader } from '../imaging/pixels.ts';
import { batchRanges, type Examples, readBatches } from './batches.ts';
import type { Features } from './features.ts';
import { forward } from './forward.ts';
import { infer } from './infer.ts';
import { correctOf, weightedLoss } from './loss.ts';
import type { Network } from './network.ts';
import { targetsOf } from './targets.ts';
import type { Weights } from './weights.ts';

/** Mean loss, labels smoothed but classes not weighed, as in Keras, and accuracy. */
export type Validate = () => { readonly loss: number; readonly accuracy: number };

/**
 * @param network the part that gets `features`, or all of it where they are null.
 */
export function validateOn(
  engine: Engine,
  network: Network,
  weights: Weights,
  {
    pixels,
    examples,
    features,
    batch,
    labelSmoothing,
    signal,
  }: {
    readonly pixels: PixelsReader;
    readonly examples: Examples;
    readonly features: Features | null;
    readonly batch: number;
    readonly labelSmoothing: number;
    readonly signal: AbortSignal;
  },
): Validate {
  const order = [...examples.rows.keys()];
  const parts = features
    ? () => fromFeatures(engine, network, weights, features, examples, batch)
    : function* fromImages() {
        for (const { pixels: bytes, labels } of readBatches(pixels, examples, order, batch))
          yield { logits: infer(engine, network, weights, bytes), labels };
      };
  return () => {
    let [loss, correct] = [0, 0];
    for (const { logits, labels } of parts()) {
      signal.throwIfAborted();
      const classes = logits.length / labels.length;
      const targets = targetsOf(labels, classes, { labelSmoothing, classWeights: null });
      loss += weightedLoss(logits, targets, classes);
      correct += correctOf(logits, labels, classes);
    }
    return { loss: loss / order.length, accuracy: correct / order.length };
  };
}

function* fromFeatures(
  engine: Engine,
  network: Network,
  weights: Weights,
  features: Features,
  examples: Examples,
  batch: number,
): Generator<{ logits: Float32Array; labels: readonly number[] }> {
  for (const [start, end] of batchRanges(examples.rows.length, batch)) {
    const indices = Array.from({ length: end - start }, (_, i) => start + i);
    const logits = engine.tf.tidy(() => {
      const values = engine.tf.tensor(features.read(indices), [indices.length, ...features.shape]);
      return forward(engine, network, weights, values as Tensor4D).dataSync() as Float32Array;
    });
    yield { logits, labels: indices.map((i) => examples.labels[i]!) };
  }
}
