import { logSumExp } from '../learning/log-sum-exp.ts';

/**
 * Linear discriminant analysis: classes are normal clouds of one shape (Fisher 1936), each as likely as the others, as
 * they are for the networks, which learn from balanced classes.
 */
export interface LinearDiscriminant {
  /** Posterior probabilities, rows × classes, of rows × width features. */
  predict(features: Float64Array): Float64Array;
}

/**
 * A spread this small beside the data's own counts as none, so that features that never vary within a class, or follow
 * from others, do no harm (and a size that all cells of one class share still tells it).
 */
const RIDGE = 1e-6;

/**
 * Fits class means and the pooled covariance.
 *
 * @param features rows × width; @param labels class index of each row.
 */
export function fitLinearDiscriminant(
  features: Float64Array,
  labels: readonly number[],
  classes: number,
): LinearDiscriminant {
  const n = labels.length;
  const width = n === 0 ? 0 : features.length / n;
  const scale = deviations(features, n, width);
  const counts = new Float64Array(classes);
  const means = new Float64Array(classes * width); // of scaled features
  labels.forEach((label, row) => {
    counts[label]! += 1;
    for (let j = 0; j < width; j++) means[label * width + j]! += features[row * width + j]! / scale[j]!;
  });
  for (let label = 0; label < classes; label++)
    for (let j = 0; j < width; j++) means[label * width + j]! /= Math.max(1, counts[label]!);
  const covariance = new Float64Array(width * width);
  labels.forEach((label, row) => {
    const off = (j: number): number => features[row * width + j]! / scale[j]! - means[label * width + j]!;
    for (let i = 0; i < width; i++)
      for (let j = 0; j <= i; j++) covariance[i * width + j]! += (off(i) * off(j)) / n;
  });
  for (let i = 0; i < width; i++) covariance[i * width + i]! += RIDGE;
  const factor = cholesky(covariance, width);
  const coefficients = Array.from({ length: classes }, (_, label) =>
    solve(factor, means.subarray(label * width, (label + 1) * width), width),
  );
  const offsets = coefficients.map((of, label) => {
    let half = 0;
    for (let j = 0; j < width; j++) half += of[j]! * means[label * width + j]! * 0.5;
    // A class that was never seen is never answered.
    return counts[label] === 0 ? Number.NEGATIVE_INFINITY : -half;
  });
  return {
    predict(rows) {
      const count = width === 0 ? 0 : rows.length / width;
      const posterior = new Float64Array(count * classes);
      const scores = new Float64Array(classes);
      for (let row = 0; row < count; row++) {
        coefficients.forEach((of, label) => {
          let score = offsets[label]!;
          for (let j = 0; j < width; j++) score += (of[j]! * rows[row * width + j]!) / scale[j]!;
          scores[label] = score;
        });
        const log = logSumExp(scores, 0, classes, 1);
        for (let label = 0; label < classes; label++)
          posterior[row * classes + label] = Math.exp(scores[label]! - log);
      }
      return posterior;
    },
  };
}

/** Standard deviation of each feature over all rows; 1 where it never varies. */
function deviations(features: Float64Array, n: number, width: number): Float64Array {
  return Float64Array.from({ length: width }, (_, j) => {
    let [mean, squares] = [0, 0];
    for (let row = 0; row < n; row++) mean += features[row * width + j]! / n;
    for (let row = 0; row < n; row++) {
      const off = features[row * width + j]! - mean;
      squares += (off * off) / n;
    }
    return squares > 0 ? Math.sqrt(squares) : 1;
  });
}

/** Lower triangle L with L·Lᵀ = matrix. */
function cholesky(matrix: Float64Array, width: number): Float64Array {
  const lower = new Float64Array(matrix.length);
  for (let i = 0; i < width; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * width + j]!;
      for (let k = 0; k < j; k++) sum -= lower[i * width + k]! * lower[j * width + k]!;
      lower[i * width + j] = i === j ? Math.sqrt(Math.max(sum, RIDGE * RIDGE)) : sum / lower[j * width + j]!;
    }
  }
  return lower;
}

/** x with L·Lᵀ·x = right. */
function solve(lower: Float64Array, right: Float64Array, width: number): Float64Array {
  const x = Float64Array.from(right);
  for (let i = 0; i < width; i++) {
    for (let k = 0; k < i; k++) x[i]! -= lower[i * width + k]! * x[k]!;
    x[i]! /= lower[i * width + i]!;
  }
  for (let i = width - 1; i >= 0; i--) {
    for (let k = i + 1; k < width; k++) x[i]! -= lower[k * width + i]! * x[k]!;
    x[i]! /= lower[i * width + i]!;
  }
  return x;
}
