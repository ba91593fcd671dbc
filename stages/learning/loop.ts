/**
 * The training loop: steps of an optimizer on shuffled batches, validation after each epoch, a checkpoint after each
 * epoch. Everything drawn comes from one seed and says what it is for, so that a training that was interrupted and
 * resumed takes the very steps of one that was not.
 */

import type { Engine } from '../engines/engine.ts';
import { anatomy } from './anatomy.ts';
import { batchCount } from './batches.ts';
import { type Checkpoint, openCheckpoint, type Progress } from './checkpoint.ts';
import type { Epoch } from './curves.ts';
import { trainEpoch } from './epoch.ts';
import { type FeedData, openFeeds } from './feeds.ts';
import type { Network } from './network.ts';
import { openOptimizer, type Remembered, slotCount } from './optimizer.ts';
import { type Phase, phasesOf } from './phases.ts';
import type { Recipe } from './recipe.ts';
import { drawWeights, readTensors, readWeights, type Weights } from './weights.ts';

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
  progress(done: number, total: number, label: string, values?: Record<string, number>): void;
  /** Something a person should know. */
  warn?(message: string): void;
}

export interface TrainingData extends FeedData {
  /** To begin with, by name; what is not in it is drawn. */
  readonly weights?: ReadonlyMap<string, Float32Array>;
}

/** What all phases share. */
interface Session {
  readonly engine: Engine;
  readonly network: Network;
  readonly weights: Weights;
  readonly data: TrainingData;
  readonly recipe: Recipe;
  readonly watch: Watch & { readonly cost: { images: number; spent: number } };
  readonly checkpoint: Checkpoint;
}

/** Throws a StageError where the loss stops being a number, and whatever the signal aborts with. */
export function train(
  engine: Engine,
  network: Network,
  data: TrainingData,
  recipe: Recipe,
  watch: Watch,
): Training {
  const phases = phasesOf(network, recipe);
  const { weights: specs } = anatomy(network);
  const checkpoint = openCheckpoint(watch.checkpoint, engine);
  const { earlier, stranger } = checkpoint;
  if (stranger) watch.warn?.(`The checkpoint is of another engine, ${stranger}: the training begins anew.`);
  const weights = earlier
    ? readWeights(engine.tf, checkpoint.weightsFile(earlier.history.length), specs)
    : drawWeights(engine.tf, specs, recipe.seed, data.weights);
  const cost = { images: 0, spent: 0 };
  const session = { engine, network, weights, data, recipe, watch: { ...watch, cost }, checkpoint };
  let progress: Progress = earlier ?? { history: [], best: 0, steps: 0 };
  for (const phase of phases)
    if (progress.history.length < phase.after + phase.epochs)
      progress = trainPhase(session, phase, phase === phases.at(-1), progress);
  engine.tf.dispose([...weights.values()]);
  return {
    history: progress.history,
    best: progress.best,
    bestFile: checkpoint.weightsFile(progress.best),
    lastFile: checkpoint.weightsFile(progress.history.length),
    imagesPerSecond: cost.images > 0 ? (1000 * cost.images) / cost.spent : null,
    resumed: earlier?.history.length ?? 0,
  };
}

/** The epochs of a phase that are still to come. Afterwards the weights are its result. */
function trainPhase(session: Session, phase: Phase, isLast: boolean, before: Progress): Progress {
  const { engine, network, weights, data, recipe, watch, checkpoint } = session;
  const { learning } = phase.frozen;
  for (const [name, weight] of weights) weight.trainable = learning.includes(name);
  const optimizer = openOptimizer(engine, weights, learning, recipe, remembered(session, phase, before));
  const plan = { recipe, phase, checkpoint, examples: data.train.rows.length };
  const { result } = optimizer;
  const feeds = openFeeds(engine, network, { weights, result }, data, plan, watch);
  let progress = before;
  try {
    while (
      progress.history.length < phase.after + phase.epochs &&
      !(isLast && stopsEarly(progress, phase.after, recipe.patience))
    ) {
      progress = trainEpoch(engine, network, { weights, optimizer }, feeds, plan, watch, progress);
      checkpoint.write(progress, optimizer);
    }
  } finally {
    feeds.close();
  }
  optimizer.finish();
  return progress;
}

/** What the optimizer knew when the checkpoint was written; undefined at the beginning of a phase. */
function remembered(
  { network, data, recipe, checkpoint }: Session,
  { after, frozen }: Phase,
  { history }: Progress,
): Remembered | undefined {
  if (history.length <= after) return undefined;
  const steps = (history.length - after) * batchCount(data.train.rows.length, recipe.batch);
  const learning = anatomy(network).weights.filter(({ name }) => frozen.learning.includes(name));
  const shapes = Array.from({ length: slotCount(recipe) }, () => learning).flat();
  return { steps, slots: readTensors(checkpoint.slotsFile(history.length), shapes) };
}

const stopsEarly = ({ history, best }: Progress, after: number, patience: number | null): boolean =>
  patience !== null && history.length > after && history.length - Math.max(best, after) >= patience;
