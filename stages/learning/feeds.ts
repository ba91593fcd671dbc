import type { Engine } from '../engines/engine.ts';
import type { PixelsReader } from '../imaging/pixels.ts';
import type { Examples } from './batches.ts';
import type { Checkpoint } from './checkpoint.ts';
import { type Features, openFeatures } from './features.ts';
import { type Feed, featureFeed, imageFeed } from './feed.ts';
import type { Network } from './network.ts';
import type { Phase } from './phases.ts';
import type { Recipe } from './recipe.ts';
import { type Validate, validateOn } from './validate.ts';
import type { Weights } from './weights.ts';

/** What the epochs of a phase are fed with. */
export interface Feeds {
  readonly feed: Feed;
  /** null: the validation part is empty. */
  readonly validate: Validate | null;
  close(): void;
}

export interface FeedData {
  readonly pixels: PixelsReader;
  readonly train: Examples;
  readonly validation: Examples;
}

/**
 * What a frozen part gives is worked out once and kept beside the checkpoint: for validation always, for training where
 * it sees the same images in each epoch.
 *
 * @param weights of the steps; @param result of the validation.
 */
export function openFeeds(
  engine: Engine,
  network: Network,
  { weights, result }: { readonly weights: Weights; readonly result: Weights },
  { pixels, train, validation }: FeedData,
  { recipe, phase, checkpoint }: { recipe: Recipe; phase: Phase; checkpoint: Checkpoint },
  { signal, progress }: { signal: AbortSignal; progress(done: number, total: number, label: string): void },
): Feeds {
  const { batch, labelSmoothing } = recipe;
  const { cut } = phase.frozen;
  const opened: Features[] = [];
  const featuresOf = (part: 'training' | 'validation', examples: Examples): Features => {
    const file = checkpoint.file(`features-${phase.after}-${part}.bin`);
    const each = (done: number): void => {
      signal.throwIfAborted();
      progress(done, examples.rows.length, `features of the ${part} part`);
    };
    const features = openFeatures(engine, cut!.body, weights, { pixels, examples, batch }, file, each);
    opened.push(features);
    return features;
  };
  const augment = cut && !recipe.augmentFrozen ? null : recipe.augment;
  const same = cut !== null && augment === null && recipe.mixup === 0;
  const feed = same
    ? featureFeed(engine, featuresOf('training', train), train, recipe)
    : imageFeed(engine, network, weights, { pixels, examples: train }, cut, { ...recipe, augment });
  const shown = { pixels, examples: validation, batch, labelSmoothing, signal };
  const features = cut && validation.rows.length > 0 ? featuresOf('validation', validation) : null;
  const validate =
    validation.rows.length > 0
      ? validateOn(engine, cut?.head ?? network, result, { ...shown, features })
      : null;
  return {
    feed,
    validate,
    close: () => {
      for (const features of opened) features.close();
    },
  };
}
