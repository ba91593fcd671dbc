import { axisBegin, intervalChart } from './charts-ranking.ts';
import type { Comparison } from './comparison.ts';
import { between, betweenDecimals, key, scrolling, signed } from './comparison-shown.ts';
import { type Html, html, trusted } from './html.ts';
import { decimals, share } from './measured.ts';
import { MEASURES, type Measure, type Measures } from './measures.ts';
import { grouped, percent, probability } from './numbers.ts';

/** Measures that are shares, shown in percent. */
const SHARES: readonly Measure[] = [
  'accuracy',
  'balancedAccuracy',
  'macroPrecision',
  'macroRecall',
  'macroSpecificity',
  'weightedPrecision',
  'top2',
];

const shown = (of: Measures, measure: Measure): string =>
  SHARES.includes(measure) ? share(of[measure]) : decimals(of[measure]);

export function results({ models, baselines, metric }: Comparison): Html {
  const name = MEASURES[metric].name;
  const begin = axisBegin(models.map(({ measures }) => measures[metric].interval));
  const chart = (width: number): string =>
    intervalChart(
      models.map((model) => ({
        name: model.name,
        value: model.standing.value,
        interval: model.measures[metric].interval,
      })),
      [...baselines]
        .map((of) => ({ name: of.name, value: of.measures[metric].value ?? 0 }))
        .sort((a, b) => a.value - b.value),
      {
        label: name,
        title: `${name} of ${models.map((model) => `${model.name} ${percent(model.standing.value)} %`).join(', ')}`,
        width,
      },
    );
  const best = (measure: Measure): ((value: number | null) => string) => {
    const values = models.flatMap(({ measures }) => measures[measure].value ?? []);
    const top = MEASURES[measure].best === 'high' ? Math.max(...values) : Math.min(...values);
    return (value) => (models.length > 1 && value === top ? 'best' : '');
  };
  const columns = ['balancedAccuracy', 'accuracy', 'macroF1', 'logLoss'] as const;
  const isBest = Object.fromEntries(columns.map((measure) => [measure, best(measure)]));
  const number = (of: (typeof models)[number]['measures'], measure: (typeof columns)[number]): Html =>
    html`<td class="n ${isBest[measure]!(of[measure].value)}">${shown(of, measure)}</td>`;
  const plain = (of: (typeof baselines)[number], measure: (typeof columns)[number]): Html =>
    html`<td class="n">${!of.probabilistic && measure === 'logLoss' ? '–' : shown(of.measures, measure)}</td>`;
  return html`<figure><div class="on-wide">${trusted(chart(680))}</div><div class="on-narrow">${trusted(chart(340))}</div><figcaption>Dot: ${name} on the test cells. Bar: 95 % interval. Broken lines: the baselines, which know no shape; the strongest is named.${begin > 0 && ` The axis begins at ${begin} %; weaker baselines lie before it.`}</figcaption></figure>
${scrolling(
  'Results',
  html`<table>
<thead><tr><th scope="col">model</th><th scope="col" class="n">balanced accuracy&nbsp;%</th><th scope="col" class="n">95&nbsp;% interval</th><th scope="col" class="n">accuracy&nbsp;%</th><th scope="col" class="n">95&nbsp;% interval</th><th scope="col" class="n">macro&nbsp;F1</th><th scope="col" class="n">log&nbsp;loss</th><th scope="col" class="n">rank</th></tr></thead>
<tbody>
${models.map(
  (model, i) =>
    html`<tr><th scope="row">${key(model, i)}</th>${number(model.measures, 'balancedAccuracy')}<td class="n faint">${between(model.measures.balancedAccuracy)}</td>${number(model.measures, 'accuracy')}<td class="n faint">${between(model.measures.accuracy)}</td>${number(model.measures, 'macroF1')}${number(model.measures, 'logLoss')}<td class="n">${ranks(model.standing.ranks)}</td></tr>
`,
)}${baselines.map(
  (of) =>
    html`<tr class="baseline"><th scope="row" title="${of.how}">${of.name}</th>${plain(of, 'balancedAccuracy')}<td class="n">${between(of.measures.balancedAccuracy)}</td>${plain(of, 'accuracy')}<td class="n">${between(of.measures.accuracy)}</td>${plain(of, 'macroF1')}${plain(of, 'logLoss')}<td></td></tr>
`,
)}</tbody></table>`,
)}
<ul class="small">${baselines.map(({ name: of, how }) => html`<li><strong>${of}</strong>: ${how}.</li>`)}</ul>
${repeats(models, name)}
<details><summary>All measures with their intervals</summary>
${scrolling(
  'All measures',
  html`<table><thead><tr><th scope="col">measure</th>${models.map((model, i) => html`<th scope="col" class="n">${key(model, i)}</th><th scope="col" class="n">95&nbsp;%</th>`)}</tr></thead>
<tbody>${(Object.keys(MEASURES) as Measure[]).map(
    (measure) =>
      html`<tr><th scope="row">${MEASURES[measure].name}</th>${models.map(({ measures }) => {
        const ends = SHARES.includes(measure) ? between : betweenDecimals;
        return html`<td class="n">${shown(measures, measure)}</td><td class="n faint">${ends(measures[measure])}</td>`;
      })}</tr>
`,
  )}</tbody></table>`,
)}</details>`;
}

/** Where a model was trained several times: what comes from the training and what from the test groups. */
function repeats(models: Comparison['models'], name: string): Html | null {
  if (models.every(({ trainings }) => trainings === 1)) return null;
  return html`<h3>Two sources of doubt, apart</h3>
${scrolling(
  'Between trainings',
  html`<table><thead><tr><th scope="col">model</th><th scope="col" class="n">trainings</th><th scope="col" class="n">mean ${name}&nbsp;%</th><th scope="col" class="n">standard deviation between trainings, points</th><th scope="col" class="n">95&nbsp;% interval of the mean, from the test groups</th></tr></thead>
<tbody>${models.map(
    (model, i) =>
      html`<tr><th scope="row">${key(model, i)}</th><td class="n">${model.trainings}</td><td class="n">${percent(model.standing.value)}</td><td class="n">${model.standing.betweenTrainings === null ? '–' : percent(model.standing.betweenTrainings)}</td><td class="n faint">${between({ value: null, interval: model.standing.sampling })}</td></tr>`,
  )}</tbody></table>`,
)}`;
}

const ranks = ([best, worst]: readonly [number, number]): string =>
  best === worst ? String(best) : `${best} – ${worst}`;

export function order({ pairs, floors, n, groups, metric }: Comparison): Html | null {
  const all = [...pairs, ...floors];
  if (all.length === 0) return null;
  const name = MEASURES[metric].name;
  return html`<p>All answered the same ${grouped(n)} cells, so they are compared cell by cell. The first of a pair has the higher ${name}.</p>
${scrolling(
  'Pairs',
  html`<table class="pairs">
<thead><tr><th scope="col">pair</th><th scope="col" class="n">${name}, points</th><th scope="col" class="n">95&nbsp;% interval</th><th scope="col" class="n">p</th><th scope="col">beyond chance?</th><th scope="col" class="n">only first right</th><th scope="col" class="n">only second</th><th scope="col" class="n">McNemar&nbsp;p</th></tr></thead>
<tbody>${all.map(
    (pair) => html`
<tr><th scope="row">${pair.better} <span class="faint">over</span> ${pair.worse}</th><td class="n">${signed(pair.difference)}</td><td class="n faint">${pair.interval === null ? '–' : `${signed(pair.interval[0])} to ${signed(pair.interval[1])}`}</td><td class="n">${probability(pair.adjustedP)}</td><td>${pair.beyondChance ? html`<strong>yes</strong>` : html`<span class="faint">no</span>`}</td><td class="n">${pair.onlyBetter}</td><td class="n">${pair.onlyWorse}</td><td class="n">${probability(pair.adjustedMcnemarP)}</td></tr>`,
  )}
</tbody></table>`,
)}
<p class="small">p: bootstrap of the difference over ${grouped(groups)} ${groups === 1 ? 'group' : 'groups'} and Student’s t with as few, the larger, raised by Holm’s rule for the number of pairs. “Yes” where it is below .05 and the interval leaves out 0. McNemar’s exact test looks at accuracy and takes cells for independent, which those of one smear are not; raised by Holm’s rule too.</p>`;
}
