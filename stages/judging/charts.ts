/** How trainings went, and what is taken for what. */
import * as Plot from '@observablehq/plot';
import type { Curves } from '../learning/curves.ts';
import { draw, FAINT, FONT, seriesColour, shorten } from './chart.ts';

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
