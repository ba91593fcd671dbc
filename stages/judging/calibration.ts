/** Whether probabilities are as often right as they say. */
import { argMax } from './metrics.ts';

/** A bar of the reliability diagram. */
export interface Bin {
  /** Confidences above `from` up to and with `to` (the first bin also holds 0). */
  readonly from: number;
  readonly to: number;
  readonly n: number;
  /** Means over the bin; 0 where it is empty. */
  readonly confidence: number;
  readonly accuracy: number;
}

/** Equal bins over 0..1, as in Guo et al. 2017 (arXiv:1706.04599). */
const BINS = 15;

/** Bins of the claims "this happens with probability p", each right or not. */
export function reliability(claims: ArrayLike<number>, right: ArrayLike<number>): Bin[] {
  const n = new Float64Array(BINS);
  const confidence = new Float64Array(BINS);
  const hits = new Float64Array(BINS);
  for (let i = 0; i < claims.length; i++) {
    const bin = binOf(claims[i]!);
    n[bin]! += 1;
    confidence[bin]! += claims[i]!;
    hits[bin]! += right[i]!;
  }
  return Array.from(n, (count, bin) => ({
    from: bin / BINS,
    to: (bin + 1) / BINS,
    n: count,
    confidence: count === 0 ? 0 : confidence[bin]! / count,
    accuracy: count === 0 ? 0 : hits[bin]! / count,
  }));
}

/** Expected calibration error: mean distance of confidence and accuracy, bins weighted by their rows. 0 for no rows. */
export function calibrationError(bins: readonly Bin[]): number {
  const total = bins.reduce((sum, { n }) => sum + n, 0);
  if (total === 0) return 0;
  return (
    bins.reduce((sum, { n, confidence, accuracy }) => sum + n * Math.abs(confidence - accuracy), 0) / total
  );
}

/** The likeliest class of each row: how sure the model is of it, and whether it is right. */
export interface Claims {
  readonly confidence: Float64Array;
  readonly right: Uint8Array;
}

export function topClaims(
  truth: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  classes: number,
): Claims {
  const confidence = new Float64Array(truth.length);
  const right = new Uint8Array(truth.length);
  for (let row = 0; row < truth.length; row++) {
    const best = argMax(probabilities, row * classes, classes);
    confidence[row] = probabilities[row * classes + best]!;
    right[row] = Number(best === truth[row]);
  }
  return { confidence, right };
}

/**
 * The same error as a function of weights, with the bins looked up once: what a bootstrap asks thousands of times.
 *
 * @param claims of each row, and whether each is right.
 */
export function calibrationErrorOf(
  claims: ArrayLike<number>,
  right: ArrayLike<number>,
): (weights: Float64Array) => number {
  const rows = claims.length;
  const bins = Uint8Array.from({ length: rows }, (_, row) => binOf(claims[row]!));
  // What a row adds to its bin's sum of confidence less hits.
  const gaps = Float64Array.from({ length: rows }, (_, row) => claims[row]! - right[row]!);
  const sums = new Float64Array(BINS);
  return (weights) => {
    sums.fill(0);
    let total = 0;
    for (let row = 0; row < rows; row++) {
      const weight = weights[row]!;
      sums[bins[row]!]! += weight * gaps[row]!;
      total += weight;
    }
    if (total === 0) return 0;
    let error = 0;
    for (const sum of sums) error += Math.abs(sum);
    return error / total;
  };
}

const binOf = (claim: number): number => Math.min(BINS - 1, Math.max(0, Math.ceil(claim * BINS) - 1));

/** Mean over the classes of the calibration error of "it is this class" (Kull et al. 2019, arXiv:1910.12656), by weights. */
export function classwiseErrorOf(
  truth: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  classes: number,
): (weights: Float64Array) => number {
  const each = Array.from({ length: classes }, (_, k) =>
    calibrationErrorOf(
      Float64Array.from({ length: truth.length }, (_, row) => probabilities[row * classes + k]!),
      Uint8Array.from({ length: truth.length }, (_, row) => Number(truth[row] === k)),
    ),
  );
  return (weights) => each.reduce((sum, error) => sum + error(weights), 0) / Math.max(1, classes);
}
