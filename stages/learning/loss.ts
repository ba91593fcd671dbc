import { logSumExp } from './log-sum-exp.ts';

/** Class probabilities of each row: softmax over N×classes logits. */
export function softmax(logits: Float32Array, classes: number): Float32Array {
  const probabilities = new Float32Array(logits.length);
  for (let start = 0; start < logits.length; start += classes) {
    const row = logits.subarray(start, start + classes);
    const highest = row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    let sum = 0;
    for (const logit of row) sum += Math.exp(logit - highest);
    for (let c = 0; c < classes; c++) probabilities[start + c] = Math.exp(row[c]! - highest) / sum;
  }
  return probabilities;
}

/** How many labels have the highest logit of their row, the first of equals, of N×classes. */
export function correctOf(logits: Float32Array, labels: ArrayLike<number>, classes: number): number {
  let correct = 0;
  for (let i = 0; i < labels.length; i++) {
    const row = logits.subarray(i * classes, (i + 1) * classes);
    const highest = row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    if (row.indexOf(highest) === labels[i]) correct++;
  }
  return correct;
}

/** Sum of −target × ln p over N×classes logits and targets. */
export function weightedLoss(logits: Float32Array, targets: Float32Array, classes: number): number {
  let loss = 0;
  for (let start = 0; start < logits.length; start += classes) {
    const level = logSumExp(logits, start, classes, 1);
    for (let c = 0; c < classes; c++) loss += targets[start + c]! * (level - logits[start + c]!);
  }
  return loss;
}
