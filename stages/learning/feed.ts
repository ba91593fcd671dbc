import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import type { Engine } from '../engines/engine.ts';
import type { PixelsReader } from '../imaging/pixels.ts';
import { random } from '../imaging/random.ts';
import { augmenter } from './augment.ts';
import { batchRanges, type Examples, readBatches } from './batches.ts';
import type { Features } from './features.ts';
import { forward } from './forward.ts';
import type { Frozen } from './freeze.ts';
import { toImages } from './infer.ts';
import { blendImages, drawBlend } from './mixup.ts';
import type { Network } from './network.ts';
import type { Recipe } from './recipe.ts';
import type { Blend } from './targets.ts';
import type { Weights } from './weights.ts';

/** A batch on its way into the part of a network that learns. */
export interface Fed {
  readonly labels: readonly number[];
  readonly blend: Blend | null;
  /** What the part of the network behind the cut gets of examples start … end − 1; the caller's to dispose. */
  tensor(start: number, end: number): Tensor;
}

/** Batches of one epoch. */
export type Feed = (epoch: number) => Generator<Fed>;

export type FeedOptions = Pick<Recipe, 'batch' | 'augment' | 'mixup' | 'seed'>;

/** Images, changed and blended as the options say, through the frozen part if there is one. */
export function imageFeed(
  engine: Engine,
  network: Network,
  weights: Weights,
  { pixels, examples }: { pixels: PixelsReader; examples: Examples },
  cut: Frozen['cut'],
  { batch, augment, mixup, seed }: FeedOptions,
): Feed {
  return function* images(epoch) {
    const order = orderOf(examples, seed, epoch);
    const change = augment && augmenter(augment, pixels.description.size, seed, epoch);
    let index = 0;
    for (const { pixels: bytes, labels } of readBatches(pixels, examples, order, batch, change)) {
      const { rowBytes } = pixels;
      const draw = random(seed, `mixup:${epoch}:${index++}`);
      const blend = mixup > 0 ? drawBlend(draw, labels.length, mixup) : null;
      if (blend) blendImages(bytes, rowBytes, blend);
      const tensor = (start: number, end: number): Tensor => {
        const images = toImages(engine, network, bytes.subarray(start * rowBytes, end * rowBytes));
        if (cut === null) return images;
        const features = engine.tf.tidy(() => forward(engine, cut.body, weights, images as Tensor4D));
        images.dispose();
        return features;
      };
      yield { labels, blend, tensor };
    }
  };
}

/** What was worked out before. */
export function featureFeed(
  { tf }: Engine,
  features: Features,
  examples: Examples,
  { batch, seed }: Pick<FeedOptions, 'batch' | 'seed'>,
): Feed {
  return function* ready(epoch) {
    const order = orderOf(examples, seed, epoch);
    for (const [start, end] of batchRanges(order.length, batch)) {
      const chosen = order.slice(start, end);
      const tensor = (start: number, end: number): Tensor =>
        tf.tensor(features.read(chosen.slice(start, end)), [end - start, ...features.shape]);
      yield { labels: chosen.map((i) => examples.labels[i]!), blend: null, tensor };
    }
  };
}

const orderOf = ({ rows }: Examples, seed: number, epoch: number): number[] =>
  random(seed, `order:${epoch}`).shuffle([...rows.keys()]);
