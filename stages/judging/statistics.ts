/** How far a measured number can be trusted: intervals and paired tests. */
/** Two ends, low first. */
export type Interval = readonly [low: number, high: number];

/** The 97.5 % point of the standard normal distribution. */
const Z95 = 1.959963984540054;

/** 95 % interval of a share: `hits` of `n` independent trials (E. B. Wilson, JASA 22, 1927). [0, 1] for no trials. */
export function wilson(hits: number, n: number): Interval {
  if (n === 0) return [0, 1];
  const p = hits / n;
  const z2 = (Z95 * Z95) / n;
  const centre = p + z2 / 2;
  const half = Z95 * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n));
  return [
    hits === 0 ? 0 : Math.max(0, (centre - half) / (1 + z2)),
    hits === n ? 1 : Math.min(1, (centre + half) / (1 + z2)),
  ];
}

/** The smallest interval that holds both. */
export const wider = (a: Interval, b: Interval): Interval => [Math.min(a[0], b[0]), Math.max(a[1], b[1])];

/** Linear between order statistics (R's type 7, NumPy's default). `sorted` is not empty. */
export function quantile(sorted: ArrayLike<number>, q: number): number {
  const at = q * (sorted.length - 1);
  const below = Math.floor(at);
  const low = sorted[below]!;
  return low + (at - below) * ((sorted[below + 1] ?? low) - low);
}

/**
 * Two-sided exact McNemar test (Q. McNemar, Psychometrika 12, 1947): how often two models that are equally good would
 * differ by at least as much. 1 where they never differ.
 *
 * @param onlyA rows that only the first model got right.
 * @param onlyB rows that only the second got right.
 */
export function mcnemar(onlyA: number, onlyB: number): number {
  const n = onlyA + onlyB;
  const less = Math.min(onlyA, onlyB);
  // ln of C(n, k) / 2^n, from k = 0 up.
  let log = -n * Math.LN2;
  let tail = 0;
  for (let k = 0; k <= less; k++) {
    if (k > 0) log += Math.log((n - k + 1) / k);
    tail += Math.exp(log);
  }
  return Math.min(1, 2 * tail);
}

/** p values of several tests at once, each raised so that one false alarm among all stays below the level (S. Holm, 1979). */
export function holm(p: readonly number[]): number[] {
  const order = [...p.keys()].sort((a, b) => p[a]! - p[b]! || a - b);
  const adjusted = new Array<number>(p.length);
  let before = 0;
  order.forEach((index, rank) => {
    before = Math.max(before, Math.min(1, (p.length - rank) * p[index]!));
    adjusted[index] = before;
  });
  return adjusted;
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Standard deviation with n − 1; null for fewer than two. */
export function deviation(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const middle = mean(values);
  return Math.sqrt(
    values.reduce((sum, value) => sum + (value - middle) * (value - middle), 0) / (values.length - 1),
  );
}
