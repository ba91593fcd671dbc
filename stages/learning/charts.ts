/**
 * Charts as SVG text, by Observable Plot without a browser. The same numbers give the same bytes. Each SVG stands by
 * itself and follows the reader's light or dark.
 */
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import type { Curves } from './curves.ts';
import type { Interval } from './statistics.ts';

/** Told apart by people with any common kind of colour vision (after Okabe and Ito), one for light and one for dark. */
const SERIES = [
  ['#0a63b8', '#6db3f2'],
  ['#c2570c', '#f59e5b'],
  ['#0f7b5f', '#4cc9a2'],
  ['#9c3587', '#e38bd1'],
  ['#8a6d00', '#e0c04a'],
  ['#5a5f6b', '#b4bac6'],
] as const;
const INK = ['#1d2230', '#e7e9ef'] as const;
const FAINT = ['#6b7280', '#9aa3b2'] as const;

/** Colours of the models in the order given, for light and for dark. */
export const seriesColour = (index: number): readonly [light: string, dark: string] =>
  SERIES[index % SERIES.length]!;

// Plot writes colours as attributes: those are the light ones, good in any viewer; a style sheet turns them for dark.
const dark = [...SERIES, INK, FAINT]
  .flatMap(([light, other]) => [
    `.chart [stroke="${light}"]{stroke:${other}}`,
    `.chart [fill="${light}"]{fill:${other}}`,
    `.chart[color="${light}"]{color:${other}}`,
  ])
  .join('');
const STYLE = `.chart{font-family:system-ui,sans-serif;overflow:visible;max-width:100%;height:auto}@media(prefers-color-scheme:dark){.chart{color:${INK[1]}}${dark}}`;

/** Plot's own label font is 10 px: too small to read on a page. */
const FONT = 12;

type Options = Plot.PlotOptions;

/** @param title read out by screen readers. */
function draw(options: Options, title: string): string {
  const { document } = parseHTML('<html><body></body></html>');
  // The browser's types are not loaded here: linkedom's document stands in for the browser's.
  const svg = Plot.plot({ ...options, document } as Options) as unknown as ReturnType<
    typeof document.createElement
  >;
  for (const style of [...svg.querySelectorAll('style')]) style.remove();
  svg.setAttribute('class', 'chart');
  svg.setAttribute('color', INK[0]);
  svg.setAttribute('font-size', String(FONT));
  svg.setAttribute('role', 'img');
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  const label = document.createElementNS('http://www.w3.org/2000/svg', 'title');
  label.textContent = title;
  const style = document.createElementNS('http://www.w3.org/2000/svg', 'style');
  style.textContent = STYLE;
  svg.prepend(label, style);
  return String(svg.outerHTML);
}

/** Measure over epochs, a line a model: validation drawn solid, training thin and broken, the kept epoch a dot. */
function curveChart(
  curves: readonly Curves[],
  measure: 'loss' | 'accuracy',
  { names, colours: series }: { names: readonly string[]; colours: readonly number[] },
): string {
  const [width, height] = [460, 280];
  const colours = curves.map((_, i) => seriesColour(series[i]!)[0]);
  const points = curves.flatMap(({ epochs, best }, i) =>
    epochs.flatMap((of) => [
      { model: i, part: 'training', epoch: of.epoch, value: of[measure], best: false },
      {
        model: i,
        part: 'validation',
        epoch: of.epoch,
        value: measure === 'loss' ? of.valLoss : of.valAccuracy,
        best: of.epoch === best,
      },
    ]),
  );
  const known = points.filter(
    (point): point is typeof point & { value: number } =>
      point.value !== null && Number.isFinite(point.value),
  );
  const ofPart = (part: string) => known.filter((point) => point.part === part);
  const last = Math.max(2, ...known.map(({ epoch }) => epoch));
  const highest = Math.max(...known.map(({ value }) => value), 0);
  const line = (part: string, options: object) =>
    Plot.line(ofPart(part), {
      x: 'epoch',
      y: 'value',
      z: 'model',
      stroke: (of: { model: number }) => colours[of.model],
      ...options,
    });
  return draw(
    {
      width,
      height,
      marginLeft: 48,
      marginRight: 14,
      marginTop: 26,
      marginBottom: 38,
      style: { fontSize: `${FONT}px` },
      x: {
        label: 'epoch',
        domain: [1, last],
        ticks: wholeTicks(last),
        tickFormat: String,
      },
      y:
        measure === 'accuracy'
          ? { label: 'accuracy, %', domain: [0, 100], grid: true, transform: (v: number) => v * 100 }
          : { label: 'loss, nats', domain: [0, highest === 0 ? 1 : highest], nice: true, grid: true },
      color: { type: 'identity' },
      marks: [
        Plot.ruleY([0], { stroke: FAINT[0] }),
        line('training', { strokeWidth: 1.2, strokeDasharray: '3 3', strokeOpacity: 0.75 }),
        line('validation', { strokeWidth: 2.2 }),
        Plot.dot(
          known.filter(({ best }) => best),
          {
            x: 'epoch',
            y: 'value',
            r: 4,
            fill: (of: { model: number }) => colours[of.model],
          },
        ),
      ],
    },
    `${measure} over ${last} epochs of ${names.join(', ')}`,
  );
}

/** Whole epochs at which to put a tick: 1 and at most eight round ones. */
function wholeTicks(last: number): number[] {
  const step = [1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000].find((of) => last / of <= 8) ?? last;
  const ticks = step === 1 ? [] : [1];
  for (let tick = step; tick <= last; tick += step) ticks.push(tick);
  return ticks;
}

/** Loss and accuracy of one or several trainings, each an SVG. `colours`: which of the models' colours each has. */
export function curveCharts(
  curves: readonly Curves[],
  names: readonly string[] = curves.map(({ model }) => model),
  colours: readonly number[] = curves.map((_, i) => i),
): { loss: string; accuracy: string } {
  return {
    loss: curveChart(curves, 'loss', { names, colours }),
    accuracy: curveChart(curves, 'accuracy', { names, colours }),
  };
}

/**
 * A confusion matrix: rows are true classes, columns answers; a cell is as dark as its share of the row and shows the
 * count.
 */
export function confusionSvg({
  classes,
  counts,
  rows,
  title,
  colour = 0,
  cell = 44,
}: {
  classes: readonly string[];
  counts: readonly (readonly number[])[];
  rows: readonly (readonly number[])[];
  title: string;
  /** Which of the models' colours. */
  colour?: number;
  /** Side of a cell, pixels. */
  cell?: number;
}): string {
  const names = classes.map((name) => shorten(name, 16));
  const longest = Math.max(2, ...names.map((name) => [...name].length));
  const cells = counts.flatMap((row, truth) =>
    row.map((count, answer) => ({ truth, answer, count, share: rows[truth]![answer]! })),
  );
  const margin = 24 + longest * 7;
  // Turned by 60°, a name of n letters is about 6n pixels high.
  const marginTop = longest > 4 ? 18 + longest * 6 : 26;
  const side = cell * classes.length;
  const base = seriesColour(colour)[0];
  const named = (i: number): string => names[i]!;
  return draw(
    {
      width: margin + side + 14,
      height: marginTop + side + 14,
      marginLeft: margin,
      marginTop,
      marginRight: 14,
      marginBottom: 14,
      style: { fontSize: `${FONT}px` },
      x: {
        type: 'band',
        domain: classes.map((_, i) => i),
        axis: 'top',
        label: null,
        tickFormat: named,
        tickRotate: longest > 4 ? -60 : 0,
        padding: 0.06,
        tickSize: 0,
      },
      y: {
        type: 'band',
        domain: classes.map((_, i) => i),
        label: null,
        tickFormat: named,
        padding: 0.06,
        tickSize: 0,
      },
      color: { type: 'identity' },
      marks: [
        Plot.cell(cells, { x: 'answer', y: 'truth', fill: FAINT[0], fillOpacity: 0.1, rx: 3 }),
        Plot.cell(cells, {
          x: 'answer',
          y: 'truth',
          fill: base,
          // At most .55: text in the page's ink stays readable on it, in light and in dark.
          fillOpacity: (of: { share: number }) => of.share * 0.55,
          rx: 3,
        }),
        Plot.text(cells, {
          x: 'answer',
          y: 'truth',
          text: (of: { count: number }) => String(of.count),
          fill: 'currentColor',
          fillOpacity: (of: { count: number }) => (of.count === 0 ? 0.35 : 1),
          fontSize: cell < 36 ? 10 : FONT,
        }),
      ],
    },
    title,
  );
}

/** Shares with their intervals, a row each, on the whole axis from 0 to 100 %; `reference` is a line across. */
export function intervalChart(
  rows: readonly { readonly name: string; readonly value: number; readonly interval: Interval }[],
  reference: { readonly name: string; readonly value: number },
  title: string,
  width = 640,
): string {
  const longest = Math.max(...rows.map(({ name }) => [...shorten(name, 22)].length));
  const points = rows.map(({ value, interval }, at) => ({
    at,
    value: value * 100,
    low: interval[0] * 100,
    high: interval[1] * 100,
    colour: seriesColour(at)[0],
  }));
  const marginLeft = 20 + longest * 7;
  return draw(
    {
      width,
      height: 62 + rows.length * 34,
      marginLeft,
      marginRight: 24,
      marginTop: 26,
      marginBottom: 36,
      style: { fontSize: `${FONT}px` },
      x: { domain: [0, 100], label: 'accuracy, %', grid: true },
      y: {
        type: 'point',
        domain: points.map(({ at }) => at),
        label: null,
        tickFormat: (at: number) => shorten(rows[at]!.name, 22),
        tickSize: 0,
      },
      color: { type: 'identity' },
      marks: [
        Plot.ruleX([reference.value * 100], { stroke: FAINT[0], strokeDasharray: '4 3' }),
        Plot.text([reference], {
          x: reference.value * 100,
          frameAnchor: 'top',
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

const shorten = (text: string, most: number): string => {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
};
