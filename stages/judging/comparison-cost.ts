import { paretoChart } from './charts-ranking.ts';
import type { ComparedModel, Comparison } from './comparison.ts';
import { key, scrolling } from './comparison-shown.ts';
import { type Html, html, trusted } from './html.ts';
import { MEASURES } from './measures.ts';
import { bytes, grouped, percent, short } from './numbers.ts';

/** Quality over cost, and the cost itself. */
export function cost({ models, metric }: Comparison): Html {
  const most = (pick: (model: ComparedModel) => number): number => Math.max(1, ...models.map(pick));
  const parameters = most((model) => model.parameters);
  const multAdds = most((model) => model.multAdds);
  const size = most((model) => model.bytes);
  const cell = (value: number, largest: number, text: string, i: number): Html =>
    html`<td class="n bar m${i}" style="--share:${percent(value / largest)}%">${text}</td>`;
  const chart = (width: number): string =>
    paretoChart(
      models.map((model) => ({
        name: model.name,
        cost: model.multAdds,
        value: model.standing.value,
        interval: model.measures[metric].interval,
        efficient: model.efficient,
      })),
      {
        label: MEASURES[metric].name,
        costLabel: 'multiply-adds an image',
        title: `${MEASURES[metric].name} over multiply-adds of ${models.map(({ name }) => name).join(', ')}`,
        width,
      },
    );
  return html`${
    models.length > 1 &&
    html`<figure><div class="on-wide">${trusted(chart(560))}</div><div class="on-narrow">${trusted(chart(340))}</div><figcaption>Filled: nothing cheaper is better. A ring: something cheaper is at least as good on these cells.</figcaption></figure>`
  }
${scrolling(
  'Cost',
  html`<table>
<thead><tr><th scope="col">model</th><th scope="col" class="n">parameters</th><th scope="col" class="n">multiply-adds an image</th><th scope="col" class="n">weights</th><th scope="col" class="n">kept epoch</th><th scope="col">paper</th></tr></thead>
<tbody>${models.map(
    (model, i) => html`
<tr><th scope="row">${key(model, i)}</th>${cell(model.parameters, parameters, grouped(model.parameters), i)}${cell(model.multAdds, multAdds, short(model.multAdds), i)}${cell(model.bytes, size, bytes(model.bytes), i)}<td class="n">${model.epoch ?? '–'}</td><td class="small">${model.paper ?? ''}</td></tr>`,
  )}
</tbody></table>`,
)}
<p class="small">Bars are linear from 0. What training took in seconds, images a second and memory depends on the machine and stands on the run’s page.</p>`;
}
