import sharp from 'sharp';
import { PAGE_STYLE } from '../../judging/comparison-style.ts';
import { html, trusted } from '../../judging/html.ts';
import { percent } from '../../judging/numbers.ts';
import type { Use } from '../../judging/use.ts';
import type { LoadedModel } from '../../learning/saved-model.ts';
import type { Unnamed } from './cutting.ts';
import type { Named } from './named.ts';

/** More pictures than this nobody looks at; the page then says how many there were. */
export const MOST_PICTURES = 500;

/** The first part of the page of answers; `pageCard` and `pageEnd` go on with it, so that nothing is held. */
export function pageStart({ model }: LoadedModel, use: Use | null): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${
  html`<title>Cells named by ${model.name}</title>
<style>${trusted(PAGE_STYLE)}</style>
</head>
<body>
<main>
<header><p class="eyebrow">Cells named by ${model.name}</p><h1>What ${model.name} takes these pictures for</h1>
<p>${
    use === null
      ? 'Nothing is known of how it was evaluated: probabilities are as the model gives them.'
      : `Probabilities are calibrated (temperature ${use.temperature.toFixed(2)}). ${
          use.sure === null
            ? 'No confidence is high enough to be called sure.'
            : `Below ${percent(use.sure.threshold)} % it is not sure: on its test cells it was sure of ${percent(use.sure.test.coverage)} %, of which ${percent(use.sure.test.risk)} % were wrong.`
        }${
          use.unlike === null
            ? ''
            : ` ${percent(use.unlike.test)} % of its own test cells would be called unlike the training data.`
        }`
  } Not a medical device.</p></header>
<ul class="cards">`.html
}
`;
}

/** A picture with its answer. */
export async function pageCard({
  image,
  id,
  label,
  confidence,
  sure,
  unlike,
  pixels,
}: Named): Promise<string> {
  const side = Math.round(Math.sqrt(pixels.length / 3));
  const jpeg = await sharp(pixels, { raw: { width: side, height: side, channels: 3 } })
    .resize(72, 72)
    .jpeg({ quality: 80 })
    .toBuffer();
  return `${
    html`<li><img class="cell" alt="" src="data:image/jpeg;base64,${jpeg.toString('base64')}"><p><strong>${label}</strong> <span class="faint">${percent(confidence)} %</span>${sure === false && html`<br>not sure`}${unlike === true && html`<br>unlike the training data`}<br><span class="small">${image}${id !== null && html` [${id}]`}</span></p></li>`
      .html
  }\n`;
}

export function pageEnd(count: number, failed: readonly Unnamed[]): string {
  return `${
    html`</ul>
${count > MOST_PICTURES && html`<p>${MOST_PICTURES} of ${count} are shown; --csv or --json give all.</p>`}
${failed.length > 0 && html`<h2>Not read</h2><ul>${failed.map(({ image, message }) => html`<li>${image}: ${message}</li>`)}</ul>`}
</main>
</body>
</html>`.html
  }\n`;
}
