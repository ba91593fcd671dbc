import type { Engine } from '../engines/engine.ts';
import { batchCount } from './batches.ts';
import type { Progress } from './checkpoint.ts';
import type { Epoch } from './curves.ts';
import { diverged, isSane } from './diverged.ts';
import type { Feeds } from './feeds.ts';
import type { Network } from './network.ts';
import type { Optimizer } from './optimizer.ts';
import type { Phase } from './phases.ts';
import type { Recipe } from './recipe.ts';
import { learningRateAt, plateausOf } from './schedule.ts';
import { takeStep } from './step.ts';
import type { Weights } from './weights.ts';

/** What an epoch tells while it runs, and what it costs. */
export interface EpochWatch {
  readonly checkpoint: string;
  readonly signal: AbortSignal;
  progress(done: number, total: number, label: string, values: Record<string, number>): void;
  /** Of this attempt: images that were trained on, and milliseconds. */
  readonly cost: { images: number; spent: number };
}

/** All steps of an epoch, and validation. Throws a StageError where the loss stops meaning anything. */
export function trainEpoch(
  engine: Engine,
  network: Network,
  { weights, optimizer }: { readonly weights: Weights; readonly optimizer: Optimizer },
  { feed, validate }: Pick<Feeds, 'feed' | 'validate'>,
  { recipe, phase, examples }: { recipe: Recipe; phase: Phase; examples: number },
  { checkpoint, signal, progress, cost }: EpochWatch,
  { history, steps: before }: Progress,
): Progress {
  const epoch = history.length + 1;
  const stepsAnEpoch = batchCount(examples, recipe.batch);
  const total = recipe.epochs * stepsAnEpoch;
  const plateaus = plateausOf(
    history.slice(phase.after).map(({ valLoss }) => valLoss),
    recipe.decayEvery,
  );
  const rateAt = (step: number): number =>
    learningRateAt(
      { ...recipe, learningRate: phase.learningRate },
      {
        step: step - phase.after * stepsAnEpoch,
        steps: phase.epochs * stepsAnEpoch,
        stepsAnEpoch,
        plateaus,
      },
    );
  let step = before;
  let [loss, correct, seen, rate] = [0, 0, 0, 0];
  let finite: { loss: number; step: number } | null = null;
  const check = (loss: number): void => {
    if (!isSane(loss)) throw diverged({ loss, step, epoch, rate, finite, checkpoint });
  };
  let start = performance.now();
  const part = phase.frozen.cut?.head ?? network;
  for (const batch of feed(epoch)) {
    signal.throwIfAborted();
    rate = rateAt(step);
    const options = { ...recipe, ...phase.frozen, rate, step };
    const result = takeStep(engine, part, weights, optimizer, batch, options);
    const count = batch.labels.length;
    step++;
    check(result.loss / count);
    finite = { loss: result.loss / count, step };
    loss += result.loss;
    correct += result.correct;
    seen += count;
    cost.images += count;
    cost.spent += performance.now() - start;
    progress(step, total, `epoch ${epoch}/${recipe.epochs}`, {
      loss: loss / seen,
      accuracy: correct / seen,
      'images/s': (1000 * cost.images) / cost.spent,
      'seconds left': ((total - step) * count * cost.spent) / cost.images / 1000,
    });
    start = performance.now();
  }
  const validated = validate?.() ?? null;
  if (validated) check(validated.loss);
  // The last step may have ruined weights whose loss nobody has seen yet.
  check(sumOf(engine, optimizer.result));
  const line: Epoch = {
    epoch,
    loss: loss / seen,
    accuracy: correct / seen,
    valLoss: validated?.loss ?? null,
    valAccuracy: validated?.accuracy ?? null,
    learningRate: rate,
  };
  const lines = [...history, line];
  return { history: lines, best: bestEpoch(lines), steps: step };
}

/** 0, or not a number where any of the weights is none. */
function sumOf({ tf }: Engine, weights: Weights): number {
  return tf.tidy(() => tf.addN([...weights.values()].map((each) => tf.sum(tf.mul(each, 0)))).dataSync()[0]!);
}

function bestEpoch(history: readonly Epoch[]): number {
  const losses = history.map(({ valLoss }) => valLoss);
  if (losses.includes(null)) return history.length;
  let best = 0;
  for (let i = 1; i < losses.length; i++) if (losses[i]! < losses[best]!) best = i;
  return best + 1;
}
