import type { Curves } from '../learning/curves.ts';
import type { SplitSummary } from '../learning/split-data.ts';
import { seriesColour } from './chart.ts';
import type { Comparison, Trainings } from './comparison.ts';
import { cells, galleryStyle } from './comparison-cells.ts';
import { confusions, perClass } from './comparison-classes.ts';
import { cost } from './comparison-cost.ts';
import { dataSection } from './comparison-data.ts';
import { groupsSection } from './comparison-groups.ts';
import { learning } from './comparison-learning.ts';
import { order, results } from './comparison-results.ts';
import { PAGE_STYLE } from './comparison-style.ts';
import { trust } from './comparison-trust.ts';
import type { Gallery } from './gallery.ts';
import { type Html, html, trusted } from './html.ts';
import { grouped } from './numbers.ts';

/** What the page can show beside the numbers; null where it was not given. */
export interface PageExtras {
  /** By model name; models without curves are left out of the charts. */
  readonly curves: readonly Curves[];
  readonly gallery: Gallery | null;
  readonly split: SplitSummary | null;
}

/** The comparison as one HTML page that needs nothing from outside and no script. */
export function comparisonPage(
  of: Comparison,
  trainings: readonly Trainings[],
  { curves, gallery, split }: PageExtras,
): string {
  const title = `${of.models.map(({ name }) => name).join(', ')} on ${of.data.name}`;
  const sections: [id: string, title: string, content: Html | null][] = [
    ['results', 'How good is each?', results(of)],
    ['order', 'Is the order more than chance?', order(of)],
    ['confusions', 'What is taken for what', confusions(of, gallery)],
    ['classes', 'Class by class', perClass(of)],
    ['cells', 'Look at them yourself', cells(of, gallery)],
    ['groups', 'Where it goes worst', groupsSection(of, trainings)],
    ['trust', 'Can the probabilities be believed?', trust(of)],
    ['learning', 'How they learned', learning(of, curves)],
    ['cost', 'What they cost', cost(of)],
    ['data', 'What they learned from', dataSection(of, split)],
  ];
  const shown = sections.filter(([, , content]) => content !== null);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${trusted(PAGE_STYLE + seriesStyle(of.models.length) + (gallery === null ? '' : galleryStyle(gallery)))}</style>
</head>
<body>
<main>
${header(of)}
<nav aria-label="Sections of the comparison">${shown.map(([id, name]) => html`<a href="#${id}">${name}</a>`)}</nav>
${shown.map(
  ([id, name, content]) => html`<section aria-labelledby="${id}"><h2 id="${id}">${name}</h2>
${content}
</section>
`,
)}
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

function header({ data, models, n, groups, verdict, floorVerdict, cautions }: Comparison): Html {
  const fact = (value: string | number, what: string): Html =>
    html`<div><dt>${what}</dt><dd>${value}</dd></div>`;
  return html`<header>
<p class="eyebrow">Comparison of ${models.length === 1 ? 'one model' : `${models.length} models`} on ${data.name}</p>
<h1>${verdict}</h1>
${floorVerdict !== null && html`<p class="lead">${floorVerdict}</p>`}
${
  data.synthetic &&
  html`<p class="synthetic"><strong>Synthetic data.</strong> These cells were drawn by a program. The numbers show that the pipeline works; they say nothing about blood.</p>`
}
<dl class="facts">${fact(grouped(n), n === 1 ? 'test cell' : 'test cells')}${fact(grouped(groups), groups === 1 ? 'group' : 'groups')}${fact(data.classes.length, 'classes')}${fact(`${models[0]!.size} × ${models[0]!.size}`, 'pixels')}</dl>
${cautions.length > 0 && html`<ul class="cautions">${cautions.map((caution) => html`<li>${caution}</li>`)}</ul>`}
</header>`;
}

function notes({ data, models }: Comparison): Html {
  return html`<footer>
<h2>How to read this</h2>
<dl>
<dt>balanced accuracy</dt><dd>mean of the classes’ recalls: each class counts the same, however rare.</dd>
<dt>interval</dt><dd>where the number would lie for other test cells of the same kind, 95 times in 100: percentiles of a bootstrap that draws whole groups, since cells of one smear resemble each other; for plain shares the wider of that and Wilson’s.${models.every(({ trainings }) => trainings === 1) && ' Each model was trained once: how much another training would differ is not in it.'}</dd>
<dt>log loss, Brier score</dt><dd>mean of −ln of the probability given to the true class, in nats; mean squared distance of the probabilities from the truth, 0 to 2. Both punish a model that is sure and wrong. Lower is better.</dd>
<dt>ROC area, average precision</dt><dd>how well one class’s probability puts its own cells before the others; .5, or the class’s share, is chance.</dd>
<dt>calibration error</dt><dd>mean distance of confidence and share of right answers over 15 equal bins of confidence.</dd>
</dl>
<p class="small">No group of the test part was trained on, only original cells are tested, and nothing was chosen by them: the kept epoch, the temperature and the thresholds come from validation. Not a medical device. Data set: ${data.name}${data.synthetic ? ' (synthetic)' : ''}.</p>
</footer>`;
}
