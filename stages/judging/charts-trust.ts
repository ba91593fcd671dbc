/** What a model's numbers are worth: calibration, curves of thresholds, keeping silent. */
import * as Plot from '@observablehq/plot';
import type { Bin } from './calibration.ts';
import { draw, FAINT, FONT, seriesColour, shorten } from './chart.ts';
import type { ClassCurve } from './evaluation.ts';
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

/** Accuracy over confidence before (rings) and after (dots) temperature scaling; a dot's area is its share of cells. */
export function reliabilityChart(
  { bins, scaled }: { readonly bins: readonly Bin[]; readonly scaled: readonly Bin[] },
  { colour, title }: { colour: number; title: string },
): string {
  const total = Math.max(
    1,
    bins.reduce((sum, { n }) => sum + n, 0),
  );
  const points = (of: readonly Bin[]) =>
    of
      .filter(({ n }) => n > 0)
      .map(({ n, confidence, accuracy }) => ({
        x: confidence * 100,
        y: accuracy * 100,
        r: 3 + 12 * Math.sqrt(n / total),
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
        Plot.dot(points(bins), { x: 'x', y: 'y', r: 'r', stroke: base, strokeWidth: 1.5 }),
        Plot.dot(points(scaled), { x: 'x', y: 'y', r: 'r', fill: base, fillOpacity: 0.55 }),
      ],
    },
    title,
  );
}

/** A line a class: the true positive rate over the false positive rate, or precision over recall. */
export function thresholdChart(
  curves: readonly ClassCurve[],
  kind: 'roc' | 'pr',
  { colour, title }: { colour: number; title: string },
): string {
  const points = curves.flatMap(({ label, points: of }) => [
    ...(kind === 'roc' && of.length > 0 ? [{ label, x: 0, y: 0 }] : []),
    ...of.map(({ falsePositiveRate, truePositiveRate, precision }) =>
      kind === 'roc'
        ? { label, x: falsePositiveRate * 100, y: truePositiveRate * 100 }
        : { label, x: truePositiveRate * 100, y: precision * 100 },
    ),
  ]);
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
        Plot.line(points, {
          x: 'x',
          y: 'y',
          z: 'label',
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
    readonly curve: readonly Coverage[];
    readonly at: Coverage | null;
  }[],
  title: string,
): string {
  const points = models.flatMap(({ curve }, model) =>
    curve.map(({ coverage, risk }) => ({ model, x: coverage * 100, y: risk * 100 })),
  );
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
        Plot.line(points, { x: 'x', y: 'y', z: 'model', stroke: colour, strokeWidth: 2.2 }),
        Plot.dot(dots, { x: 'x', y: 'y', fill: colour, r: 5 }),
      ],
    },
    shorten(title, 200),
  );
}
