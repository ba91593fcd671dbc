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

/** Rows from the surest on, and after which places the confidence falls. */
function surest({ confidence }: Claims): { order: Int32Array; falls: Uint8Array } {
  const order = Int32Array.from({ length: confidence.length }, (_, i) => i).sort(
    (a, b) => confidence[b]! - confidence[a]! || a - b,
  );
  const falls = Uint8Array.from(order, (row, i) =>
    Number(i === order.length - 1 || confidence[order[i + 1]!] !== confidence[row]),
  );
  return { order, falls };
}

/** A point for each confidence that occurs, surest first. */
export function coverages(claims: Claims): Coverage[] {
  const { order, falls } = surest(claims);
  const points: Coverage[] = [];
  let wrong = 0;
  order.forEach((row, i) => {
    if (!claims.right[row]) wrong++;
    if (falls[i])
      points.push({
        threshold: claims.confidence[row]!,
        coverage: (i + 1) / order.length,
        risk: wrong / (i + 1),
      });
  });
  return points;
}

/**
 * Area under risk over coverage, by weights of the rows: the mean risk as coverage grows, equal confidences in one step.
 * 0 for no rows.
 */
export function riskAreaOf(claims: Claims): (weights: Float64Array) => number {
  const { order, falls } = surest(claims);
  const { right } = claims;
  return (weights) => {
    let [answered, wrong, before, area] = [0, 0, 0, 0];
    for (let i = 0; i < order.length; i++) {
      const row = order[i]!;
      answered += weights[row]!;
      if (right[row] === 0) wrong += weights[row]!;
      if (falls[i] === 0 || answered === before) continue;
      area += ((answered - before) * wrong) / answered;
      before = answered;
    }
    return answered === 0 ? 0 : area / answered;
  };
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
