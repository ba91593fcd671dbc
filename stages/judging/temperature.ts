import { logSumExp } from '../learning/log-sum-exp.ts';

/** How far a temperature is looked for: beyond, a model is sure of everything or of nothing. */
const [COLDEST, HOTTEST] = [0.05, 20];

/**
 * The temperature T that makes softmax(logits / T) most likely on these rows (Guo et al. 2017, arXiv:1706.04599). The
 * loss is convex in 1/T, so bisection of its slope finds the one minimum; where that lies outside .05..20 the end is
 * taken. 1 for no rows. The order of the classes, and so every answer, stays.
 *
 * @param logits rows × classes.
 */
export function fitTemperature(truth: ArrayLike<number>, logits: ArrayLike<number>, classes: number): number {
  if (truth.length === 0) return 1;
  let [low, high] = [1 / HOTTEST, 1 / COLDEST]; // of 1/T
  if (slope(truth, logits, classes, low) >= 0) return HOTTEST;
  if (slope(truth, logits, classes, high) <= 0) return COLDEST;
  // 60 halvings leave less than a float64 can hold.
  for (let round = 0; round < 60; round++) {
    const middle = (low + high) / 2;
    if (slope(truth, logits, classes, middle) > 0) high = middle;
    else low = middle;
  }
  return 2 / (low + high);
}

/** d/da of the mean loss at a = 1/T: the mean of E[z] − z(true class). */
function slope(truth: ArrayLike<number>, logits: ArrayLike<number>, classes: number, a: number): number {
  let total = 0;
  for (let row = 0; row < truth.length; row++) {
    const at = row * classes;
    const log = logSumExp(logits, at, classes, a);
    let expected = 0;
    for (let k = 0; k < classes; k++) {
      const z = logits[at + k]!;
      expected += z * Math.exp(z * a - log);
    }
    total += expected - logits[at + truth[row]!]!;
  }
  return total / truth.length;
}

/** softmax(logits / T), rows × classes, in float64. */
export function withTemperature(
  logits: ArrayLike<number>,
  classes: number,
  temperature: number,
): Float64Array {
  const probabilities = new Float64Array(logits.length);
  for (let at = 0; at < logits.length; at += classes) {
    const log = logSumExp(logits, at, classes, 1 / temperature);
    for (let k = 0; k < classes; k++) probabilities[at + k] = Math.exp(logits[at + k]! / temperature - log);
  }
  return probabilities;
}
