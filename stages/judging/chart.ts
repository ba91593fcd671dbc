/**
 * What all charts share: SVG text by Observable Plot without a browser. The same numbers give the same bytes. Each SVG
 * stands by itself and follows the reader's light or dark.
 */
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

/** Told apart by people with any common kind of colour vision (after Okabe and Ito), one for light and one for dark. */
const SERIES = [
  ['#0a63b8', '#6db3f2'],
  ['#c2570c', '#f59e5b'],
  ['#0f7b5f', '#4cc9a2'],
  ['#9c3587', '#e38bd1'],
  ['#8a6d00', '#e0c04a'],
  ['#5a5f6b', '#b4bac6'],
] as const;
export const INK = ['#1d2230', '#e7e9ef'] as const;
export const FAINT = ['#6b7280', '#9aa3b2'] as const;

/** Colours of the models in the order given, for light and for dark. */
export const seriesColour = (index: number): readonly [light: string, dark: string] =>
  SERIES[index % SERIES.length]!;

// Plot writes colours as attributes: those are the light ones, good in any viewer; a style sheet turns them for dark.
const dark = [...SERIES, INK, FAINT]
  .flatMap(([light, other]) => [
    `.chart [stroke="${light}"]{stroke:${other}}`,
    `.chart [fill="${light}"]{fill:${other}}`,
    `.chart[color="${light}"]{color:${other}}`,
  ])
  .join('');
const STYLE = `.chart{font-family:system-ui,sans-serif;overflow:visible;max-width:100%;height:auto}@media(prefers-color-scheme:dark){.chart{color:${INK[1]}}${dark}}`;

/** Plot's own label font is 10 px: too small to read on a page. */
export const FONT = 12;

type Options = Plot.PlotOptions;

/** @param title read out by screen readers. */
export function draw(options: Options, title: string): string {
  const { document } = parseHTML('<html><body></body></html>');
  // The browser's types are not loaded here: linkedom's document stands in for the browser's.
  const svg = Plot.plot({ ...options, document } as Options) as unknown as ReturnType<
    typeof document.createElement
  >;
  for (const style of [...svg.querySelectorAll('style')]) style.remove();
  // Names of marks ("rule") are nothing that a screen reader should say: the title says what is shown.
  for (const mark of [...svg.querySelectorAll('[aria-label]')]) mark.removeAttribute('aria-label');
  for (const mark of [...svg.querySelectorAll('[aria-description]')])
    mark.removeAttribute('aria-description');
  svg.setAttribute('class', 'chart');
  svg.setAttribute('color', INK[0]);
  svg.setAttribute('font-size', String(FONT));
  svg.setAttribute('role', 'img');
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  const label = document.createElementNS('http://www.w3.org/2000/svg', 'title');
  label.textContent = title;
  const style = document.createElementNS('http://www.w3.org/2000/svg', 'style');
  style.textContent = STYLE;
  svg.prepend(label, style);
  return String(svg.outerHTML);
}

export const shorten = (text: string, most: number): string => {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
};
