import type { ComparedModel } from './comparison.ts';
import { type Html, html } from './html.ts';
import * as measured from './measured.ts';
import type { Measured } from './measures.ts';
import { percent } from './numbers.ts';

/** A model's name with its colour. */
export const key = (model: Pick<ComparedModel, 'name'>, i: number): Html =>
  html`<span class="key m${i}"></span>${model.name}`;

/** The ends of an interval, with air around the dash. */
export const between = (of: Measured): string => measured.between(of, ' – ');
export const betweenDecimals = (of: Measured): string => measured.betweenDecimals(of, ' – ');

/** "+1.2", "−0.4", "0.0", points of a percentage. */
export const signed = (difference: number): string => {
  const text = percent(Math.abs(difference));
  return Number(text) === 0 ? '0.0' : difference < 0 ? `−${text}` : `+${text}`;
};

/** A table in a box that scrolls by itself where the page is narrow; reachable by keyboard. */
export const scrolling = (label: string, table: Html): Html =>
  html`<div class="wide" role="region" aria-label="${label}" tabindex="0">${table}</div>`;
