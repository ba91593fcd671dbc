import { StageError } from 'bloodline-ml/stage';
import { isSane } from './diverged.ts';

/** A step of a sweep: the rate that it took, and the loss before it. */
export interface SweepStep {
  readonly rate: number;
  readonly loss: number;
  /** Running mean of the losses so far, without the pull of its beginning. */
  readonly smoothed: number;
}

export interface Sweep {
  readonly steps: readonly SweepStep[];
  /** Where the smoothed loss falls fastest. */
  readonly steepest: number;
  /** A tenth of the rate with the lowest smoothed loss: what is commonly taken as the highest rate of a schedule. */
  readonly suggested: number;
}

/** How much of the running mean each step keeps. */
const KEPT = 0.9;

/**
 * Takes steps at rates that grow by the same factor, until the loss is four times its lowest (Smith 2015,
 * arXiv:1506.01186, with the smoothing of fastai).
 *
 * @param take takes a step at a rate and tells the loss before it.
 */
export function sweepRates(
  { lowest, highest, steps }: { readonly lowest: number; readonly highest: number; readonly steps: number },
  take: (rate: number, step: number) => number,
): Sweep {
  const factor = Math.exp((Math.log(highest) - Math.log(lowest)) / Math.max(1, steps - 1));
  const taken: SweepStep[] = [];
  let [rate, mean, weight, best] = [lowest, 0, 0, Number.POSITIVE_INFINITY];
  for (let step = 0; step < steps; step++, rate *= factor) {
    const loss = take(rate, step);
    if (!isSane(loss)) break;
    mean = KEPT * mean + (1 - KEPT) * loss;
    weight = KEPT * weight + (1 - KEPT);
    const smoothed = mean / weight;
    if (smoothed > 4 * best) break;
    best = Math.min(best, smoothed);
    taken.push({ rate, loss, smoothed });
  }
  const lowestAt = taken.findIndex(({ smoothed }) => smoothed === best);
  if (lowestAt < 1)
    throw new StageError(
      `The loss does not fall at any rate from ${lowest} to ${highest}.`,
      'Begin with a lower rate (parameter lowest).',
    );
  // Over five steps, and not among the first: those show what the network was drawn as, not what the rate does.
  const fall = (at: number): number => taken[Math.max(0, at - 4)]!.smoothed - taken[at]!.smoothed;
  let steepest = lowestAt;
  for (let at = Math.ceil(steps / 10) + 4; at < lowestAt; at++) if (fall(at) > fall(steepest)) steepest = at;
  return {
    steps: taken,
    steepest: taken[Math.max(0, steepest - 2)]!.rate,
    suggested: taken[lowestAt]!.rate / 10,
  };
}
