import type { Comparison } from './comparison.ts';
import { between, betweenDecimals, decimals, share } from './measured.ts';
import { MEASURES } from './measures.ts';
import { grouped, percent, probability, short } from './numbers.ts';
import { plain } from './plain.ts';
import type { Interval } from './statistics.ts';

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
  const { data, models, baselines, pairs, floors, metric } = of;
  const sections = [
    `# ${models.map(({ name }) => plain(name)).join(', ')} on ${plain(data.name)}`,
    data.synthetic &&
      '**Synthetic data**: these cells were drawn by a program. The numbers show that the pipeline works, and say nothing about blood.',
    plain([of.verdict, of.floorVerdict].filter((text) => text !== null).join(' ')),
    of.cautions.length > 0 && of.cautions.map((caution) => `* ${plain(caution)}`).join('\n'),
    `## Results on ${grouped(of.n)} test cells from ${grouped(of.groups)} groups`,
    table(
      [
        'model',
        'balanced %',
        '95 % interval',
        'accuracy %',
        '95 % interval',
        'macro F1',
        'log loss',
        'rank',
        'mult-adds',
      ],
      [
        ...models.map(({ name, measures, standing, multAdds }) => [
          plain(name),
          share(measures.balancedAccuracy),
          between(measures.balancedAccuracy),
          share(measures.accuracy),
          between(measures.accuracy),
          decimals(measures.macroF1),
          decimals(measures.logLoss),
          ranks(standing.ranks),
          short(multAdds),
        ]),
        ...baselines.map(({ name, measures, probabilistic }) => [
          `*${plain(name)}*`,
          share(measures.balancedAccuracy),
          between(measures.balancedAccuracy),
          share(measures.accuracy),
          between(measures.accuracy),
          decimals(measures.macroF1),
          probabilistic ? decimals(measures.logLoss) : '–',
          '',
          '',
        ]),
      ],
    ),
    models.some(({ trainings }) => trainings > 1) && '## Between trainings',
    models.some(({ trainings }) => trainings > 1) &&
      table(
        [
          'model',
          'trainings',
          `${MEASURES[metric].name} %`,
          'between trainings (sd)',
          'from the test groups (95 %)',
        ],
        models.map(({ name, trainings, standing }) => [
          plain(name),
          String(trainings),
          percent(standing.value),
          standing.betweenTrainings === null ? '–' : percent(standing.betweenTrainings),
          between({ value: null, interval: standing.sampling }),
        ]),
      ),
    pairs.length + floors.length > 0 && '## Is the order more than chance?',
    pairs.length + floors.length > 0 &&
      table(
        [
          'pair',
          `${MEASURES[metric].name}, points`,
          '95 % interval',
          'p (Holm)',
          'only the first right',
          'only the second',
          'McNemar p (Holm)',
          'beyond chance',
        ],
        [...pairs, ...floors].map((pair) => [
          `${plain(pair.better)} − ${plain(pair.worse)}`,
          percent(pair.difference),
          pair.interval === null ? '–' : pair.interval.map((end) => percent(end)).join(' to '),
          probability(pair.adjustedP),
          String(pair.onlyBetter),
          String(pair.onlyWorse),
          probability(pair.adjustedMcnemarP),
          pair.beyondChance ? 'yes' : 'no',
        ]),
      ),
    '## Recall of each class',
    table(
      ['class', 'test cells', ...models.map(({ name }) => `${plain(name)}: recall % (95 %), F1`)],
      data.classes.map((label, i) => [
        plain(label),
        String(models[0]!.perClass[i]!.support),
        ...models.map(({ perClass }) => {
          const { recall, f1 } = perClass[i]!;
          return `${share(recall)} (${between(recall)}), ${decimals(f1)}`;
        }),
      ]),
    ),
    '## Can the probabilities be believed?',
    table(
      [
        'model',
        'calibration error',
        '95 % interval',
        'temperature',
        'calibration error after',
        'sure from',
        'answered %',
        'wrong of these %',
      ],
      models.map(({ name, measures, calibration, selection }) => [
        plain(name),
        decimals(measures.ece),
        betweenDecimals(measures.ece),
        calibration.temperature.toFixed(2),
        calibration.scaled.ece.toFixed(3),
        selection.chosen === null ? 'never' : selection.chosen.threshold.toFixed(3),
        selection.test === null ? '–' : percent(selection.test.coverage),
        selection.test === null ? '–' : percent(selection.test.risk),
      ]),
    ),
    ...models.flatMap(({ name, confusion }) => [
      `## Confusion matrix of ${plain(name)}`,
      table(
        ['true ↓ answered →', ...data.classes.map(plain)],
        data.classes.map((label, i) => [plain(label), ...confusion.counts[i]!.map(String)]),
      ),
    ]),
    'Intervals: percentiles of a bootstrap over groups, for plain shares the wider of that and Wilson’s. Pairs: bootstrap over groups of the difference, and McNemar’s exact test, which takes cells for independent; both with Holm’s correction.',
  ];
  return `${sections.filter((section) => section !== false).join('\n\n')}\n`;
}

const ranks = ([best, worst]: Interval): string => (best === worst ? String(best) : `${best}–${worst}`);
