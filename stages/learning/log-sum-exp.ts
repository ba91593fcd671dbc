/** ln Σ exp(a zₖ) over `count` numbers from `start`, without overflow. */
export function logSumExp(z: ArrayLike<number>, start: number, count: number, a: number): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < count; k++) most = Math.max(most, z[start + k]! * a);
  let sum = 0;
  for (let k = 0; k < count; k++) sum += Math.exp(z[start + k]! * a - most);
  return most + Math.log(sum);
}
