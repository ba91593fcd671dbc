/** How well predictions fit the truth, by scikit-learn's definitions; classes are indices 0..k-1. */

/** One class seen as yes or no. 0 where the denominator is 0 (scikit-learn's `zero_division=0`). */
export interface ClassScores {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** How often the class is true. */
  readonly support: number;
}

export interface AverageScores {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

export interface Scores {
  readonly n: number;
  readonly accuracy: number;
  /** Mean recall of the classes that occur in the truth. */
  readonly balancedAccuracy: number;
  readonly perClass: readonly ClassScores[];
  /** Plain mean over the classes that occur in the truth or in the predictions (scikit-learn's default labels). */
  readonly macro: AverageScores;
  /** Mean weighted by support. */
  readonly weighted: AverageScores;
  readonly confusion: {
    /** `counts[truth][predicted]`. */
    readonly counts: readonly (readonly number[])[];
    /** Each row divided by its sum: the share of a true class that was predicted as each; all 0 for an absent class. */
    readonly rows: readonly (readonly number[])[];
  };
}

/** `counts[truth][predicted]`; `truth` and `predicted` are class indices of equal length. */
export function confusionCounts(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classes: number,
): number[][] {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < truth.length; i++) counts[truth[i]!]![predicted[i]!]! += 1;
  return counts;
}

/** All scores that follow from a confusion matrix. */
export function scores(counts: readonly (readonly number[])[]): Scores {
  const support = counts.map(sum);
  const answered = counts.map((_, j) => sum(counts.map((row) => row[j]!)));
  const n = sum(support);
  const correct = sum(counts.map((row, i) => row[i]!));
  const perClass = counts.map((row, i): ClassScores => {
    const hits = row[i]!;
    return {
      precision: ratio(hits, answered[i]!),
      recall: ratio(hits, support[i]!),
      f1: ratio(2 * hits, support[i]! + answered[i]!),
      support: support[i]!,
    };
  });
  const occurring = perClass.filter((_, i) => support[i]! + answered[i]! > 0);
  const average = (members: readonly ClassScores[], weight: (of: ClassScores) => number): AverageScores => {
    const total = sum(members.map(weight));
    const mean = (pick: (of: ClassScores) => number): number =>
      ratio(sum(members.map((of) => pick(of) * weight(of))), total);
    return { precision: mean((c) => c.precision), recall: mean((c) => c.recall), f1: mean((c) => c.f1) };
  };
  const supported = perClass.filter((scoresOf) => scoresOf.support > 0);
  return {
    n,
    accuracy: ratio(correct, n),
    balancedAccuracy: ratio(sum(supported.map(({ recall }) => recall)), supported.length),
    perClass,
    macro: average(occurring, () => 1),
    weighted: average(perClass, (scoresOf) => scoresOf.support),
    confusion: {
      counts,
      rows: counts.map((row, i) => row.map((count) => ratio(count, support[i]!))),
    },
  };
}

/** The step of float32 at 1: probabilities come from a float32 softmax, and are kept this far from 0 and 1. */
const FLOAT32_EPSILON = 1 / 8388608;

/**
 * Mean of −ln p(true class), in nats. `probabilities` holds n rows of `classes` numbers. 0 for no rows.
 *
 * @param epsilon how far probabilities are kept from 0 and 1; scikit-learn takes the step of the array's own type.
 */
export function logLoss(
  truth: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  classes: number,
  epsilon = FLOAT32_EPSILON,
): number {
  let total = 0;
  for (let i = 0; i < truth.length; i++) {
    const p = probabilities[i * classes + truth[i]!]!;
    total -= Math.log(Math.min(Math.max(p, epsilon), 1 - epsilon));
  }
  return ratio(total, truth.length);
}

/** Index of the largest of `count` numbers from `start`; the first one of equals. */
export function argMax(values: ArrayLike<number>, start: number, count: number): number {
  let best = 0;
  for (let i = 1; i < count; i++) if (values[start + i]! > values[start + best]!) best = i;
  return best;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
