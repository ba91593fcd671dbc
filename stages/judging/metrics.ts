/** How well predictions fit the truth, by scikit-learn's definitions; classes are indices 0..k-1. */

/** One class seen as yes or no. 0 where the denominator is 0 (scikit-learn's `zero_division=0`). */
export interface ClassScores {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Share of the other classes' rows that were not taken for this one. */
  readonly specificity: number;
  /** How often the class is true. */
  readonly support: number;
  /** How often it was the answer. */
  readonly answered: number;
}

export interface AverageScores {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly specificity: number;
}

export interface Scores {
  readonly n: number;
  readonly accuracy: number;
  /** Mean recall of the classes that occur in the truth. */
  readonly balancedAccuracy: number;
  /** Cohen's kappa: agreement beyond what the same answers in any order would have; 0 where that is all of it. */
  readonly kappa: number;
  /** Matthews' correlation of truth and answers (Gorodkin 2004 for several classes); 0 where one of them is constant. */
  readonly mcc: number;
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

/** `counts[truth][predicted]`; `truth` and `predicted` are class indices of equal length, each row counts `weights` times. */
export function confusionCounts(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classes: number,
  weights?: ArrayLike<number>,
): number[][] {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < truth.length; i++)
    counts[truth[i]!]![predicted[i]!]! += weights === undefined ? 1 : weights[i]!;
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
      specificity: ratio(n - support[i]! - answered[i]! + hits, n - support[i]!),
      support: support[i]!,
      answered: answered[i]!,
    };
  });
  const occurring = perClass.filter((_, i) => support[i]! + answered[i]! > 0);
  const average = (members: readonly ClassScores[], weight: (of: ClassScores) => number): AverageScores => {
    const total = sum(members.map(weight));
    const mean = (pick: (of: ClassScores) => number): number =>
      ratio(sum(members.map((of) => pick(of) * weight(of))), total);
    return {
      precision: mean((c) => c.precision),
      recall: mean((c) => c.recall),
      f1: mean((c) => c.f1),
      specificity: mean((c) => c.specificity),
    };
  };
  // By the shares of each class among the true and the given answers.
  const chance = sum(support.map((count, i) => count * answered[i]!));
  const spreadOf = (counted: readonly number[]): number => n * n - sum(counted.map((count) => count * count));
  const supported = perClass.filter((scoresOf) => scoresOf.support > 0);
  return {
    n,
    accuracy: ratio(correct, n),
    balancedAccuracy: ratio(sum(supported.map(({ recall }) => recall)), supported.length),
    kappa: ratio(n * correct - chance, n * n - chance),
    mcc: ratio(n * correct - chance, Math.sqrt(spreadOf(support)) * Math.sqrt(spreadOf(answered))),
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

/** −ln p(true class) of each row, in nats. See `logLoss`. */
export function logLosses(
  truth: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  classes: number,
  epsilon = FLOAT32_EPSILON,
): Float64Array {
  return Float64Array.from({ length: truth.length }, (_, i) => {
    const p = probabilities[i * classes + truth[i]!]!;
    return -Math.log(Math.min(Math.max(p, epsilon), 1 - epsilon));
  });
}

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
  return ratio(sum([...logLosses(truth, probabilities, classes, epsilon)]), truth.length);
}

/** Σ (p − 1 of the true class, p of the others)² of each row, 0..2: the mean over rows is the Brier score. */
export function squaredErrors(
  truth: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  classes: number,
): Float64Array {
  return Float64Array.from({ length: truth.length }, (_, row) => {
    let total = 0;
    for (let k = 0; k < classes; k++) {
      const off = probabilities[row * classes + k]! - Number(truth[row] === k);
      total += off * off;
    }
    return total;
  });
}

/**
 * 1 where the true class is among the `k` likeliest of its row, else 0. Of equal probabilities the first class goes
 * first, so that `k` = 1 is what `argMax` answers.
 */
export function amongTop(
  truth: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  classes: number,
  k: number,
): Float64Array {
  return Float64Array.from({ length: truth.length }, (_, row) => {
    const label = truth[row]!;
    const own = probabilities[row * classes + label]!;
    let ahead = 0;
    for (let other = 0; other < classes; other++) {
      const p = probabilities[row * classes + other]!;
      if (p > own || (p === own && other < label)) ahead++;
    }
    return Number(ahead < k);
  });
}

/** Index of the largest of `count` numbers from `start`; the first one of equals. */
export function argMax(values: ArrayLike<number>, start: number, count: number): number {
  let best = 0;
  for (let i = 1; i < count; i++) if (values[start + i]! > values[start + best]!) best = i;
  return best;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

/** The class of each row: the likeliest, the first of equals. */
export const answers = (probabilities: ArrayLike<number>, classes: number): number[] =>
  Array.from({ length: probabilities.length / classes }, (_, row) =>
    argMax(probabilities, row * classes, classes),
  );
