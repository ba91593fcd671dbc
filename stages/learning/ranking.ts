import type { Evaluation, Prediction } from './evaluation.ts';
import { bootstrapByGroup, holm, type Interval, mcnemar } from './statistics.ts';

/** A model's results as `evaluate` left them. */
export interface Evaluated {
  readonly evaluation: Evaluation;
  readonly predictions: readonly Prediction[];
}

/** Two models on the same cells; `better` has the higher accuracy. */
export interface Pair {
  readonly better: string;
  readonly worse: string;
  /** Accuracy of `better` minus that of `worse`, with its 95 % interval by bootstrap over groups. */
  readonly difference: number;
  readonly interval: Interval;
  /** Cells that only one of them got right. */
  readonly onlyBetter: number;
  readonly onlyWorse: number;
  /** Of McNemar's exact test, and raised by Holm for the number of pairs. */
  readonly p: number;
  readonly adjustedP: number;
  /** Both say so: the adjusted p is below .05 and the interval does not hold 0. */
  readonly beyondChance: boolean;
}

/** Best first: by accuracy, then by log loss, then by name. */
export function ranked(models: readonly Evaluated[]): Evaluated[] {
  return [...models].sort(
    ({ evaluation: a }, { evaluation: b }) =>
      b.accuracy - a.accuracy || a.logLoss - b.logLoss || (a.model.name < b.model.name ? -1 : 1),
  );
}

/** Every pair of ranked models. All must have classified the same cells. */
export function pairs(models: readonly Evaluated[]): Pair[] {
  const compared = models.flatMap((better, i) =>
    models.slice(i + 1).map((worse) => comparePair(better, worse)),
  );
  const adjusted = holm(compared.map(({ p }) => p));
  return compared.map((pair, i) => ({
    ...pair,
    adjustedP: adjusted[i]!,
    beyondChance: adjusted[i]! < 0.05 && (pair.interval[0] > 0 || pair.interval[1] < 0),
  }));
}

function comparePair(better: Evaluated, worse: Evaluated): Omit<Pair, 'adjustedP' | 'beyondChance'> {
  const answers = new Map(worse.predictions.map(({ id, predicted }) => [id, predicted]));
  // 1 where only the better one is right, -1 where only the other, 0 where they agree.
  const wins = better.predictions.map(
    ({ id, label, predicted }) => Number(predicted === label) - Number(answers.get(id) === label),
  );
  const mean = (rows: readonly number[]): number =>
    rows.length === 0 ? 0 : rows.reduce((total, row) => total + wins[row]!, 0) / rows.length;
  const onlyBetter = wins.filter((win) => win === 1).length;
  const onlyWorse = wins.filter((win) => win === -1).length;
  return {
    better: better.evaluation.model.name,
    worse: worse.evaluation.model.name,
    difference: mean([...wins.keys()]),
    interval: bootstrapByGroup(
      better.predictions.map(({ group }) => group),
      (rows) => [mean(rows)],
      'pair',
    )[0] ?? [0, 0],
    onlyBetter,
    onlyWorse,
    p: mcnemar(onlyBetter, onlyWorse),
  };
}

/**
 * What can be said of the order, in sentences. The best model is only called the best where it beats each other one
 * beyond chance.
 */
export function verdict(models: readonly Evaluated[], compared: readonly Pair[]): string {
  const best = models[0]!.evaluation;
  const share = `${(best.accuracy * 100).toFixed(1)} %`;
  if (models.length === 1) return `${best.model.name} gets ${share} of the test cells right.`;
  const ofBest = compared.filter(({ better }) => better === best.model.name);
  const unsure = ofBest.filter(({ beyondChance }) => !beyondChance).map(({ worse }) => worse);
  if (unsure.length === 0)
    return `${best.model.name} is the best: ${share} of the test cells right, more than ${listed(ofBest.map(({ worse }) => worse))}, and beyond chance.`;
  const ahead = ofBest.filter(({ beyondChance }) => beyondChance).map(({ worse }) => worse);
  const rest = ahead.length === 0 ? '' : ` It is ahead of ${listed(ahead)} beyond chance.`;
  return `${best.model.name} leads with ${share} of the test cells right, but on ${best.n} cells its lead over ${listed(unsure)} is not beyond chance.${rest}`;
}

const listed = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

/** What a reader must know before believing the numbers; sentences. */
export function cautions(evaluation: Evaluation): string[] {
  const { data, perClass, groups, n, baseline } = evaluation;
  const found: string[] = [];
  const supports = perClass.map(({ support }) => support);
  const largest = Math.max(...supports);
  const absent = perClass.filter(({ support }) => support === 0).map(({ label }) => label);
  const few = perClass.filter(({ support }) => support > 0 && support < 20);
  if (baseline.accuracy > 0.5)
    found.push(
      `The test part is imbalanced: answering ${baseline.label} each time is right in ${(baseline.accuracy * 100).toFixed(1)} % of the cells. Read balanced accuracy and macro F1 beside accuracy.`,
    );
  else if (largest > 3 * Math.min(...supports.filter((support) => support > 0)))
    found.push(
      `The classes of the test part differ in size by more than three times. Read balanced accuracy and macro F1 beside accuracy.`,
    );
  if (absent.length > 0)
    found.push(`The test part has no cell of ${listed(absent)}: nothing is known of them.`);
  if (few.length > 0)
    found.push(
      `Few test cells: ${few.map(({ label, support }) => `${label} ${support}`).join(', ')}. Their recall is a rough number.`,
    );
  if (groups < 10 && groups < n)
    found.push(
      `The ${n} test cells come from only ${groups} groups: intervals and tests are surer of themselves than they should be.`,
    );
  const training = Object.entries(data.training ?? {});
  const most = Math.max(...training.map(([, count]) => count));
  const short = training.filter(([, count]) => count < most * 0.95);
  if (short.length > 0)
    found.push(
      `The training part is not balanced: ${short.map(([label, count]) => `${label} ${count}`).join(', ')} of ${most}.`,
    );
  return found;
}
