import { random } from '../imaging/random.ts';
import { type Interval, quantile } from './statistics.ts';
import { studentP } from './student.ts';

/** Enough for two figures of a percentile; a fixed seed, so that the same predictions give the same interval. */
const RESAMPLES = 2000;

/** Below this many groups the percentiles of a cluster bootstrap are surer of themselves than they should be. */
export const FEW_GROUPS = 20;

/** A statistic of rows that count as often as their weights say; null where it is not defined for them. */
export type Statistic = number | null;

/**
 * Values of statistics when whole groups are drawn again with replacement (cluster bootstrap; Davison and Hinkley,
 * Bootstrap Methods, 1997, 3.8). Cells of one smear resemble each other: an interval that takes them for independent
 * is too narrow.
 *
 * @param groups of each row.
 * @param statistics from weights (how often each row was drawn) to numbers, always equally many.
 * @returns for each statistic its value in each draw, NaN where it was not defined; no draws where there are not two groups to draw from.
 */
export function groupDraws(
  groups: readonly string[],
  statistics: (weights: Float64Array) => readonly Statistic[],
  purpose: string,
): Float64Array[] {
  const names = new Map<string, number>();
  const groupOf = groups.map((group) => {
    const known = names.get(group) ?? names.size;
    names.set(group, known);
    return known;
  });
  const draws = random(0, `bootstrap:${purpose}`);
  const times = new Float64Array(names.size);
  const weights = new Float64Array(groups.length);
  const values = statistics(weights.fill(1)).map(() => new Float64Array(names.size < 2 ? 0 : RESAMPLES));
  if (names.size < 2) return values;
  for (let round = 0; round < RESAMPLES; round++) {
    times.fill(0);
    for (let i = 0; i < names.size; i++) times[draws.integer(names.size)]! += 1;
    for (let row = 0; row < weights.length; row++) weights[row] = times[groupOf[row]!]!;
    statistics(weights).forEach((value, at) => {
      values[at]![round] = value ?? Number.NaN;
    });
  }
  return values;
}

/** The 2.5 and 97.5 % points; null where the statistic was undefined in more than a twentieth of the draws. */
export function percentileInterval(draws: Float64Array): Interval | null {
  const sorted = draws.filter((value) => !Number.isNaN(value)).sort();
  if (sorted.length === 0 || sorted.length < RESAMPLES * 0.95) return null;
  return [quantile(sorted, 0.025), quantile(sorted, 0.975)];
}

/**
 * Two-sided p value of "the mean difference is 0": the larger of two, so that few groups prove little.
 *
 * The share of draws on the other side of 0, doubled, the observed one counted in so that it is never 0 (Davison and
 * Hinkley, 4.2), is too sure with few groups; Student's t of the difference over the spread of the draws, with a degree
 * of freedom less than groups, is what is advised then (Cameron, Gelbach and Miller, REStat 90, 2008). Where the draws
 * have no spread, what a sign test over the groups could give at best. 1 for no draws.
 */
export function bootstrapP(draws: Float64Array, difference: number, groups: number): number {
  if (draws.length === 0) return 1;
  let [atMost, atLeast, mean] = [1, 1, 0];
  for (const value of draws) {
    if (value <= 0) atMost++;
    if (value >= 0) atLeast++;
    mean += value / draws.length;
  }
  const share = Math.min(1, (2 * Math.min(atMost, atLeast)) / (draws.length + 1));
  const spread = Math.sqrt(
    draws.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / (draws.length - 1),
  );
  const sign = groups > 30 ? 0 : 2 / (1 << groups);
  return Math.max(share, spread < 1e-9 ? sign : studentP(difference / spread, groups - 1));
}
