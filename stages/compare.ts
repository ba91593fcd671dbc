/**
 * Puts the trained models side by side: the table with intervals, what of the order is more than chance, confusion
 * matrices, curves and cost, as data, as Markdown and as one page that needs nothing from outside.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Stage, StageError } from 'bloodline-ml/stage';
import { PixelsReader } from './imaging/pixels.ts';
import { byCodeUnit, readJsonLines, readSamples } from './imaging/samples.ts';
import { type BaselineAnswers, constantBaseline, learnedBaselines } from './judging/baselines.ts';
import { confusionSvg, curveCharts } from './judging/charts.ts';
import { compare, type Evaluated, type Trainings } from './judging/comparison.ts';
import { comparisonMarkdown } from './judging/comparison-markdown.ts';
import { comparisonPage, type PageExtras } from './judging/comparison-page.ts';
import { comparisonTables } from './judging/comparison-tables.ts';
import type { Evaluation, Prediction } from './judging/evaluation.ts';
import { orZero } from './judging/evaluation.ts';
import { gallery } from './judging/gallery.ts';
import { rowsDigest } from './judging/rows-digest.ts';
import { type Assigned, readAssignment } from './learning/assignment.ts';
import type { Curves } from './learning/curves.ts';
import { readSplitSummary } from './learning/split-data.ts';

/**
 * `evaluations` and `curves` hold a folder a model: what `evaluate` and `train-per-model` made. The others give the
 * page its pictures and the table its baselines; without them both go without.
 */
export const inputs = {
  evaluations: 'required',
  curves: 'optional',
  pixels: 'optional',
  split: 'optional',
  samples: 'optional',
  images: 'optional',
} as const;
export const outputs = ['comparison'] as const;

export const params = {
  metric: {
    type: 'string',
    enum: ['accuracy', 'balancedAccuracy', 'macroF1'],
    default: 'balancedAccuracy',
    description:
      'What models are ranked and tested by. Balanced accuracy counts each class the same, however rare: with accuracy, a model that knows the largest class alone looks good.',
  },
} as const;
type Params = typeof params;

export default async function run({ params, input, has, output, metric, warn }: Stage<Params>) {
  const coordinates = entries(input('evaluations'));
  const found = coordinates.map((coordinate) => readEvaluation(join(input('evaluations'), coordinate)));
  if (found.length === 0)
    throw new StageError('There is no evaluation to compare.', 'Name at least one model in the matrix.');
  checkSameCells(found, coordinates);
  const trainings = grouped(found, coordinates);
  const curves = has('curves')
    ? coordinates.flatMap((coordinate, i) => {
        const file = join(input('curves'), coordinate, 'curves.json');
        const of = trainings.find(({ runs }) => runs[0] === found[i]);
        return existsSync(file) && of ? [{ ...readJson<Curves>(file), model: of.name }] : [];
      })
    : [];
  const samples = has('samples') ? readSamples(input('samples')) : null;
  const split = has('split') ? readSplitSummary(input('split')) : null;
  const pixels = has('pixels') ? new PixelsReader(input('pixels')) : null;

  const comparison = compare(trainings, baselines(), params.metric);
  for (const caution of comparison.cautions) warn(caution);
  if (comparison.floorVerdict?.includes('not beat')) warn(comparison.floorVerdict);
  await mkdir(join(output('comparison'), 'charts'), { recursive: true });
  const write = (name: string, text: string): Promise<void> =>
    writeFile(join(output('comparison'), name), text);
  await write('comparison.json', `${JSON.stringify(comparison, null, 1)}\n`);
  await write('comparison.md', comparisonMarkdown(comparison));
  await write('comparison.html', comparisonPage(comparison, trainings, await extras()));
  pixels?.close();
  const imageOf = new Map((samples ?? []).map(({ id, image }) => [id, image]));
  for (const [name, text] of Object.entries(comparisonTables(comparison, trainings, imageOf)))
    await write(name, text);
  for (const [i, { name, confusion }] of comparison.models.entries()) {
    const file = `charts/confusion-${i + 1}-${name.replace(/[^A-Za-z0-9]+/g, '-')}.svg`;
    const title = `Confusion matrix of ${name}`;
    const { classes } = comparison.data;
    await write(file, `${confusionSvg({ classes, ...confusion, title, colour: i })}\n`);
  }
  for (const [name, svg] of Object.entries(curves.length === 0 ? {} : curveCharts(curves)))
    await write(`charts/${name}.svg`, `${svg}\n`);

  for (const { name, measures } of comparison.models) {
    metric(`${name} accuracy`, orZero(measures.accuracy));
    metric(`${name} balanced accuracy`, orZero(measures.balancedAccuracy));
  }
  for (const { name, measures } of comparison.baselines)
    metric(`${name}: balanced accuracy`, orZero(measures.balancedAccuracy));

  async function extras(): Promise<PageExtras> {
    if (pixels === null || samples === null) return { curves, gallery: null, split };
    const shown = await gallery({
      models: comparison.models.map(({ name }) => {
        const [first] = trainings.find((of) => of.name === name)!.runs;
        const folder = join(input('evaluations'), coordinates[found.indexOf(first!)]!);
        return { predictions: first!.predictions, folder };
      }),
      classes: comparison.data.classes,
      rows: new Map(pixels.description.ids.map((id, row) => [id, row])),
      samples,
      pixels,
      images: has('images') ? input('images') : null,
    });
    return { curves, gallery: shown, split };
  }

  /** Predictions of other pictures under the same names would be judged as if they were of these. */
  function checkPixels(pixels: PixelsReader, rows: readonly number[]): void {
    const digest = rowsDigest(pixels, rows);
    const odd = found.findIndex(
      ({ evaluation }) =>
        evaluation.model.size === pixels.description.size &&
        evaluation.pixels !== null &&
        evaluation.pixels !== digest,
    );
    if (odd >= 0)
      throw new StageError(
        `The predictions of ${coordinates[odd]} do not belong to these pixels (sha256 ${digest.slice(0, 12)}…, not ${found[odd]!.evaluation.pixels!.slice(0, 12)}…).`,
        'Evaluate the model on the pixels that are compared.',
      );
  }

  /** In the order of the first model's predictions. */
  function baselines(): BaselineAnswers[] {
    const rows = found[0]!.predictions;
    const { classes } = found[0]!.evaluation.data;
    const constant = constantBaseline(
      rows.map(({ label }) => classes.indexOf(label)),
      classes,
    );
    if (pixels === null || split === null || samples === null) return [constant];
    const assigned = inOrder(readAssignment(input('split')), rows);
    const leaking = new Set(split.leaks.found.flatMap(({ a, b }) => [a, b]));
    checkPixels(pixels, assigned.test.rows);
    return [constant, ...learnedBaselines(assigned, samples, pixels, leaking)];
  }
}

/** The test part in the order of the predictions. */
function inOrder(assigned: Assigned, rows: readonly Prediction[]): Assigned {
  const byId = new Map(assigned.test.cells.map((cell) => [cell.id, cell]));
  const cells = rows.map(({ id }) => {
    const cell = byId.get(id);
    if (cell === undefined)
      throw new StageError(
        `The predictions name the cell ${id}, which is not in the test part of this split.`,
        'Compare evaluations with the split that they were made on.',
      );
    return cell;
  });
  const test = { cells, rows: cells.map(({ row }) => row), labels: cells.map(({ label }) => label) };
  return { ...assigned, test };
}

/**
 * Trainings of one architecture that differ in `repeat` alone belong together. Others of one architecture (another size,
 * another schedule) are told apart by their coordinate.
 */
function grouped(found: readonly Evaluated[], coordinates: readonly string[]): Trainings[] {
  const withoutRepeat = coordinates.map((coordinate) =>
    coordinate
      .split(',')
      .filter((part) => !part.startsWith('repeat='))
      .join(','),
  );
  const keys = [...new Set(withoutRepeat)];
  const groups = keys.map((key) => found.filter((_, i) => withoutRepeat[i] === key));
  const names = groups.map((runs) => runs[0]!.evaluation.model.name);
  return groups.map((runs, i) => ({
    name: names.indexOf(names[i]!) === names.lastIndexOf(names[i]!) ? names[i]! : `${names[i]} (${keys[i]})`,
    runs,
  }));
}

const readJson = <T>(file: string): T => JSON.parse(readFileSync(file, 'utf8')) as T;

const entries = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .sort(byCodeUnit);

function readEvaluation(folder: string): Evaluated {
  const evaluation = readFormat(join(folder, 'evaluation.json'));
  const predictions = readJsonLines<Prediction>(join(folder, 'predictions.jsonl'));
  const { classes } = evaluation.data;
  const known = (label: string): boolean => classes.includes(label);
  const odd = predictions.find(
    ({ label, predicted, probabilities, calibrated }) =>
      !known(label) ||
      !known(predicted) ||
      [probabilities, calibrated].some((of) => of.length !== classes.length || !of.every(Number.isFinite)),
  );
  if (odd !== undefined)
    throw new StageError(
      `The prediction of ${odd.id} in ${folder} is none: expected a class and ${classes.length} numbers, got ${JSON.stringify(odd).slice(0, 120)}.`,
      'Evaluate the model again; where that gives the same, its weights hold no numbers: train it again.',
    );
  return { evaluation, predictions };
}

function readFormat(file: string): Evaluation {
  const evaluation = readJson<Evaluation>(file);
  if (evaluation.format === 2) return evaluation;
  throw new StageError(
    `${file} is of format ${evaluation.format}; this program reads format 2.`,
    'Evaluate the model again.',
  );
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
  const classesOf = (of: Evaluated): string => of.evaluation.data.classes.join(', ');
  const other = others.findIndex((of) => classesOf(of) !== classesOf(first!));
  if (other >= 0)
    throw new StageError(
      `${coordinates[0]} knows the classes ${classesOf(first!)}, ${coordinates[other + 1]} knows ${classesOf(others[other]!)}: their numbers cannot be compared.`,
      'Train all models on one data set.',
    );
  const odd = others.findIndex((of) => cells(of) !== expected);
  if (odd >= 0)
    throw new StageError(
      `${coordinates[0]} and ${coordinates[odd + 1]} were tested on different cells, so their numbers cannot be compared.`,
      'Evaluate all models on one split: keep axes that change the data out of the comparison.',
    );
}
