/**
 * How well scores put the positive rows first: receiver operating characteristic and precision-recall curves, and the
 * areas under them, by scikit-learn's definitions (`roc_curve`, `roc_auc_score`, `precision_recall_curve`,
 * `average_precision_score`). Equal scores are one step of a curve.
 */

/** Rows from the highest score to the lowest. */
export interface Ranked {
  /** Row of each place. */
  readonly rows: Int32Array;
  readonly positive: Uint8Array;
  readonly scores: Float64Array;
  /** For each run of equal scores, the place after its last. */
  readonly ends: Int32Array;
}

/** @param rowOf the row that an entry belongs to, where entries are not rows (micro averages). */
export function rank(
  scores: ArrayLike<number>,
  positive: ArrayLike<boolean | number>,
  rowOf: (entry: number) => number = (entry) => entry,
): Ranked {
  const order = Int32Array.from({ length: scores.length }, (_, i) => i).sort(
    (a, b) => scores[b]! - scores[a]! || a - b,
  );
  const sorted = Float64Array.from(order, (entry) => scores[entry]!);
  const ends: number[] = [];
  for (let i = 1; i <= sorted.length; i++)
    if (i === sorted.length || sorted[i] !== sorted[i - 1]) ends.push(i);
  return {
    rows: order.map(rowOf),
    positive: Uint8Array.from(order, (entry) => Number(positive[entry])),
    scores: sorted,
    ends: Int32Array.from(ends),
  };
}

export interface Areas {
  /** Null without a positive or a negative row. */
  readonly roc: number | null;
  /** Average precision: Σ (Rₙ − Rₙ₋₁) Pₙ, no interpolation. Null without a positive row. */
  readonly pr: number | null;
}

/** Areas where each row counts as often as its weight says. */
export function areas({ rows, positive, ends }: Ranked, weights: Float64Array): Areas {
  let [positives, negatives] = [0, 0]; // so far
  let [pairs, precision] = [0, 0];
  let start = 0;
  for (let g = 0; g < ends.length; g++) {
    const end = ends[g]!;
    let [plus, minus] = [0, 0];
    for (let i = start; i < end; i++) {
      const weight = weights[rows[i]!]!;
      if (positive[i]) plus += weight;
      else minus += weight;
    }
    pairs += minus * (positives + plus / 2);
    positives += plus;
    negatives += minus;
    if (plus > 0) precision += (plus * positives) / (positives + negatives);
    start = end;
  }
  return {
    roc: positives > 0 && negatives > 0 ? pairs / (positives * negatives) : null,
    pr: positives > 0 ? precision / positives : null,
  };
}

/** A point of the curves: what is answered "yes" from this score up. */
export interface CurvePoint {
  readonly threshold: number;
  readonly falsePositiveRate: number;
  /** Also the recall. */
  readonly truePositiveRate: number;
  readonly precision: number;
}

/** All points, highest threshold first. Empty where one of the areas is not defined. */
export function curvePoints({ positive, scores, ends }: Ranked): CurvePoint[] {
  const total = positive.reduce((sum, of) => sum + of, 0);
  if (total === 0 || total === positive.length) return [];
  const points: CurvePoint[] = [];
  let hits = 0;
  let start = 0;
  for (const end of ends) {
    for (let i = start; i < end; i++) hits += positive[i]!;
    points.push({
      threshold: scores[start]!,
      falsePositiveRate: (end - hits) / (positive.length - total),
      truePositiveRate: hits / total,
      precision: hits / end,
    });
    start = end;
  }
  return points;
}
