import type { ComparedModel } from './comparison.ts';
import { type Html, html } from './html.ts';
import type { Measured } from './measures.ts';
import { percent } from './numbers.ts';

/** A model's name with its colour. */
export const key = (model: Pick<ComparedModel, 'name'>, i: number): Html =>
  html`<span class="key m${i}"></span>${model.name}`;

/** .9123 → "91.2", nothing → "–". */
export const share = ({ value }: Measured): string => (value === null ? '–' : percent(value));
export const decimals = ({ value }: Measured): string => (value === null ? '–' : value.toFixed(3));

/** The ends of an interval of a share, in percent. */
export const between = ({ interval }: Measured): string =>
  interval === null ? '–' : interval.map((end) => percent(end)).join(' – ');
export const betweenDecimals = ({ interval }: Measured): string =>
  interval === null ? '–' : interval.map((end) => end.toFixed(3)).join(' – ');

/** "+1.2", "−0.4", "0.0", points of a percentage. */
export const signed = (difference: number): string => {
  const text = percent(Math.abs(difference));
  return Number(text) === 0 ? '0.0' : difference < 0 ? `−${text}` : `+${text}`;
};

/** A table in a box that scrolls by itself where the page is narrow; reachable by keyboard. */
export const scrolling = (label: string, table: Html): Html =>
  html`<div class="wide" role="region" aria-label="${label}" tabindex="0">${table}</div>`;
