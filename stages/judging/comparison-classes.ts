import { classChart } from './charts-ranking.ts';
import type { Comparison } from './comparison.ts';
import { picture } from './comparison-cells.ts';
import { between, key, scrolling } from './comparison-shown.ts';
import { type Gallery, PEEK } from './gallery.ts';
import { type Html, html, trusted } from './html.ts';
import { decimals, share } from './measured.ts';
import { percent } from './numbers.ts';

/** Confusion matrices as tables: a cell is as dark as its share of the row; its pictures show on hover and on focus. */
export function confusions({ models, data }: Comparison, gallery: Gallery | null): Html {
  return html`<p>A row is a true class, a column an answer. Numbers are cells; the stronger the colour, the larger the share of the row.${gallery !== null && ' Point at a number, or reach it with the Tab key, to see cells behind it.'}</p>
<div class="matrices">${models.map((model, i) => {
    const { counts, rows } = model.confusion;
    return html`
<figure class="matrix m${i}"><figcaption class="title" id="matrix-${i}">${key(model, i)}${model.trainings > 1 && html` <span class="faint">sum of ${model.trainings} trainings</span>`}</figcaption>
<div class="wide"><table aria-labelledby="matrix-${i}">
<thead><tr><th scope="col"><span class="away">true class</span></th>${data.classes.map((label) => html`<th scope="col" class="answer"><span>${label}</span></th>`)}</tr></thead>
<tbody>${counts.map(
      (row, truth) =>
        html`<tr><th scope="row">${data.classes[truth]!}</th>${row.map((count, answer) => {
          const ids = gallery?.models[i]?.peeks[truth]?.[answer] ?? [];
          const what = `${data.classes[truth]} taken for ${data.classes[answer]}: ${count}, ${percent(rows[truth]![answer]!)} % of the row`;
          return html`<td class="${count === 0 ? 'none' : ''}" style="--share:${percent(rows[truth]![answer]! * 0.45)}%">${
            ids.length === 0 || gallery === null
              ? html`<span title="${what}">${count}</span>`
              : html`<button type="button" aria-label="${what}">${count}</button><div class="peek"><p>${what}</p>${ids.map((id) => picture(gallery, id, `${data.classes[truth]}, taken for ${data.classes[answer]}`))}${count > PEEK && html`<p class="small">the ${PEEK} surest of ${count}</p>`}</div>`
          }</td>`;
        })}</tr>`,
    )}</tbody></table></div>
</figure>`;
  })}
</div>
<details><summary>Shares of each row, in percent</summary>${models.map(
    ({ name, confusion }) => html`
${scrolling(
  `Shares of ${name}`,
  html`<table><caption>${name}: true class by row, answer by column</caption>
<thead><tr><th scope="col">true class</th>${data.classes.map((label) => html`<th scope="col" class="n">${label}</th>`)}</tr></thead>
<tbody>${confusion.rows.map(
    (row, truth) =>
      html`<tr><th scope="row">${data.classes[truth]!}</th>${row.map((of) => html`<td class="n">${percent(of)}</td>`)}</tr>`,
  )}</tbody></table>`,
)}`,
  )}</details>`;
}

export function perClass({ models, data }: Comparison): Html {
  const chart = (width: number): string =>
    classChart(
      data.classes,
      models.map(({ name, perClass: of }) => ({ name, values: of.map(({ recall }) => recall) })),
      {
        label: 'recall',
        title: `Recall of each class by ${models.map(({ name }) => name).join(', ')}`,
        width,
      },
    );
  return html`<p class="legend">${models.map((model, i) => html`<span>${key(model, i)}</span>`)}</p>
<figure><div class="on-wide">${trusted(chart(680))}</div><div class="on-narrow">${trusted(chart(340))}</div><figcaption>Recall: the share of a class’s cells that were named rightly, with its 95 % interval. A long bar says that too few cells, or groups, of the class were tested.</figcaption></figure>
${models.map(
  (model, i) => html`<details ${i === 0 && trusted('open')}><summary>${key(model, i)}</summary>
${scrolling(
  `Classes of ${model.name}`,
  html`<table><thead><tr><th scope="col">class</th><th scope="col" class="n">cells</th><th scope="col" class="n">recall&nbsp;%</th><th scope="col" class="n">95&nbsp;%</th><th scope="col" class="n">precision&nbsp;%</th><th scope="col" class="n">95&nbsp;%</th><th scope="col" class="n">F1</th><th scope="col" class="n">specificity&nbsp;%</th><th scope="col" class="n">ROC&nbsp;area</th><th scope="col" class="n">average precision</th></tr></thead>
<tbody>${model.perClass.map(
    (of) =>
      html`<tr><th scope="row">${of.label}</th><td class="n">${of.support}</td><td class="n">${share(of.recall)}</td><td class="n faint">${between(of.recall)}</td><td class="n">${share(of.precision)}</td><td class="n faint">${between(of.precision)}</td><td class="n">${decimals(of.f1)}</td><td class="n">${share(of.specificity)}</td><td class="n">${decimals(of.rocArea)}</td><td class="n">${decimals(of.averagePrecision)}</td></tr>`,
  )}</tbody></table>`,
)}</details>`,
)}`;
}
