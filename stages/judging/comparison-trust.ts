import { coverageChart, reliabilityChart, thresholdChart } from './charts-trust.ts';
import type { ComparedModel, Comparison } from './comparison.ts';
import { betweenDecimals, key, scrolling } from './comparison-shown.ts';
import { type Html, html, trusted } from './html.ts';
import { decimals } from './measured.ts';
import { percent } from './numbers.ts';

/** Calibration, thresholds, and what is left when a model may keep silent. */
export function trust({ models }: Comparison): Html {
  const risk = models[0]!.selection.risk;
  const repeated = models.some(({ trainings }) => trainings > 1);
  return html`${scrolling(
    'Calibration',
    html`<table><thead><tr><th scope="col">model</th><th scope="col" class="n">calibration error</th><th scope="col" class="n">95&nbsp;%</th><th scope="col" class="n">temperature</th><th scope="col" class="n">error after it</th><th scope="col" class="n">log loss after it</th><th scope="col" class="n">sure from</th><th scope="col" class="n">answered then&nbsp;%</th><th scope="col" class="n">wrong of these&nbsp;%</th></tr></thead>
<tbody>${models.map((model, i) => row(model, i))}</tbody></table>`,
  )}
<p class="small">The temperature divides the logits; validation chose it, and the confidence from which on a model is “sure”: the lowest with at most ${percent(risk)} % wrong among its validation answers. The last two columns say what became of that on the test cells.${repeated && ' Of several trainings these are means, and curves are mean curves: the band or bar around them is a standard deviation between trainings each way.'}</p>
<div class="multiples">${models.map(
    (model, i) =>
      html`<figure><figcaption class="title">${key(model, i)}</figcaption>${trusted(
        reliabilityChart(
          { bins: model.calibration.bins, scaled: model.calibration.scaled.bins },
          { colour: i, title: `Reliability of ${model.name}` },
        ),
      )}</figure>`,
  )}</div>
<p class="small">Share of right answers over confidence. Rings: as the model says; dots: with its temperature; the larger, the more cells. On the broken line confidence can be taken at its word; below it the model is too sure.</p>
<figure>${trusted(
    coverageChart(
      models.map(({ name, selection }) => ({ name, curve: selection.curve, at: selection.test })),
      `Wrong answers over cells answered, of ${models.map(({ name }) => name).join(', ')}`,
    ),
  )}<figcaption>What is left wrong when a model answers only where it is surest. Dot: the threshold that validation chose.</figcaption></figure>
<details><summary>ROC and precision-recall curves</summary>
<div class="multiples two">${models.map(
    (
      model,
      i,
    ) => html`<figure><figcaption class="title">${key(model, i)}: ROC, macro area ${decimals(model.measures.rocMacro)}</figcaption>${trusted(
      thresholdChart(
        model.curves.map(({ roc }) => roc),
        'roc',
        { colour: i, title: `ROC curves of ${model.name}, a line a class` },
      ),
    )}</figure>
<figure><figcaption class="title">precision and recall, macro average precision ${decimals(model.measures.prMacro)}</figcaption>${trusted(
      thresholdChart(
        model.curves.map(({ precision }) => precision),
        'pr',
        { colour: i, title: `Precision over recall of ${model.name}, a line a class` },
      ),
    )}</figure>`,
  )}</div><p class="small">A line a class, each against all others; areas of each class stand in the table of classes.</p></details>`;
}

function row(model: ComparedModel, i: number): Html {
  const { measures, calibration, selection } = model;
  return html`<tr><th scope="row">${key(model, i)}</th><td class="n">${decimals(measures.ece)}</td><td class="n faint">${betweenDecimals(measures.ece)}</td><td class="n">${calibration.fitted.n === 0 ? '–' : calibration.temperature.toFixed(2)}</td><td class="n">${calibration.scaled.ece.toFixed(3)}</td><td class="n">${calibration.scaled.logLoss.toFixed(3)}</td>${
    selection.chosen === null || selection.test === null
      ? html`<td class="n">never</td><td class="n">–</td><td class="n">–</td>`
      : html`<td class="n">${selection.chosen.threshold.toFixed(3)}${selection.found < model.trainings && html` <span class="faint">(${selection.found} of ${model.trainings})</span>`}</td><td class="n">${percent(selection.test.coverage)}</td><td class="n">${percent(selection.test.risk)}</td>`
  }</tr>`;
}
