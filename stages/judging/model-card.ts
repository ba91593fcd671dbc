import type { SavedModel } from '../learning/saved-model.ts';
import type { SplitSummary } from '../learning/split-data.ts';
import type { Evaluation } from './evaluation.ts';
import { between, decimals, share } from './measured.ts';
import type { Measured } from './measures.ts';
import { bytes, grouped, percent, short } from './numbers.ts';
import { plain } from './plain.ts';
import type { Use } from './use.ts';

/** What a person must know who is handed the model (Mitchell et al. 2019, arXiv:1810.03993), as Markdown. */
export function modelCard({
  model,
  evaluation,
  split,
  use,
}: {
  readonly model: SavedModel;
  readonly evaluation: Evaluation;
  readonly split: SplitSummary;
  readonly use: Use;
}): string {
  const { data, measures, perClass, calibration } = evaluation;
  const line = (name: string, of: Measured): string => `| ${name} | ${share(of)} | ${between(of)} |`;
  return `# ${plain(model.name)} on ${plain(data.name)}

**Not a medical device.** It was not tested for diagnosis, and must not be used for it.${data.synthetic ? '\n\n**Synthetic data**: it was trained on cells drawn by a program, and knows nothing of blood.' : ''}

## What it does
Names a cell in a picture of ${model.size} × ${model.size} pixels, one of ${model.classes.length} classes: ${model.classes.map(plain).join(', ')}. A picture of anything else gets one of these names too; a warning says where it is unlike the training data, most of the time.

* Architecture: ${plain(model.paper)}; ${grouped(model.parameters.total)} parameters, ${short(model.multAdds)} multiply-adds a picture, ${bytes(model.bytes)} of weights.
* Input: ${plain(model.preprocessing)}. A cell with a box is cut as a square of 1.2 times its longer side, inside the image.
* Weights: epoch ${model.epoch.best} of ${model.epoch.last}, the one with the lowest loss on validation.

## Data
${plain(data.name)}${data.licence === undefined ? '; its licence is not recorded with it' : `, ${plain(data.licence)}`}.

| class | training (of these copies) | validation | test |
|---|---:|---:|---:|
${data.classes.map((label) => `| ${plain(label)} | ${split.counts['train']?.[label] ?? 0} (${split.balance.augmented[label] ?? 0}) | ${split.counts['validation']?.[label] ?? 0} | ${split.counts['test']?.[label] ?? 0} |`).join('\n')}

Groups (smears, patients or images): ${split.groups['train'] ?? 0} trained on, ${split.groups['validation'] ?? 0} validated, ${split.groups['test'] ?? 0} tested; none in two parts.${split.leaks.dropped > 0 ? ` ${split.leaks.dropped} training cells were left out because their picture is in another part.` : ''}

## How good it is
On ${grouped(evaluation.n)} test cells from ${grouped(evaluation.groups)} groups${evaluation.fewGroups ? ', which are few: the intervals are surer of themselves than they should be' : ''}.

| measure | value % | 95 % interval |
|---|---:|---:|
${line('balanced accuracy', measures.balancedAccuracy)}
${line('accuracy', measures.accuracy)}
${line('macro F1', measures.macroF1)}
${perClass.map(({ label, recall }) => line(`recall of ${plain(label)}`, recall)).join('\n')}
${perClass.map(({ label, precision }) => line(`precision of ${plain(label)}`, precision)).join('\n')}

## How far its probabilities can be believed
Calibration error ${decimals(measures.ece)} as it is, ${calibration.scaled.ece.toFixed(3)} with the temperature ${calibration.temperature.toFixed(2)} that validation chose. ${
    use.sure === null
      ? `No confidence was high enough to be called sure at ${percent(evaluation.selection.risk)} % wrong.`
      : `From a confidence of ${use.sure.threshold.toFixed(3)} it is called sure: on the test cells that was ${percent(use.sure.test.coverage)} %, and ${percent(use.sure.test.risk)} % of these were wrong.`
  }${use.unlike === null ? '' : ` Of the test cells ${percent(use.unlike.test)} % are called unlike the training data by mistake.`}

## Limits
* It was tested on cells of the same source as it was trained on: other stains, microscopes, cameras and diseases are other data.
* Labels are as the source gives them, and were not checked by us.${evaluation.perClass
    .filter(({ support }) => support < 20)
    .map(({ label, support }) => `\n* ${plain(label)}: only ${support} test cells.`)
    .join('')}

## How it was made
\`bloodline run\`, stages \`ingest\` to \`evaluate\`. Weights sha256 ${model.sha256}. Keys, digests, seeds and versions stand in the records of the run.
`;
}
