import { confusionSvg, curveCharts, intervalChart, seriesColour } from './charts.ts';
import type { ComparedModel, Comparison } from './comparison.ts';
import { PAGE_STYLE } from './comparison-style.ts';
import type { Curves } from './curves.ts';
import { type Html, html, trusted } from './html.ts';
import { bytes, grouped, percent, probability, short } from './numbers.ts';

/**
 * The comparison as one HTML page that needs nothing from outside and no script.
 *
 * @param curves by model name; models without curves are left out of the charts.
 */
export function comparisonPage(of: Comparison, curves: readonly Curves[]): string {
  const title = `${of.models.map(({ name }) => name).join(', ')} on ${of.data.name}`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${trusted(PAGE_STYLE + seriesStyle(of.models.length))}</style>
</head>
<body>
<main>
${header(of)}
${results(of)}
${order(of)}
${confusions(of)}
${classes(of)}
${learning(of, curves)}
${cost(of)}
${notes(of)}
</main>
</body>
</html>
`.html;
}

const seriesStyle = (count: number): string => {
  const rules = (which: 0 | 1): string =>
    Array.from({ length: count }, (_, i) => `.m${i}{--series:${seriesColour(i)[which]}}`).join('');
  return `${rules(0)}@media(prefers-color-scheme:dark){${rules(1)}}`;
};

const key = (model: ComparedModel, i: number): Html => html`<span class="key m${i}"></span>${model.name}`;

function header({ data, models, n, groups, verdict, cautions }: Comparison): Html {
  const fact = (value: string | number, what: string): Html =>
    html`<div><dd>${value}</dd><dt>${what}</dt></div>`;
  return html`<header>
<p class="eyebrow">Comparison of ${models.length === 1 ? 'one model' : `${models.length} models`} on ${data.name}</p>
<h1>${verdict}</h1>
${
  data.synthetic &&
  html`<p class="synthetic"><strong>Synthetic data.</strong> These cells were drawn by a program. The numbers show that the pipeline works; they say nothing about blood.</p>`
}
<dl class="facts">${fact(grouped(n), n === 1 ? 'test cell' : 'test cells')}${fact(grouped(groups), groups === 1 ? 'group' : 'groups')}${fact(data.classes.length, 'classes')}${fact(`${models[0]!.size} × ${models[0]!.size}`, 'pixels')}</dl>
${cautions.length > 0 && html`<ul class="cautions">${cautions.map((caution) => html`<li>${caution}</li>`)}</ul>`}
</header>`;
}

function results({ models, baseline }: Comparison): Html {
  const chart = (width: number): string =>
    intervalChart(
      models.map(({ name, accuracy, accuracyInterval }) => ({
        name,
        value: accuracy,
        interval: accuracyInterval,
      })),
      { name: `always ${baseline.label}`, value: baseline.accuracy },
      `Accuracy of ${models.map(({ name, accuracy }) => `${name} ${percent(accuracy)} %`).join(', ')}`,
      width,
    );
  const best = (
    pick: (model: ComparedModel) => number,
    largest: boolean,
  ): ((model: ComparedModel) => string) => {
    const values = models.map(pick);
    const top = largest ? Math.max(...values) : Math.min(...values);
    return (model) => (models.length > 1 && pick(model) === top ? 'best' : '');
  };
  const accuracy = best((model) => model.accuracy, true);
  const balanced = best((model) => model.balancedAccuracy, true);
  const f1 = best((model) => model.macroF1, true);
  const loss = best((model) => model.logLoss, false);
  return html`<section aria-labelledby="results">
<h2 id="results">How often each is right</h2>
<figure><div class="on-wide">${trusted(chart(680))}</div><div class="on-narrow">${trusted(chart(360))}</div><figcaption>Dot: accuracy on the test cells. Bar: 95 % interval. Broken line: what answering the most frequent class each time would reach.</figcaption></figure>
<div class="wide"><table>
<thead><tr><th scope="col">model</th><th scope="col" class="n">accuracy&nbsp;%</th><th scope="col" class="n">95&nbsp;% interval</th><th scope="col" class="n">balanced&nbsp;%</th><th scope="col" class="n">macro&nbsp;F1</th><th scope="col" class="n">log&nbsp;loss</th></tr></thead>
<tbody>
${models.map(
  (
    model,
    i,
  ) => html`<tr><th scope="row">${key(model, i)}</th><td class="n ${accuracy(model)}">${percent(model.accuracy)}</td><td class="n faint">${percent(model.accuracyInterval[0])} – ${percent(model.accuracyInterval[1])}</td><td class="n ${balanced(model)}">${percent(model.balancedAccuracy)}</td><td class="n ${f1(model)}">${model.macroF1.toFixed(3)}</td><td class="n ${loss(model)}">${model.logLoss.toFixed(3)}</td></tr>
`,
)}<tr class="baseline"><th scope="row">always “${baseline.label}”</th><td class="n">${percent(baseline.accuracy)}</td><td></td><td class="n">${percent(baseline.balancedAccuracy)}</td><td class="n">${baseline.macroF1.toFixed(3)}</td><td class="n">${baseline.logLoss.toFixed(3)}</td></tr>
</tbody></table></div>
</section>`;
}

function order({ pairs, n, groups }: Comparison): Html | null {
  if (pairs.length === 0) return null;
  return html`<section aria-labelledby="order">
<h2 id="order">Is the order more than chance?</h2>
<p>All models answered the same ${grouped(n)} cells, so they are compared cell by cell: what counts is where only one of the two is right.</p>
<div class="wide"><table>
<thead><tr><th scope="col">pair</th><th scope="col" class="n">difference, points</th><th scope="col" class="n">95&nbsp;% interval</th><th scope="col" class="n">only first right</th><th scope="col" class="n">only second</th><th scope="col" class="n">p</th><th scope="col">beyond chance?</th></tr></thead>
<tbody>${pairs.map(
    (pair) => html`
<tr><th scope="row">${pair.better} <span class="faint">over</span> ${pair.worse}</th><td class="n">${signed(pair.difference)}</td><td class="n faint">${signed(pair.interval[0])} to ${signed(pair.interval[1])}</td><td class="n">${pair.onlyBetter}</td><td class="n">${pair.onlyWorse}</td><td class="n">${probability(pair.adjustedP)}</td><td>${pair.beyondChance ? html`<strong>yes</strong>` : html`<span class="faint">no</span>`}</td></tr>`,
  )}
</tbody></table></div>
<p class="small">p: McNemar’s exact test, raised by Holm’s rule for ${pairs.length === 1 ? 'one pair' : `${pairs.length} pairs`}. Interval: bootstrap over ${grouped(groups)} groups. “Yes” where p is below .05 and the interval leaves out 0. Another training with another seed can move each model by more than this.</p>
</section>`;
}

const signed = (difference: number): string => {
  const text = percent(Math.abs(difference));
  return Number(text) === 0 ? '0.0' : difference < 0 ? `−${text}` : `+${text}`;
};

function confusions({ models, data }: Comparison): Html {
  const cell = data.classes.length <= 6 ? 44 : data.classes.length <= 10 ? 36 : 28;
  return html`<section aria-labelledby="confusions">
<h2 id="confusions">What is taken for what</h2>
<p>A row is a true class, a column an answer. Numbers are cells; the stronger the colour, the larger the share of the row.</p>
<div class="multiples">${models.map(
    ({ name, confusion }, i) => html`
<figure><figcaption class="title">${key(models[i]!, i)}</figcaption>${trusted(
      confusionSvg({
        classes: data.classes,
        counts: confusion.counts,
        rows: confusion.rows,
        title: `Confusion matrix of ${name}`,
        colour: i,
        cell,
      }),
    )}</figure>`,
  )}
</div>
<details><summary>The matrices as tables</summary>${models.map(
    ({ name, confusion }) => html`
<div class="wide"><table><caption>${name}: true class by row, answer by column</caption>
<thead><tr><th></th>${data.classes.map((label) => html`<th scope="col" class="n">${label}</th>`)}</tr></thead>
<tbody>${confusion.counts.map(
      (row, truth) =>
        html`<tr><th scope="row">${data.classes[truth]!}</th>${row.map((count) => html`<td class="n">${count}</td>`)}</tr>`,
    )}</tbody></table></div>`,
  )}
</details>
</section>`;
}

function classes({ models, data }: Comparison): Html {
  return html`<section aria-labelledby="classes">
<h2 id="classes">Class by class</h2>
<div class="wide"><table>
<thead><tr><th scope="col" rowspan="2">class</th><th scope="col" rowspan="2" class="n">test cells</th>${models.map((model, i) => html`<th scope="colgroup" colspan="3" class="group">${key(model, i)}</th>`)}</tr>
<tr>${models.map(() => html`<th scope="col" class="n group">F1</th><th scope="col" class="n">precision</th><th scope="col" class="n">recall</th>`)}</tr></thead>
<tbody>${data.classes.map(
    (label, at) => html`
<tr><th scope="row">${label}</th><td class="n">${models[0]!.perClass[at]!.support}</td>${models.map(
      ({ perClass }, i) => {
        const { f1, precision, recall } = perClass[at]!;
        return html`<td class="n bar group m${i}" style="--share:${percent(f1)}%">${f1.toFixed(2)}</td><td class="n faint">${precision.toFixed(2)}</td><td class="n faint">${recall.toFixed(2)}</td>`;
      },
    )}</tr>`,
  )}
</tbody></table></div>
</section>`;
}

function learning({ models }: Comparison, curves: readonly Curves[]): Html | null {
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
  return html`<section aria-labelledby="learning">
<h2 id="learning">How they learned</h2>
<p class="legend">${found.map(({ i }) => html`<span>${key(models[i]!, i)}</span>`)}</p>
<div class="multiples two"><figure>${trusted(charts.accuracy)}</figure><figure>${trusted(charts.loss)}</figure></div>
<p class="small">Solid: validation. Broken: training, measured while the weights still move and on augmented cells. Dot: the epoch whose weights were kept.</p>
</section>`;
}

function cost({ models }: Comparison): Html {
  const most = (pick: (model: ComparedModel) => number): number => Math.max(1, ...models.map(pick));
  const parameters = most((model) => model.parameters);
  const multAdds = most((model) => model.multAdds);
  const size = most((model) => model.bytes);
  const cell = (value: number, largest: number, text: string, i: number): Html =>
    html`<td class="n bar m${i}" style="--share:${percent(value / largest)}%">${text}</td>`;
  return html`<section aria-labelledby="cost">
<h2 id="cost">What they cost</h2>
<div class="wide"><table>
<thead><tr><th scope="col">model</th><th scope="col" class="n">parameters</th><th scope="col" class="n">multiply-adds an image</th><th scope="col" class="n">weights</th><th scope="col" class="n">kept epoch</th><th scope="col">paper</th></tr></thead>
<tbody>${models.map(
    (model, i) => html`
<tr><th scope="row">${key(model, i)}</th>${cell(model.parameters, parameters, grouped(model.parameters), i)}${cell(model.multAdds, multAdds, short(model.multAdds), i)}${cell(model.bytes, size, bytes(model.bytes), i)}<td class="n">${model.epoch ?? '–'}</td><td class="small">${model.paper ?? ''}</td></tr>`,
  )}
</tbody></table></div>
<p class="small">Bars are linear from 0. What training took in seconds depends on the machine and stands on the run’s page.</p>
</section>`;
}

function notes({ data }: Comparison): Html {
  return html`<footer>
<h2>How to read this</h2>
<dl>
<dt>accuracy</dt><dd>share of test cells that were named rightly. Its interval is the wider of Wilson’s and a bootstrap that draws whole groups, since cells of one smear resemble each other.</dd>
<dt>balanced</dt><dd>mean of the classes’ recalls: each class counts the same, however rare.</dd>
<dt>macro F1</dt><dd>mean over classes of the harmonic mean of precision and recall.</dd>
<dt>log loss</dt><dd>mean of −ln of the probability given to the true class, in nats; punishes a model that is sure and wrong. Lower is better.</dd>
</dl>
<p class="small">No group of the test part was trained on, and only original cells are tested. Data set: ${data.name}${data.synthetic ? ' (synthetic)' : ''}.</p>
</footer>`;
}
