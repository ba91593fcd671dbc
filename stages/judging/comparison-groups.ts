import { breakdown } from './breakdown.ts';
import type { Comparison, Trainings } from './comparison.ts';
import { key, scrolling } from './comparison-shown.ts';
import { type Html, html } from './html.ts';
import { grouped, percent } from './numbers.ts';
import { wilson } from './statistics.ts';

/** Groups listed of each model. */
const SHOWN = 8;

/** Where it goes worst: groups with most wrong answers. Nothing where each cell is a group of its own. */
export function groupsSection(of: Comparison, trainings: readonly Trainings[]): Html | null {
  if (of.groups === of.n) return null;
  return html`<p>A model that fails on one smear has learned something about the others. Groups with the most wrong answers, of ${grouped(of.groups)}; all are in <code>groups.csv</code>, and by source image in <code>images.csv</code>.</p>
<div>${of.models.map((model, i) => {
    const { runs } = trainings.find(({ name }) => name === model.name)!;
    const parts = breakdown(runs[0]!, (_, group) => group);
    const wrong = parts.filter(({ cells, right }) => right < cells);
    const whole = parts.length - wrong.length;
    return html`<div><p class="legend"><span>${key(model, i)}</span></p>
${scrolling(
  `Groups of ${model.name}`,
  html`<table><thead><tr><th scope="col">group</th><th scope="col" class="n">cells</th><th scope="col" class="n">wrong</th><th scope="col" class="n">right&nbsp;%</th><th scope="col" class="n">95&nbsp;% (Wilson)</th></tr></thead>
<tbody>${wrong.slice(0, SHOWN).map(({ name, cells, right }) => {
    const [low, high] = wilson(right, cells);
    return html`<tr><th scope="row" title="${name}">${name}</th><td class="n">${cells}</td><td class="n">${cells - right}</td><td class="n">${percent(right / cells)}</td><td class="n faint">${percent(low)} – ${percent(high)}</td></tr>`;
  })}</tbody></table>`,
)}
<p class="small">${wrong.length > SHOWN && `${wrong.length - SHOWN} more have wrong answers; `}${grouped(whole)} ${whole === 1 ? 'group has' : 'groups have'} none.</p></div>`;
  })}</div>`;
}
