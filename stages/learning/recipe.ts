import type { AugmentLimits } from './augment.ts';
import type { Precision } from './forward.ts';
import type { OptimizerOptions } from './optimizer.ts';
import type { PhaseOptions } from './phases.ts';
import type { ScheduleOptions } from './schedule.ts';
import type { TargetOptions } from './targets.ts';

/** All that decides how a network is trained, beside the data. */
export interface Recipe extends OptimizerOptions, ScheduleOptions, PhaseOptions, TargetOptions {
  /** Largest number of images in a step. */
  readonly batch: number;
  /** Largest number of images that are computed at once, whose gradients are summed up; null: the batch. */
  readonly microbatch: number | null;
  /** Changes of the training images, or null: they are shown as they are. */
  readonly augment: AugmentLimits | null;
  /** Also in epochs in which a part of the network is frozen that could be worked out once instead. */
  readonly augmentFrozen: boolean;
  /** Both parameters of the beta distribution by whose draws images are blended; 0: none is. */
  readonly mixup: number;
  /** Epochs without a better validation loss after which to stop; null: never. */
  readonly patience: number | null;
  /** Of convolutions and products of matrices in training steps, where the engine can choose. */
  readonly precision: Precision;
  readonly seed: number;
}

/** Adam at a constant rate and nothing else: what tests and measurements change one thing of. */
export const PLAIN = {
  optimizer: 'adam',
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-7,
  momentum: 0.9,
  nesterov: true,
  weightDecay: null,
  clipNorm: null,
  ema: null,
  schedule: 'constant',
  warmup: 0,
  decayEvery: 10,
  decay: 0.1,
  freeze: 'none',
  headEpochs: 0,
  thawedRate: 0.1,
  labelSmoothing: 0,
  classWeights: null,
  microbatch: null,
  augment: null,
  augmentFrozen: false,
  mixup: 0,
  patience: null,
  precision: 'float32',
} as const;
