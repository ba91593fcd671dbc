/** What a model's numbers are worth: calibration, curves of thresholds, keeping silent. */
import * as Plot from '@observablehq/plot';
import { draw, FAINT, FONT, seriesColour, shorten } from './chart.ts';
import type { MeanBin, MeanPoint } from './mean-curves.ts';
import type { Coverage } from './selective.ts';

const SQUARE = {
  width: 300,
  height: 300,
  marginLeft: 46,
  marginRight: 16,
  marginTop: 26,
  marginBottom: 38,
  style: { fontSize: `${FONT}px` },
  color: { type: 'identity' },
} as const;

/** A point in percent, and what lies a standard deviation between trainings below and above it. */
const percents = ({ x, y, deviation }: MeanPoint) => ({
  x: x * 100,
  y: y * 100,
  deviation,
  low: Math.max(0, y - (deviation ?? 0)) * 100,
  high: Math.min(1, y + (deviation ?? 0)) * 100,
});

/**
 * Accuracy over confidence before (rings) and after (dots) temperature scaling; a dot's area is its share of cells, its
 * bar a standard deviation between trainings each way.
 */
export function reliabilityChart(
  { bins, scaled }: { readonly bins: readonly MeanBin[]; readonly scaled: readonly MeanBin[] },
  { colour, title }: { colour: number; title: string },
): string {
  const total = Math.max(
    1,
    bins.reduce((sum, { n }) => sum + n, 0),
  );
  const points = (of: readonly MeanBin[]) =>
    of
      .filter(({ n }) => n > 0)
      .map(({ n, confidence, accuracy, deviation }) => ({
        r: 3 + 12 * Math.sqrt(n / total),
        ...percents({ x: confidence, y: accuracy, deviation }),
      }));
  const base = seriesColour(colour)[0];
  return draw(
    {
      ...SQUARE,
      x: { domain: [0, 100], label: 'confidence, %', grid: true },
      y: { domain: [0, 100], label: 'right, %', grid: true },
      r: { type: 'identity' },
      marks: [
        Plot.line(
          [
            [0, 0],
            [100, 100],
          ],
          { stroke: FAINT[0], strokeDasharray: '4 3' },
        ),
        Plot.ruleX(points(scaled), { x: 'x', y1: 'low', y2: 'high', stroke: base, strokeWidth: 1.5 }),
        Plot.dot(points(bins), { x: 'x', y: 'y', r: 'r', stroke: base, strokeWidth: 1.5 }),
        Plot.dot(points(scaled), { x: 'x', y: 'y', r: 'r', fill: base, fillOpacity: 0.55 }),
      ],
    },
    title,
  );
}

type Banded = { readonly low: number; readonly high: number; readonly deviation: number | null };

/** The space around lines that trainings differ in; nothing where there was one. */
const band = <T extends Banded>(
  points: readonly T[],
  line: keyof T & string,
  fill: string | ((of: T) => string),
) =>
  Plot.areaY(
    points.filter(({ deviation }) => deviation !== null),
    { x: 'x', y1: 'low', y2: 'high', z: line, fill: fill as string, fillOpacity: 0.16, clip: true },
  );

/** A line a class, and between its trainings a band of a standard deviation each way. */
export function thresholdChart(
  curves: readonly (readonly MeanPoint[])[],
  kind: 'roc' | 'pr',
  { colour, title }: { colour: number; title: string },
): string {
  const points = curves.flatMap((of, line) => of.map((point) => ({ line, ...percents(point) })));
  return draw(
    {
      ...SQUARE,
      x: { domain: [0, 100], label: kind === 'roc' ? 'false positives, %' : 'recall, %', grid: true },
      y: { domain: [0, 100], label: kind === 'roc' ? 'true positives, %' : 'precision, %', grid: true },
      marks: [
        ...(kind === 'roc'
          ? [
              Plot.line(
                [
                  [0, 0],
                  [100, 100],
                ],
                { stroke: FAINT[0], strokeDasharray: '4 3' },
              ),
            ]
          : []),
        band(points, 'line', seriesColour(colour)[0]),
        Plot.line(points, {
          x: 'x',
          y: 'y',
          z: 'line',
          stroke: seriesColour(colour)[0],
          strokeWidth: 1.6,
          strokeOpacity: 0.75,
        }),
      ],
    },
    title,
  );
}

/** Share of wrong answers over the share of cells answered, a line a model; a dot where validation put the threshold. */
export function coverageChart(
  models: readonly {
    readonly name: string;
    readonly curve: readonly MeanPoint[];
    readonly at: Coverage | null;
  }[],
  title: string,
): string {
  const points = models.flatMap(({ curve }, model) => curve.map((point) => ({ model, ...percents(point) })));
  const dots = models.flatMap(({ at }, model) =>
    at === null || at.coverage === 0 ? [] : [{ model, x: at.coverage * 100, y: at.risk * 100 }],
  );
  const colour = (of: { model: number }): string => seriesColour(of.model)[0];
  const highest = Math.max(5, ...points.filter(({ x }) => x > 5).map(({ y }) => y));
  return draw(
    {
      ...SQUARE,
      width: 460,
      x: { domain: [0, 100], label: 'cells answered, surest first, %', grid: true },
      y: { domain: [0, highest], label: 'wrong among them, %', grid: true, nice: true, clamp: true },
      marks: [
        band(points, 'model', colour),
        Plot.line(points, { x: 'x', y: 'y', z: 'model', stroke: colour, strokeWidth: 2.2 }),
        Plot.dot(dots, { x: 'x', y: 'y', fill: colour, r: 5 }),
      ],
    },
    shorten(title, 200),
  );
}
