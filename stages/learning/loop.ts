/**
 * The training loop: Adam on the cross-entropy of shuffled batches, validation after each epoch, a checkpoint after
 * each epoch. Everything drawn comes from one seed and says what it is for, so that a training that was interrupted
 * and resumed takes the very steps of one that was not.
 */
import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs';
import { StageError } from 'bloodline-ml/stage';
import type { PixelsReader } from '../imaging/pixels.ts';
import { random } from '../imaging/random.ts';
import { anatomy } from './anatomy.ts';
import { type AugmentLimits, augmenter } from './augment.ts';
import { type Batch, batchCount, type Examples, readBatches } from './batches.ts';
import { openCheckpoint, type Progress } from './checkpoint.ts';
import type { Epoch } from './curves.ts';
import type { Engine } from './engine.ts';
import { forward, type TrainingPass } from './forward.ts';
import { gradientsOf } from './gradients.ts';
import { score } from './loss.ts';
import type { Network } from './network.ts';
import { type Adam, type AdamOptions, adam } from './optimizer.ts';
import { learningRateAt, plateausOf, type ScheduleOptions } from './schedule.ts';
import { drawWeights, readWeights, type Weights } from './weights.ts';

export interface Recipe extends AdamOptions, ScheduleOptions {
  readonly epochs: number;
  /** Largest number of images in a step. */
  readonly batch: number;
  /** Changes of the training images, or null: they are shown as they are. */
  readonly augment: AugmentLimits | null;
  /** Share of each label that is spread over all classes. */
  readonly labelSmoothing: number;
  /** Epochs without a better validation loss after which to stop; null: never. */
  readonly patience: number | null;
  readonly seed: number;
}

/** Adam at a constant rate and nothing else: what tests and measurements change one thing of. */
export const PLAIN = {
  schedule: 'constant',
  warmup: 0,
  decayEvery: 10,
  decay: 0.1,
  augment: null,
  labelSmoothing: 0,
  patience: null,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-7,
} as const;

export interface Training {
  readonly history: readonly Epoch[];
  /** The epoch with the lowest validation loss (the first of equals), or the last where nothing is validated. */
  readonly best: number;
  /** Files of weights inside the checkpoint folder: of the best epoch, and of the last. */
  readonly bestFile: string;
  readonly lastFile: string;
  /** Images a second in training steps of this attempt, validation and checkpoints not counted; null: it had none. */
  readonly imagesPerSecond: number | null;
  /** Epochs taken over from an interrupted attempt. */
  readonly resumed: number;
}

export interface Watch {
  readonly checkpoint: string;
  readonly signal: AbortSignal;
  progress(done: number, total: number, label: string, values: Record<string, number>): void;
}

/** Throws a StageError where the loss stops being a number, and whatever the signal aborts with. */
export function train(
  engine: Engine,
  network: Network,
  data: {
    readonly pixels: PixelsReader;
    readonly train: Examples;
    readonly validation: Examples;
    /** To begin with, by name; what is not in it is drawn. */
    readonly weights?: ReadonlyMap<string, Float32Array>;
  },
  recipe: Recipe,
  watch: Watch,
): Training {
  const { tf } = engine;
  const { weights: specs } = anatomy(network);
  const { epochs, batch, seed } = recipe;
  const stepsAnEpoch = batchCount(data.train.rows.length, batch);
  const total = epochs * stepsAnEpoch;

  const checkpoint = openCheckpoint(watch.checkpoint);
  const earlier = checkpoint.read();
  let progress: Progress = earlier ?? { history: [], best: 0, steps: 0 };
  let weights: Weights;
  let optimizer: Adam;
  if (earlier) {
    const epoch = earlier.history.length;
    weights = readWeights(tf, checkpoint.weightsFile(epoch), specs);
    const trainable = specs.filter((spec) => spec.trainable);
    const moments = ['m', 'v'].flatMap((moment) =>
      trainable.map(({ name, shape }) => ({ name: `${moment}:${name}`, shape, trainable: false })),
    );
    const read = readWeights(tf, checkpoint.momentsFile(epoch), moments);
    optimizer = adam(engine, weights, recipe, { moments: [...read.values()], steps: earlier.steps });
  } else {
    weights = drawWeights(tf, specs, seed, data.weights);
    optimizer = adam(engine, weights, recipe);
  }

  let trained = 0; // images
  let spent = 0; // milliseconds
  while (progress.history.length < epochs && !stopsEarly(progress, recipe.patience)) {
    const epoch = progress.history.length + 1;
    const order = random(seed, `order:${epoch}`).shuffle(data.train.rows.map((_, i) => i));
    let steps = progress.steps;
    let [loss, correct, seen, rate] = [0, 0, 0, 0];
    const { augment } = recipe;
    const change = augment && augmenter(augment, data.pixels.description.size, seed, epoch);
    const plateaus = plateausOf(
      progress.history.map(({ valLoss }) => valLoss),
      recipe.decayEvery,
    );
    for (const images of readBatches(data.pixels, data.train, order, batch, change)) {
      watch.signal.throwIfAborted();
      const start = performance.now();
      rate = learningRateAt(recipe, { step: steps, steps: total, stepsAnEpoch, plateaus });
      const settings = { rate, seed: seedOfStep(seed, steps), labelSmoothing: recipe.labelSmoothing };
      const result = step(engine, network, weights, optimizer, images, settings);
      spent += performance.now() - start;
      if (!Number.isFinite(result.loss))
        throw new StageError(
          `The loss is ${result.loss} after ${steps + 1} steps: the training diverged.`,
          `Give a learning rate below ${recipe.learningRate} (parameter learningRate).`,
        );
      steps++;
      const count = images.labels.length;
      trained += count;
      loss += result.loss;
      correct += result.correct;
      seen += count;
      watch.progress(steps, total, `epoch ${epoch}/${epochs}`, {
        loss: loss / seen,
        accuracy: correct / seen,
        'images/s': (1000 * trained) / spent,
        'seconds left': ((total - steps) * count * spent) / trained / 1000,
      });
    }
    const validated = validate(engine, network, weights, data, batch, watch.signal);
    const line: Epoch = {
      epoch,
      loss: loss / seen,
      accuracy: correct / seen,
      valLoss: validated?.loss ?? null,
      valAccuracy: validated?.accuracy ?? null,
      learningRate: rate,
    };
    const history = [...progress.history, line];
    progress = { history, best: bestEpoch(history), steps };
    checkpoint.write(progress, weights, optimizer);
  }
  optimizer.dispose();
  tf.dispose([...weights.values()]);
  return {
    history: progress.history,
    best: progress.best,
    bestFile: checkpoint.weightsFile(progress.best),
    lastFile: checkpoint.weightsFile(progress.history.length),
    imagesPerSecond: trained > 0 ? (1000 * trained) / spent : null,
    resumed: earlier?.history.length ?? 0,
  };
}

/** One step; the sum of the batch's losses and how many it got right, before the step. */
function step(
  engine: Engine,
  network: Network,
  weights: Weights,
  optimizer: Adam,
  batch: Batch,
  { rate, seed, labelSmoothing }: { rate: number; seed: number; labelSmoothing: number },
): { loss: number; correct: number } {
  const { tf } = engine;
  const images = toImages(engine, network, batch.pixels);
  const moving: { layer: string; momentum: number; mean: Tensor1D; variance: Tensor1D }[] = [];
  const training: TrainingPass = {
    seed,
    statistics: (layer, momentum, mean, variance) => moving.push({ layer, momentum, mean, variance }),
  };
  const { logits, value, gradients } = gradientsOf({
    engine,
    network,
    weights,
    images,
    training,
    loss: (logits) => {
      const labels = tf.oneHot(tf.tensor1d([...batch.labels], 'int32'), logits.shape[1]);
      return tf.losses.softmaxCrossEntropy(labels, logits, undefined, labelSmoothing);
    },
  });
  optimizer.step(rate, gradients);
  for (const { layer, momentum, mean, variance } of moving) {
    follow(engine, weights, `${layer}/moving_mean`, mean, momentum);
    follow(engine, weights, `${layer}/moving_variance`, variance, momentum);
  }
  const result = score(logits.dataSync() as Float32Array, batch.labels, logits.shape[1]);
  tf.dispose([images, logits, value, ...gradients.values()]);
  tf.dispose(moving.flatMap(({ mean, variance }) => [mean, variance]));
  return result;
}

/** moving = moving × momentum + batch × (1 − momentum). */
function follow({ tf }: Engine, weights: Weights, name: string, batch: Tensor1D, momentum: number): void {
  const moving = weights.get(name)!;
  tf.tidy(() => moving.assign(tf.add(tf.mul(moving, momentum), tf.mul(batch, 1 - momentum))));
}

/** Mean loss and accuracy on the validation part; null where it is empty. */
function validate(
  engine: Engine,
  network: Network,
  weights: Weights,
  { pixels, validation }: { pixels: PixelsReader; validation: Examples },
  batch: number,
  signal: AbortSignal,
): { loss: number; accuracy: number } | null {
  const count = validation.rows.length;
  if (count === 0) return null;
  let [loss, correct] = [0, 0];
  const order = validation.rows.map((_, i) => i);
  for (const images of readBatches(pixels, validation, order, batch)) {
    signal.throwIfAborted();
    const logits = infer(engine, network, weights, images.pixels);
    const result = score(logits, images.labels, logits.length / images.labels.length);
    loss += result.loss;
    correct += result.correct;
  }
  return { loss: loss / count, accuracy: correct / count };
}

/** Logits of uint8 images, in inference mode. */
export function infer(engine: Engine, network: Network, weights: Weights, pixels: Uint8Array): Float32Array {
  return engine.tf.tidy(
    () => forward(engine, network, weights, toImages(engine, network, pixels)).dataSync() as Float32Array,
  );
}

function toImages({ tf }: Engine, network: Network, pixels: Uint8Array): Tensor4D {
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

const seedOfStep = (seed: number, step: number): number => random(seed, `step:${step}`).uint32();

function bestEpoch(history: readonly Epoch[]): number {
  const losses = history.map(({ valLoss }) => valLoss);
  if (losses.includes(null)) return history.length;
  let best = 0;
  for (let i = 1; i < losses.length; i++) if (losses[i]! < losses[best]!) best = i;
  return best + 1;
}

const stopsEarly = ({ history, best }: Progress, patience: number | null): boolean =>
  patience !== null && history.length - best >= patience && history.length > 0;
