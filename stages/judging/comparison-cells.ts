import type { Comparison } from './comparison.ts';
import { key } from './comparison-shown.ts';
import type { Gallery, ShownCell } from './gallery.ts';
import { type Html, html } from './html.ts';
import type { Why } from './noteworthy.ts';
import { percent } from './numbers.ts';

/** Each picture stands in the style sheet once, however often it is shown. */
export function galleryStyle({ cells }: Gallery): string {
  return [...cells.values()]
    .map((jpeg, i) => `.p${i}{background-image:url(data:image/jpeg;base64,${jpeg})}`)
    .join('');
}

/** A cell's picture, by the style sheet of `galleryStyle`. */
export function picture({ cells }: Gallery, id: string, label: string): Html {
  const at = [...cells.keys()].indexOf(id);
  return html`<span class="cell p${at}" role="img" aria-label="${label}" title="${id}"></span>`;
}

const KINDS: Readonly<Record<Why, string>> = {
  worst: 'Wrong, and sure of it',
  'least-certain': 'Least certain',
};

/** Worst and least certain cells of each model, with what the model looked at and where the cell comes from. */
export function cells({ models }: Comparison, gallery: Gallery | null): Html | null {
  if (gallery === null) return null;
  return html`<p>Before believing a number, look at what it is about. Beside each cell is what spoke for the answer (Grad-CAM: bright counted most). Confidence is calibrated.</p>
${models.map((model, i) => {
  const shown = gallery.models[i]!.shown;
  return html`<details ${i === 0 && { html: 'open' }}><summary>${key(model, i)}</summary>
${(Object.keys(KINDS) as Why[]).map((why) => {
  const own = shown.filter((cell) => cell.why === why);
  return html`<h3>${KINDS[why]}</h3>${own.length === 0 ? html`<p class="small">None.</p>` : html`<ul class="cards">${own.map((cell) => card(gallery, cell, `${i}-${why}`))}</ul>`}`;
})}</details>`;
})}`;
}

function card(
  gallery: Gallery,
  { id, label, predicted, confidence, ofTruth, heat }: ShownCell,
  place: string,
): Html {
  const source = gallery.sources.get(id)!;
  const anchor = `source-${place}-${[...gallery.cells.keys()].indexOf(id)}`;
  const right = label === predicted;
  return html`<li><div class="pictures">${picture(gallery, id, `${label}, called ${predicted}`)}${heat !== null && html`<img class="cell" alt="what spoke for ${predicted}" src="data:image/jpeg;base64,${heat}">`}</div>
<p><strong>${predicted}</strong> <span class="faint">${percent(confidence)}&nbsp;%</span><br>${right ? html`<span class="faint">right</span>` : html`is <strong>${label}</strong> <span class="faint">${percent(ofTruth)}&nbsp;%</span>`}</p>
<details class="source" id="${anchor}"><summary>source</summary>${
    source.around !== null &&
    html`<div class="around"><img alt="around the cell in ${source.image}" src="data:image/jpeg;base64,${source.around.jpeg}"><span style="${frame(source.around.frame)}"></span></div>`
  }<p class="small">${source.image}${source.box !== null && html`<br>box ${source.box.map((side) => Math.round(side)).join(', ')}`}</p></details></li>`;
}

const frame = ([x, y, w, h]: readonly [number, number, number, number]): string =>
  `left:${percent(x)}%;top:${percent(y)}%;width:${percent(w)}%;height:${percent(h)}%`;
