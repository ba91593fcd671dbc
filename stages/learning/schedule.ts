export type Schedule = 'constant' | 'cosine' | 'step' | 'plateau';

export interface ScheduleOptions {
  readonly schedule: Schedule;
  readonly learningRate: number;
  /** Share of all steps, 0..1, over which the rate climbs in equal steps to `learningRate`. */
  readonly warmup: number;
  /** `step`: epochs after which the rate is multiplied by `decay`, again and again. */
  readonly decayEvery: number;
  /** `step` and `plateau`: what the rate is multiplied by. */
  readonly decay: number;
}

/** Where a training is: all that a rate can depend on. */
export interface Moment {
  /** From 0. */
  readonly step: number;
  readonly steps: number;
  readonly stepsAnEpoch: number;
  /** How often the validation loss stopped falling so far. */
  readonly plateaus: number;
}

/** The learning rate of a step. */
export function learningRateAt(options: ScheduleOptions, moment: Moment): number {
  const { schedule, learningRate, warmup, decayEvery, decay } = options;
  const { step, steps, stepsAnEpoch, plateaus } = moment;
  const climbing = Math.round(warmup * steps);
  if (step < climbing) return (learningRate * (step + 1)) / climbing;
  switch (schedule) {
    case 'constant':
      return learningRate;
    case 'cosine':
      return (learningRate / 2) * (1 + Math.cos((Math.PI * (step - climbing)) / (steps - climbing)));
    case 'step':
      return multiplied(learningRate, decay, Math.floor(step / (stepsAnEpoch * decayEvery)));
    case 'plateau':
      return multiplied(learningRate, decay, plateaus);
    default:
      return schedule satisfies never;
  }
}

/**
 * How often the validation loss stayed for `wait` epochs at a stretch within 1e-4 of the lowest, or above it: the rule of
 * Keras's ReduceLROnPlateau, worked out anew from the history so that there is nothing to remember.
 */
export function plateausOf(losses: readonly (number | null)[], wait: number): number {
  let lowest = Number.POSITIVE_INFINITY;
  let [waited, plateaus] = [0, 0];
  for (const loss of losses) {
    if (loss === null) continue;
    waited++;
    if (loss < lowest - 1e-4) [lowest, waited] = [loss, 0];
    if (waited >= wait) [plateaus, waited] = [plateaus + 1, 0];
  }
  return plateaus;
}

/** value × factor × factor …: a power would round differently from one version of Node to the next. */
function multiplied(value: number, factor: number, times: number): number {
  let product = value;
  for (let i = 0; i < times; i++) product *= factor;
  return product;
}
