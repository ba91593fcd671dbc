/** Whether probabilities are as often right as they say. */

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
export const BINS = 15;

/** Bins of the claims "this happens with probability p", each right or not. */
export function reliability(
  claims: ArrayLike<number>,
  right: ArrayLike<number>,
  weights?: ArrayLike<number>,
): Bin[] {
  const n = new Float64Array(BINS);
  const confidence = new Float64Array(BINS);
  const hits = new Float64Array(BINS);
  for (let i = 0; i < claims.length; i++) {
    const bin = Math.min(BINS - 1, Math.max(0, Math.ceil(claims[i]! * BINS) - 1));
    const weight = weights === undefined ? 1 : weights[i]!;
    n[bin]! += weight;
    confidence[bin]! += weight * claims[i]!;
    hits[bin]! += weight * right[i]!;
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
    let best = 0;
    for (let k = 1; k < classes; k++)
      if (probabilities[row * classes + k]! > probabilities[row * classes + best]!) best = k;
    confidence[row] = probabilities[row * classes + best]!;
    right[row] = Number(best === truth[row]);
  }
  return { confidence, right };
}

/** Mean over the classes of the calibration error of "it is this class" (Kull et al. 2019, arXiv:1910.12656). */
export function classwiseError(
  truth: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  classes: number,
  weights?: ArrayLike<number>,
): number {
  let total = 0;
  const claims = new Float64Array(truth.length);
  const right = new Uint8Array(truth.length);
  for (let k = 0; k < classes; k++) {
    for (let row = 0; row < truth.length; row++) {
      claims[row] = probabilities[row * classes + k]!;
      right[row] = Number(truth[row] === k);
    }
    total += calibrationError(reliability(claims, right, weights));
  }
  return classes === 0 ? 0 : total / classes;
}
