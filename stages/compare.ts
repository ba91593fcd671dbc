/**
 * Puts the trained models side by side: the table with intervals, what of the order is more than chance, confusion
 * matrices, curves and cost, as data, as Markdown and as one page that needs nothing from outside.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Stage, StageError } from 'bloodline-ml/stage';
import { byCodeUnit, readJsonLines } from './imaging/samples.ts';
import { curveCharts } from './learning/charts.ts';
import { compare } from './learning/comparison.ts';
import { comparisonMarkdown } from './learning/comparison-markdown.ts';
import { comparisonPage } from './learning/comparison-page.ts';
import type { Curves } from './learning/curves.ts';
import type { Evaluation, Prediction } from './learning/evaluation.ts';
import type { Evaluated } from './learning/ranking.ts';

/** Folders with an entry a model: what `evaluate` and `train-per-model` made. */
export const inputs = { evaluations: 'required', curves: 'optional' } as const;
export const outputs = ['comparison'] as const;

export const params = {} as const;

export default async function run({ input, has, output, metric, warn }: Stage<typeof params>) {
  const coordinates = entries(input('evaluations'));
  const found = coordinates.map((coordinate) => readEvaluation(join(input('evaluations'), coordinate)));
  if (found.length === 0)
    throw new StageError('There is no evaluation to compare.', 'Name at least one model in the matrix.');
  checkSameCells(found, coordinates);

  // Two runs of one architecture (other seed, other size) are told apart by their coordinate.
  const names = found.map(({ evaluation }) => evaluation.model.name);
  const named = names.map((name, i) =>
    names.indexOf(name) === names.lastIndexOf(name) ? name : `${name} (${coordinates[i]})`,
  );
  const evaluated = found.map(({ evaluation, predictions }, i) => ({
    evaluation: { ...evaluation, model: { ...evaluation.model, name: named[i]! } },
    predictions,
  }));
  const curves = has('curves')
    ? coordinates.flatMap((coordinate, i) => {
        const file = join(input('curves'), coordinate, 'curves.json');
        return existsSync(file) ? [{ ...readJson<Curves>(file), model: named[i]! }] : [];
      })
    : [];

  const comparison = compare(evaluated);
  for (const caution of comparison.cautions) warn(caution);
  await mkdir(join(output('comparison'), 'charts'), { recursive: true });
  const write = (name: string, text: string): Promise<void> =>
    writeFile(join(output('comparison'), name), text);
  await write('comparison.json', `${JSON.stringify(comparison, null, 2)}\n`);
  await write('comparison.md', comparisonMarkdown(comparison));
  await write('comparison.html', comparisonPage(comparison, curves));
  for (const [name, svg] of Object.entries(curves.length === 0 ? {} : curveCharts(curves)))
    await write(`charts/${name}.svg`, `${svg}\n`);

  for (const { name, accuracy } of comparison.models) metric(`${name} accuracy`, accuracy);
  metric('baseline accuracy', comparison.baseline.accuracy);
}

const readJson = <T>(file: string): T => JSON.parse(readFileSync(file, 'utf8')) as T;

const entries = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .sort(byCodeUnit);

function readEvaluation(folder: string): Evaluated {
  return {
    evaluation: readJson<Evaluation>(join(folder, 'evaluation.json')),
    predictions: readJsonLines<Prediction>(join(folder, 'predictions.jsonl')),
  };
}

/** Numbers of different cells are not comparable. */
function checkSameCells(found: readonly Evaluated[], coordinates: readonly string[]): void {
  const [first, ...others] = found;
  const cells = (of: Evaluated): string =>
    JSON.stringify([
      of.evaluation.data.classes,
      of.predictions.map(({ id, label }) => [id, label]).sort((a, b) => byCodeUnit(a[0]!, b[0]!)),
    ]);
  const expected = cells(first!);
  const odd = others.findIndex((other) => cells(other) !== expected);
  if (odd >= 0)
    throw new StageError(
      `${coordinates[0]} and ${coordinates[odd + 1]} were tested on different cells, so their numbers cannot be compared.`,
      'Evaluate all models on one split: keep axes that change the data out of the comparison.',
    );
}
