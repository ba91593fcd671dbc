import type { Comparison } from './comparison.ts';
import { bytes, grouped, percent, probability, short } from './numbers.ts';

/** Text from data in a table cell or a sentence: no markup, no second column. */
const plain = (text: string): string =>
  text.replace(/[\\`*_{}[\]<>#|~]/g, (character) => `\\${character}`).replace(/\s+/g, ' ');

/** Columns are padded, so that the table reads well as plain text too: a terminal shows it as it is. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, i) => Math.max(3, ...[head, ...rows].map((row) => [...row[i]!].length)));
  const line = (row: readonly string[]): string =>
    `| ${row
      .map((cell, i) => {
        const space = ' '.repeat(widths[i]! - [...cell].length);
        return i === 0 ? cell + space : space + cell;
      })
      .join(' | ')} |`;
  const rule = widths.map((width, i) => (i === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`));
  return [line(head), `|${rule.join('|')}|`, ...rows.map(line)].join('\n');
}

/** The comparison for a terminal, a pull request or a notebook. */
export function comparisonMarkdown(of: Comparison): string {
  const { data, models, baseline, pairs } = of;
  const sections = [
    `# ${models.map(({ name }) => plain(name)).join(', ')} on ${plain(data.name)}`,
    data.synthetic &&
      '**Synthetic data**: these cells were drawn by a program. The numbers show that the pipeline works, and say nothing about blood.',
    plain(of.verdict),
    of.cautions.length > 0 && of.cautions.map((caution) => `* ${plain(caution)}`).join('\n'),
    `## Results on ${grouped(of.n)} test cells from ${grouped(of.groups)} groups`,
    table(
      [
        'model',
        'accuracy %',
        '95 % interval',
        'balanced %',
        'macro F1',
        'log loss',
        'parameters',
        'mult-adds',
        'size',
      ],
      [
        ...models.map((model) => [
          plain(model.name),
          percent(model.accuracy),
          model.accuracyInterval.map((end) => percent(end)).join('–'),
          percent(model.balancedAccuracy),
          model.macroF1.toFixed(3),
          model.logLoss.toFixed(3),
          short(model.parameters),
          short(model.multAdds),
          bytes(model.bytes),
        ]),
        [
          `*always ${plain(baseline.label)}*`,
          percent(baseline.accuracy),
          '',
          percent(baseline.balancedAccuracy),
          baseline.macroF1.toFixed(3),
          baseline.logLoss.toFixed(3),
          '',
          '',
          '',
        ],
      ],
    ),
    pairs.length > 0 && '## Is the order more than chance?',
    pairs.length > 0 &&
      table(
        [
          'pair',
          'difference, points',
          '95 % interval',
          'only the first right',
          'only the second',
          'p (Holm)',
          'beyond chance',
        ],
        pairs.map((pair) => [
          `${plain(pair.better)} − ${plain(pair.worse)}`,
          percent(pair.difference),
          pair.interval.map((end) => percent(end)).join(' to '),
          String(pair.onlyBetter),
          String(pair.onlyWorse),
          probability(pair.adjustedP),
          pair.beyondChance ? 'yes' : 'no',
        ]),
      ),
    '## F1 and recall of each class',
    table(
      ['class', 'test cells', ...models.map(({ name }) => `${plain(name)}: F1 (recall %)`)],
      data.classes.map((label, i) => [
        plain(label),
        String(models[0]!.perClass[i]!.support),
        ...models.map(({ perClass }) => `${perClass[i]!.f1.toFixed(3)} (${percent(perClass[i]!.recall)})`),
      ]),
    ),
    ...models.flatMap(({ name, confusion }) => [
      `## Confusion matrix of ${plain(name)}`,
      table(
        ['true ↓ answered →', ...data.classes.map(plain)],
        data.classes.map((label, i) => [plain(label), ...confusion.counts[i]!.map(String)]),
      ),
    ]),
    'Intervals: the wider of Wilson’s and a bootstrap over groups. Pairs: McNemar’s exact test with Holm’s correction, and a bootstrap of the difference over groups; "yes" where both agree.',
  ];
  return `${sections.filter((section) => section !== false).join('\n\n')}\n`;
}
