import type { BaselineAnswers } from './baselines.ts';
import type { EvaluatedData, Evaluation, Prediction } from './evaluation.ts';
import {
  type MeanCalibration,
  type MeanPoint,
  type MeanSelection,
  meanCalibration,
  meanPrecision,
  meanRoc,
  meanSelection,
} from './mean-curves.ts';
import {
  CLASS_MEASURES,
  MEASURES,
  type Measure,
  type Measured,
  type MeasuredClass,
  type Measures,
  measure,
} from './measures.ts';
import { answers, confusionCounts, type Scores, scores } from './metrics.ts';
import { type MainMetric, type Pair, rankContestants, type Standing } from './ranking.ts';
import { deviation, type Interval } from './statistics.ts';
import { cautions, floorVerdict, verdict } from './verdict.ts';

/** A model's results as `evaluate` left them. */
export interface Evaluated {
  readonly evaluation: Evaluation;
  readonly predictions: readonly Prediction[];
}

/** All trainings of one architecture on one data set: one, or one for each `repeat`. */
export interface Trainings {
  readonly name: string;
  readonly runs: readonly Evaluated[];
}

/** A row of the table, best first. Of several trainings numbers are means, the confusion matrix is the sum. */
export interface ComparedModel {
  readonly name: string;
  readonly paper: string | null;
  readonly size: number;
  readonly epoch: number | null;
  readonly parameters: number;
  readonly multAdds: number;
  readonly bytes: number;
  readonly trainings: number;
  readonly measures: Measures;
  /** Standard deviation of each number between trainings; null for a single one. */
  readonly betweenTrainings: Readonly<Record<Measure, number | null>> | null;
  readonly standing: Standing;
  readonly perClass: readonly MeasuredClass[];
  readonly confusion: Scores['confusion'];
  /** Of each class against the rest. */
  readonly curves: readonly MeanClassCurves[];
  readonly calibration: MeanCalibration;
  readonly selection: MeanSelection;
  /** No other model is both cheaper (multiply-adds) and better (main metric). */
  readonly efficient: boolean;
}

/** Shares 0..1. */
export interface MeanClassCurves {
  readonly label: string;
  /** The true positive rate over the false positive rate. */
  readonly roc: readonly MeanPoint[];
  /** Precision over recall. */
  readonly precision: readonly MeanPoint[];
}

export interface ComparedBaseline {
  readonly name: string;
  readonly how: string;
  readonly probabilistic: boolean;
  readonly measures: Measures;
}

/** `comparison.json`. */
export interface Comparison {
  readonly format: 3;
  readonly data: EvaluatedData;
  /** Test cells, and the groups that they come from. */
  readonly n: number;
  readonly groups: number;
  readonly fewGroups: boolean;
  /** What the order is by. */
  readonly metric: MainMetric;
  readonly verdict: string;
  readonly floorVerdict: string | null;
  readonly cautions: readonly string[];
  readonly models: readonly ComparedModel[];
  readonly baselines: readonly ComparedBaseline[];
  readonly pairs: readonly Pair[];
  readonly floors: readonly Pair[];
}

/** Ranks models that classified the same cells. At least one. Rows follow the first model's predictions. */
export function compare(
  trainings: readonly Trainings[],
  baselines: readonly BaselineAnswers[],
  metric: MainMetric,
): Comparison {
  const first = trainings[0]!.runs[0]!;
  const { data, n, groups: groupCount, fewGroups } = first.evaluation;
  const { classes } = data;
  const rows = first.predictions;
  const groups = rows.map(({ group }) => group);
  const truth = rows.map(({ label }) => classes.indexOf(label));
  const ordered = [...trainings].sort(
    (a, b) =>
      mainValue(b, metric) - mainValue(a, metric) ||
      meanOf(a.runs, 'logLoss') - meanOf(b.runs, 'logLoss') ||
      (a.name < b.name ? -1 : 1),
  );
  const contestants = ordered.map(({ name, runs }) => ({
    name,
    runs: runs.map(({ predictions }) => {
      const byId = new Map(predictions.map(({ id, predicted }) => [id, predicted]));
      return rows.map(({ id }) => classes.indexOf(byId.get(id)!));
    }),
  }));
  const ranking = rankContestants({
    models: contestants,
    baselines: baselines.map(({ name, probabilities }) => ({
      name,
      runs: [answers(probabilities, classes.length)],
    })),
    truth,
    groups,
    classes: classes.length,
    metric,
  });
  const models = ordered.map((of, i) => {
    const confusion =
      ordered[i]!.runs.length === 1
        ? of.runs[0]!.evaluation.confusion
        : pooled(contestants[i]!.runs, truth, classes.length);
    return comparedModel(of, ranking.standings[i]!, confusion);
  });
  return {
    format: 3,
    data,
    n,
    groups: groupCount,
    fewGroups,
    metric,
    verdict: verdict(ranking.standings, ranking.pairs, metric, groupCount),
    floorVerdict:
      baselines.length < 2
        ? null
        : floorVerdict(
            ranking.floors,
            models.map(({ name }) => name),
          ),
    cautions: cautions(first.evaluation),
    models: models.map((of) => ({
      ...of,
      efficient: models.every(
        (other) =>
          other === of ||
          other.multAdds > of.multAdds ||
          other.standing.value < of.standing.value ||
          (other.multAdds === of.multAdds && other.standing.value === of.standing.value),
      ),
    })),
    baselines: baselines.map(({ name, how, probabilistic, probabilities }) => ({
      name,
      how,
      probabilistic,
      measures: measure({ truth, groups, probabilities, classes }).overall,
    })),
    pairs: ranking.pairs,
    floors: ranking.floors,
  };
}

const meanOf = (runs: readonly Evaluated[], name: Measure): number =>
  runs.reduce((sum, { evaluation }) => sum + (evaluation.measures[name].value ?? 0), 0) / runs.length;
const mainValue = ({ runs }: Trainings, metric: MainMetric): number => meanOf(runs, metric);

function pooled(
  runs: readonly (readonly number[])[],
  truth: readonly number[],
  classes: number,
): Scores['confusion'] {
  return scores(
    confusionCounts(
      runs.flatMap(() => truth),
      runs.flat(),
      classes,
    ),
  ).confusion;
}

function comparedModel(
  { name, runs }: Trainings,
  standing: Standing,
  confusion: Scores['confusion'],
): Omit<ComparedModel, 'efficient'> {
  const evaluations = runs.map(({ evaluation }) => evaluation);
  const { model, perClass } = evaluations[0]!;
  const names = Object.keys(MEASURES) as Measure[];
  const values = (of: Measure): number[] => evaluations.map(({ measures }) => measures[of].value ?? 0);
  return {
    ...model,
    name,
    trainings: runs.length,
    measures: Object.fromEntries(
      names.map((of) => [of, averaged(evaluations.map(({ measures }) => measures[of]))]),
    ) as Record<Measure, Measured>,
    betweenTrainings:
      runs.length === 1
        ? null
        : (Object.fromEntries(names.map((of) => [of, deviation(values(of))])) as Record<
            Measure,
            number | null
          >),
    standing,
    perClass: perClass.map((scored, label) => ({
      ...scored,
      ...Object.fromEntries(
        CLASS_MEASURES.map((of) => [of, averaged(evaluations.map((each) => each.perClass[label]![of]))]),
      ),
    })),
    confusion,
    curves: perClass.map(({ label }, at) => {
      const own = evaluations.map(({ curves }) => curves[at]!.points);
      return { label, roc: meanRoc(own), precision: meanPrecision(own) };
    }),
    calibration: meanCalibration(evaluations.map(({ calibration }) => calibration)),
    selection: meanSelection(evaluations.map(({ selection }) => selection)),
  };
}

/** Mean of values and of the ends of their intervals: what the test part leaves open, trainings left out of it. */
function averaged(measured: readonly Measured[]): Measured {
  if (measured.length === 1) return measured[0]!;
  const mean = (numbers: readonly (number | null)[]): number | null =>
    numbers.some((number) => number === null)
      ? null
      : numbers.reduce<number>((sum, number) => sum + number!, 0) / numbers.length;
  const [low, high] = [0, 1].map((end) =>
    mean(measured.map(({ interval }) => (interval === null ? null : interval[end as 0 | 1]))),
  );
  return {
    value: mean(measured.map(({ value }) => value)),
    interval: low === null || high === null ? null : ([low!, high!] as Interval),
  };
}
