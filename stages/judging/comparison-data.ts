import type { SplitSummary } from '../learning/split-data.ts';
import type { Comparison } from './comparison.ts';
import { scrolling } from './comparison-shown.ts';
import { type Html, html } from './html.ts';
import { grouped, percent } from './numbers.ts';

/** Class balance before and after, how the groups were divided, what was found to leak. */
export function dataSection({ data }: Comparison, split: SplitSummary | null): Html | null {
  if (split === null) return null;
  const { counts, groups, balance, leaks } = split;
  const most = Math.max(1, ...Object.values(balance.before), ...Object.values(balance.after));
  const bar = (count: number, copies = 0): Html =>
    html`<td class="n bar plain" style="--share:${percent(count / most)}%">${grouped(count)}${copies > 0 && html` <span class="faint">(${grouped(copies)} copies)</span>`}</td>`;
  return html`${scrolling(
    'Balance',
    html`<table><thead><tr><th scope="col">class</th><th scope="col" class="n">training cells before balancing</th><th scope="col" class="n">after</th><th scope="col" class="n">validation</th><th scope="col" class="n">test</th></tr></thead>
<tbody>${data.classes.map(
      (label) =>
        html`<tr><th scope="row">${label}</th>${bar(balance.before[label] ?? 0)}${bar(balance.after[label] ?? 0, balance.augmented[label] ?? 0)}<td class="n">${grouped(counts.validation?.[label] ?? 0)}</td><td class="n">${grouped(counts.test?.[label] ?? 0)}</td></tr>`,
    )}</tbody></table>`,
  )}
<p>${grouped(groups.train ?? 0)} groups were trained on, ${grouped(groups.validation ?? 0)} validated, ${grouped(groups.test ?? 0)} tested; none stands in two parts. ${
    leaks.found.length === 0
      ? `Nothing of the source crossed its parts: ${grouped(leaks.groupsChecked)} groups were looked at, and ${pairs(leaks.pairsChecked)}.`
      : html`${leaks.found.length === 1 ? 'One leak' : `${leaks.found.length} leaks`} in the source’s own split: ${grouped(leaks.dropped)} training cells were taken out for it.`
  }</p>
<p class="small">Copies are augmented: turned, mirrored, other contrast and brightness. The contact sheet (balance-augment) and what is wrong with the data (ingest) stand on the run’s page.</p>`;
}

const pairs = (count: number): string =>
  count === 0
    ? 'no two pictures look alike'
    : count === 1
      ? 'the one pair of pictures that look alike'
      : `the ${grouped(count)} pairs of pictures that look alike`;
