/** How good models are, with what is not known of it. */
import * as Plot from '@observablehq/plot';
import { draw, FAINT, FONT, seriesColour, shorten } from './chart.ts';
import type { Measured } from './measures.ts';
import type { Interval } from './statistics.ts';

/** Where the axis of shares begins, in percent: at 0, and nearer where all that is shown would be a dot at its end. */
export const axisBegin = (intervals: readonly (Interval | null)[]): number =>
  intervals.every((interval) => interval !== null && interval[0] > 0.9) ? 80 : 0;

/** Shares with their intervals, a row each, up to 100 %; `references` are lines across, where the axis reaches them. */
export function intervalChart(
  rows: readonly { readonly name: string; readonly value: number; readonly interval: Interval | null }[],
  references: readonly { readonly name: string; readonly value: number }[],
  { label, title, width = 640 }: { label: string; title: string; width?: number },
): string {
  const longest = Math.max(...rows.map(({ name }) => [...shorten(name, 22)].length));
  const points = rows.map(({ value, interval }, at) => ({
    at,
    value: value * 100,
    low: (interval?.[0] ?? value) * 100,
    high: (interval?.[1] ?? value) * 100,
    colour: seriesColour(at)[0],
  }));
  const marginLeft = 20 + longest * 7;
  const begin = axisBegin(rows.map(({ interval }) => interval));
  const lines = references.filter(({ value }) => value * 100 >= begin);
  return draw(
    {
      width,
      height: 62 + rows.length * 34,
      marginLeft,
      marginRight: 24,
      marginTop: 26,
      marginBottom: 36,
      style: { fontSize: `${FONT}px` },
      x: { domain: [begin, 100], label: `${label}, %`, grid: true },
      y: {
        type: 'point',
        domain: points.map(({ at }) => at),
        label: null,
        tickFormat: (at: number) => shorten(rows[at]!.name, 22),
        tickSize: 0,
      },
      color: { type: 'identity' },
      marks: [
        Plot.ruleX(lines, {
          x: (of: { value: number }) => of.value * 100,
          stroke: FAINT[0],
          strokeDasharray: '4 3',
        }),
        // One label alone: several would lie on each other.
        Plot.text(lines.slice(-1), {
          x: (of: { value: number }) => of.value * 100,
          frameAnchor: 'top',
          textAnchor: (lines.at(-1)?.value ?? 0) * 100 > begin + 0.6 * (100 - begin) ? 'end' : 'start',
          dy: -14,
          text: 'name',
          fill: FAINT[0],
        }),
        Plot.ruleY(points, { y: 'at', x1: 'low', x2: 'high', stroke: 'colour', strokeWidth: 3 }),
        Plot.dot(points, { y: 'at', x: 'value', fill: 'colour', r: 6 }),
      ],
    },
    title,
  );
}

/** A measure of each class with its interval, the models below each other within a class. */
export function classChart(
  classes: readonly string[],
  models: readonly { readonly name: string; readonly values: readonly Measured[] }[],
  { label, title, width = 640 }: { label: string; title: string; width?: number },
): string {
  const longest = Math.max(2, ...classes.map((name) => [...shorten(name, 18)].length));
  const step = 10;
  const block = models.length * step + 14;
  const points = classes.flatMap((_, at) =>
    models.flatMap(({ values }, model) => {
      const { value, interval } = values[at]!;
      if (value === null) return [];
      const y = at * block + (model + 0.5) * step + 7;
      const [low, high] = interval ?? [value, value];
      return [{ y, value: value * 100, low: low * 100, high: high * 100, colour: seriesColour(model)[0] }];
    }),
  );
  const height = classes.length * block;
  return draw(
    {
      width,
      height: height + 62,
      marginLeft: 20 + longest * 7,
      marginRight: 24,
      marginTop: 26,
      marginBottom: 36,
      style: { fontSize: `${FONT}px` },
      x: { domain: [0, 100], label: `${label}, %`, grid: true },
      y: {
        type: 'linear',
        domain: [height, 0],
        ticks: classes.map((_, at) => (at + 0.5) * block),
        tickFormat: (_: number, at: number) => shorten(classes[at]!, 18),
        label: null,
        tickSize: 0,
      },
      color: { type: 'identity' },
      marks: [
        Plot.ruleY(
          classes.slice(1).map((_, at) => (at + 1) * block),
          { stroke: FAINT[0], strokeOpacity: 0.25 },
        ),
        Plot.ruleY(points, { y: 'y', x1: 'low', x2: 'high', stroke: 'colour', strokeWidth: 2.5 }),
        Plot.dot(points, { y: 'y', x: 'value', fill: 'colour', r: 3.5 }),
      ],
    },
    title,
  );
}

/** Quality over cost on a logarithmic axis; those that nothing cheaper beats are filled and joined. */
export function paretoChart(
  models: readonly {
    readonly name: string;
    readonly cost: number;
    readonly value: number;
    readonly interval: Interval | null;
    readonly efficient: boolean;
  }[],
  { label, costLabel, title, width }: { label: string; costLabel: string; title: string; width: number },
): string {
  const points = models.map((of, at) => ({
    ...of,
    value: of.value * 100,
    low: (of.interval?.[0] ?? of.value) * 100,
    high: (of.interval?.[1] ?? of.value) * 100,
    colour: seriesColour(at)[0],
  }));
  const costs = points.map(({ cost }) => cost);
  const [least, most] = [Math.min(...costs), Math.max(...costs)];
  const bottom = Math.max(0, Math.floor(Math.min(...points.map(({ low }) => low)) / 10) * 10 - 5);
  const front = points.filter(({ efficient }) => efficient).sort((a, b) => a.cost - b.cost);
  return draw(
    {
      width,
      height: 300,
      marginLeft: 48,
      marginRight: 30,
      marginTop: 26,
      marginBottom: 40,
      style: { fontSize: `${FONT}px` },
      x: {
        type: 'log',
        domain: [Math.max(1, least) / 2, Math.max(1, most) * 2],
        label: costLabel,
        ticks: 4,
        tickFormat: '~s',
        grid: true,
      },
      y: { label: `${label}, %`, domain: [bottom, 100], grid: true },
      color: { type: 'identity' },
      marks: [
        Plot.line(front, { x: 'cost', y: 'value', stroke: FAINT[0], strokeDasharray: '4 3' }),
        Plot.ruleX(points, { x: 'cost', y1: 'low', y2: 'high', stroke: 'colour', strokeWidth: 3 }),
        Plot.dot(points, {
          x: 'cost',
          y: 'value',
          fill: (of: { efficient: boolean; colour: string }) => (of.efficient ? of.colour : 'none'),
          stroke: 'colour',
          strokeWidth: 2,
          r: 6,
        }),
        // Neighbours by cost are named above and below by turns, so that names do not lie on each other.
        ...(['bottom', 'top'] as const).map((lineAnchor, turn) =>
          Plot.text(
            [...points].sort((a, b) => a.cost - b.cost).filter((_, at) => at % 2 === turn),
            {
              x: 'cost',
              y: 'value',
              text: (of: { name: string }) => shorten(of.name, 24),
              dx: 10,
              dy: lineAnchor === 'top' ? 8 : -6,
              textAnchor: 'start',
              fill: 'currentColor',
              lineAnchor,
            },
          ),
        ),
      ],
    },
    title,
  );
}
