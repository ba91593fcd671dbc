import * as Plot from '@observablehq/plot';
import { draw, FAINT, FONT, INK, seriesColour } from '../judging/chart.ts';
import type { Sweep } from './rate-sweep.ts';

/** Loss over the learning rate, a step a point, its running mean as a line, and what is suggested. An SVG. */
export function rateChart({ steps, suggested }: Sweep, model: string): string {
  const [blue, orange] = [seriesColour(0)[0], seriesColour(1)[0]];
  const highest = Math.max(...steps.map(({ smoothed }) => smoothed));
  return draw(
    {
      width: 640,
      height: 340,
      marginLeft: 48,
      marginBottom: 38,
      marginTop: 26,
      style: { fontSize: `${FONT}px` },
      x: { type: 'log', label: 'learning rate', grid: true, ticks: decades(steps), tickFormat: shown },
      y: { label: 'loss, nats', domain: [0, highest], nice: true, grid: true, clamp: true },
      marks: [
        Plot.ruleY([0], { stroke: FAINT[0] }),
        Plot.dot(steps, { x: 'rate', y: 'loss', r: 1.5, fill: FAINT[0] }),
        Plot.line(steps, { x: 'rate', y: 'smoothed', stroke: blue, strokeWidth: 2.2 }),
        Plot.ruleX([suggested], { stroke: orange, strokeDasharray: '4 3' }),
        Plot.text([suggested], {
          x: (rate: number) => rate,
          text: (rate: number) => `suggested: ${rate.toPrecision(2)}`,
          frameAnchor: 'top',
          textAnchor: 'start',
          dx: 5,
          fill: INK[0],
        }),
      ],
    },
    `Loss of ${model} over the learning rate; ${suggested.toPrecision(2)} is suggested`,
  );
}

const shown = (rate: number): string => (rate < 1e-3 ? rate.toExponential() : String(rate));

/** The powers of ten among the rates. */
function decades(steps: Sweep['steps']): number[] {
  const [first, last] = [steps[0]!.rate, steps.at(-1)!.rate];
  const all = Array.from({ length: 19 }, (_, i) => Number(`1e${i - 12}`));
  return all.filter((rate) => rate >= first * 0.999 && rate <= last * 1.001);
}
