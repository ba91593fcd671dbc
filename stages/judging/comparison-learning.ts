import type { Curves } from '../learning/curves.ts';
import { curveCharts } from './charts.ts';
import type { Comparison } from './comparison.ts';
import { key } from './comparison-shown.ts';
import { type Html, html, trusted } from './html.ts';

export function learning({ models }: Comparison, curves: readonly Curves[]): Html | null {
  // In the order of the models, so that colours agree over the page.
  const found = models.flatMap(({ name }, i) => {
    const of = curves.find(({ model }) => model === name);
    return of === undefined || of.epochs.length === 0 ? [] : [{ of, i }];
  });
  if (found.length === 0) return null;
  const charts = curveCharts(
    found.map(({ of }) => of),
    found.map(({ of }) => of.model),
    found.map(({ i }) => i),
  );
  return html`<p class="legend">${found.map(({ i }) => html`<span>${key(models[i]!, i)}</span>`)}</p>
<div class="multiples two"><figure>${trusted(charts.accuracy)}</figure><figure>${trusted(charts.loss)}</figure></div>
<p class="small">Solid: validation. Broken: training, measured while the weights still move and on augmented cells. Dot: the epoch whose weights were kept.</p>`;
}
