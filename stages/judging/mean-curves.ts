/**
 * One curve out of those of several trainings: the mean at each place of the axis, and how far trainings lie from it
 * (vertical averaging: Fawcett, Pattern Recognition Letters 27, 2006). A single training keeps its own points.
 */
import type { Bin } from './calibration.ts';
import type { Calibration, Selection } from './evaluation.ts';
import type { CurvePoint } from './ranking-areas.ts';
import type { Coverage } from './selective.ts';
import { deviation, mean } from './statistics.ts';

/** Shares 0..1. */
export interface MeanPoint {
  readonly x: number;
  readonly y: number;
  /** Standard deviation of y between trainings; null for a single one. */
  readonly deviation: number | null;
}

export interface MeanBin extends Bin {
  /** Standard deviation of the accuracy between the trainings that have cells in the bin; null for fewer than two. */
  readonly deviation: number | null;
}

/** Places of the axis where curves of several trainings are averaged. */
const STEPS = 50;
const GRID = Array.from({ length: STEPS + 1 }, (_, i) => i / STEPS);

type Point = readonly [x: number, y: number];

/** @param at the height of a curve at a place, null where it has none. */
function meanCurve(
  curves: readonly (readonly Point[])[],
  at: (points: readonly Point[], x: number) => number | null,
): MeanPoint[] {
  const drawn = curves.filter(({ length }) => length > 0);
  if (drawn.length < 2) return (drawn[0] ?? []).map(([x, y]) => ({ x, y, deviation: null }));
  return GRID.flatMap((x) => {
    const values = drawn.map((points) => at(points, x));
    if (values.some((value) => value === null)) return [];
    return [{ x, y: mean(values as number[]), deviation: deviation(values as number[]) }];
  });
}

/** Between its points a ROC curve is straight; where it climbs straight up, its top counts. */
function straight(points: readonly Point[], x: number): number {
  const after = points.findIndex(([at]) => at > x);
  if (after < 0) return points.at(-1)![1];
  const [x1, y1] = points[after]!;
  const [x0, y0] = after === 0 ? [0, 0] : points[after - 1]!;
  return y0 + ((x - x0) / (x1 - x0)) * (y1 - y0);
}

/** A curve of steps: the first point that reaches a place. Null where that asks for less than one cell. */
function step(points: readonly Point[], x: number): number | null {
  const first = points.find(([at]) => at >= x);
  return x === 0 ? null : (first?.[1] ?? null);
}

export const meanRoc = (curves: readonly (readonly CurvePoint[])[]): MeanPoint[] =>
  meanCurve(
    curves.map((points) => [
      ...(points.length > 0 ? [[0, 0] as const] : []),
      ...points.map(
        ({ falsePositiveRate, truePositiveRate }) => [falsePositiveRate, truePositiveRate] as const,
      ),
    ]),
    straight,
  );

export const meanPrecision = (curves: readonly (readonly CurvePoint[])[]): MeanPoint[] =>
  meanCurve(
    curves.map((points) => points.map(({ truePositiveRate, precision }) => [truePositiveRate, precision])),
    step,
  );

/** Cells of all trainings in one set of bins. */
function meanBins(all: readonly (readonly Bin[])[]): MeanBin[] {
  return all[0]!.map((first, at) => {
    const bins = all.map((of) => of[at]!).filter(({ n }) => n > 0);
    const n = bins.reduce((sum, bin) => sum + bin.n, 0);
    const weighted = (pick: (bin: Bin) => number): number =>
      n === 0 ? 0 : bins.reduce((sum, bin) => sum + bin.n * pick(bin), 0) / n;
    return {
      ...first,
      n,
      confidence: weighted(({ confidence }) => confidence),
      accuracy: weighted(({ accuracy }) => accuracy),
      deviation: bins.length < 2 ? null : deviation(bins.map(({ accuracy }) => accuracy)),
    };
  });
}

export interface MeanCalibration {
  readonly temperature: number;
  readonly fitted: Calibration['fitted'];
  readonly bins: readonly MeanBin[];
  readonly scaled: Omit<Calibration['scaled'], 'bins'> & { readonly bins: readonly MeanBin[] };
}

/** Numbers are means over the trainings; bins hold the cells of all. */
export function meanCalibration(all: readonly Calibration[]): MeanCalibration {
  const of = (pick: (each: Calibration) => number): number => mean(all.map(pick));
  return {
    temperature: of(({ temperature }) => temperature),
    fitted: {
      n: all[0]!.fitted.n,
      logLoss: of(({ fitted }) => fitted.logLoss),
      scaledLogLoss: of(({ fitted }) => fitted.scaledLogLoss),
    },
    bins: meanBins(all.map(({ bins }) => bins)),
    scaled: {
      bins: meanBins(all.map(({ scaled }) => scaled.bins)),
      ece: of(({ scaled }) => scaled.ece),
      classwiseEce: of(({ scaled }) => scaled.classwiseEce),
      logLoss: of(({ scaled }) => scaled.logLoss),
    },
  };
}

export interface MeanSelection {
  readonly risk: number;
  /** Trainings for which validation found a threshold; the numbers of `chosen` and `test` are means over these. */
  readonly found: number;
  readonly chosen: Coverage | null;
  readonly test: Coverage | null;
  /** Risk over coverage. */
  readonly curve: readonly MeanPoint[];
}

export function meanSelection(all: readonly Selection[]): MeanSelection {
  const chosen = all.flatMap(({ chosen }) => chosen ?? []);
  return {
    risk: all[0]!.risk,
    found: chosen.length,
    chosen: meanCoverage(chosen),
    test: meanCoverage(all.flatMap(({ test }) => test ?? [])),
    curve: meanCurve(
      all.map(({ curve }) => curve.map(({ coverage, risk }) => [coverage, risk])),
      step,
    ),
  };
}

function meanCoverage(all: readonly Coverage[]): Coverage | null {
  if (all.length === 0) return null;
  const of = (pick: (each: Coverage) => number): number => mean(all.map(pick));
  return {
    threshold: of(({ threshold }) => threshold),
    coverage: of(({ coverage }) => coverage),
    risk: of(({ risk }) => risk),
  };
}
