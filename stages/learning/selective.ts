/** What a model gets wrong when it may keep silent where it is not sure (El-Yaniv and Wiener, JMLR 11, 2010). */

import type { Claims } from './calibration.ts';

/** Answering only from this confidence up. */
export interface Coverage {
  readonly threshold: number;
  /** Share of rows answered. */
  readonly coverage: number;
  /** Share of wrong ones among those answered. */
  readonly risk: number;
}

/** A point for each confidence that occurs, surest first. */
export function coverages({ confidence, right }: Claims, weights?: ArrayLike<number>): Coverage[] {
  const order = Int32Array.from({ length: confidence.length }, (_, i) => i).sort(
    (a, b) => confidence[b]! - confidence[a]! || a - b,
  );
  const weight = (row: number): number => (weights === undefined ? 1 : weights[row]!);
  let total = 0;
  for (const row of order) total += weight(row);
  const points: Coverage[] = [];
  let [answered, wrong] = [0, 0];
  order.forEach((row, i) => {
    answered += weight(row);
    if (!right[row]) wrong += weight(row);
    const next = order[i + 1];
    if ((next === undefined || confidence[next] !== confidence[row]) && answered > 0)
      points.push({ threshold: confidence[row]!, coverage: answered / total, risk: wrong / answered });
  });
  return points;
}

/** Area under risk over coverage: the mean risk as coverage grows, equal confidences in one step. 0 for no rows. */
export function riskArea(points: readonly Coverage[]): number {
  let [area, before] = [0, 0];
  for (const { coverage, risk } of points) {
    area += (coverage - before) * risk;
    before = coverage;
  }
  return area;
}

/**
 * The lowest confidence from which at most a share `risk` of the answers is wrong, and all from there up: the most that
 * may be answered. Null where no confidence reaches that.
 */
export function thresholdFor(points: readonly Coverage[], risk: number): Coverage | null {
  return points.filter((point) => point.risk <= risk).at(-1) ?? null;
}

/** What comes of a threshold on other rows. */
export function atThreshold({ confidence, right }: Claims, threshold: number): Coverage {
  let [answered, wrong] = [0, 0];
  for (let row = 0; row < confidence.length; row++) {
    if (confidence[row]! < threshold) continue;
    answered++;
    if (!right[row]) wrong++;
  }
  return {
    threshold,
    coverage: confidence.length === 0 ? 0 : answered / confidence.length,
    risk: answered === 0 ? 0 : wrong / answered,
  };
}
