import { groupDraws, percentileInterval, type Statistic } from './bootstrap.ts';
import { type Claims, calibrationErrorOf, classwiseErrorOf, topClaims } from './calibration.ts';
import {
  amongTop,
  answers,
  confusionCounts,
  logLosses,
  type Scores,
  scores,
  squaredErrors,
} from './metrics.ts';
import { areas, rank } from './ranking-areas.ts';
import { riskAreaOf } from './selective.ts';
import { type Interval, wider, wilson } from './statistics.ts';

/** A number with its 95 % interval; null where it is not defined (the area of a class that the test part lacks). */
export interface Measured {
  readonly value: number | null;
  readonly interval: Interval | null;
}

/** Numbers about all classes, in the order of tables. `best`: whether more is better. */
export const MEASURES = {
  accuracy: { name: 'accuracy', best: 'high' },
  balancedAccuracy: { name: 'balanced accuracy', best: 'high' },
  macroF1: { name: 'macro F1', best: 'high' },
  macroPrecision: { name: 'macro precision', best: 'high' },
  macroRecall: { name: 'macro recall', best: 'high' },
  macroSpecificity: { name: 'macro specificity', best: 'high' },
  weightedF1: { name: 'weighted F1', best: 'high' },
  weightedPrecision: { name: 'weighted precision', best: 'high' },
  kappa: { name: 'Cohen’s kappa', best: 'high' },
  mcc: { name: 'Matthews’ correlation', best: 'high' },
  top2: { name: 'among the likeliest 2', best: 'high' },
  rocMacro: { name: 'ROC area, macro', best: 'high' },
  rocMicro: { name: 'ROC area, micro', best: 'high' },
  prMacro: { name: 'average precision, macro', best: 'high' },
  prMicro: { name: 'average precision, micro', best: 'high' },
  logLoss: { name: 'log loss', best: 'low' },
  brier: { name: 'Brier score', best: 'low' },
  ece: { name: 'calibration error', best: 'low' },
  classwiseEce: { name: 'calibration error, classwise', best: 'low' },
  riskArea: { name: 'risk-coverage area', best: 'low' },
} as const;
export type Measure = keyof typeof MEASURES;
export type Measures = Readonly<Record<Measure, Measured>>;

/** One class against the rest. */
export const CLASS_MEASURES = [
  'precision',
  'recall',
  'f1',
  'specificity',
  'rocArea',
  'averagePrecision',
] as const;
export type ClassMeasure = (typeof CLASS_MEASURES)[number];
export interface MeasuredClass extends Readonly<Record<ClassMeasure, Measured>> {
  readonly label: string;
  readonly support: number;
  readonly answered: number;
}

/** Answers to be judged. */
export interface Answers {
  /** Class index of each row. */
  readonly truth: readonly number[];
  readonly groups: readonly string[];
  /** Rows × classes. */
  readonly probabilities: ArrayLike<number>;
  readonly classes: readonly string[];
}

export interface Measurement {
  readonly overall: Measures;
  readonly perClass: readonly MeasuredClass[];
  readonly confusion: Scores['confusion'];
  readonly claims: Claims;
}

/**
 * Every number with its interval: percentiles of a bootstrap over groups. Where a number is a plain share of rows
 * (accuracy, a class's recall, precision and specificity) it is widened by Wilson's, so that "all right" does not come
 * with an interval of no width.
 */
export function measure({ truth, groups, probabilities, classes }: Answers): Measurement {
  const k = classes.length;
  const predicted = answers(probabilities, k);
  const claims = topClaims(truth, probabilities, k);
  const losses = logLosses(truth, probabilities, k);
  const squares = squaredErrors(truth, probabilities, k);
  const top2 = amongTop(truth, probabilities, k, 2);
  const ranked = classes.map((_, label) =>
    rank(
      truth.map((_, row) => probabilities[row * k + label]!),
      truth.map((of) => of === label),
    ),
  );
  const micro = rank(
    probabilities,
    Array.from(probabilities, (_, entry) => truth[Math.floor(entry / k)] === entry % k),
    (entry) => Math.floor(entry / k),
  );
  const ece = calibrationErrorOf(claims.confidence, claims.right);
  const classwise = classwiseErrorOf(truth, probabilities, k);
  const riskArea = riskAreaOf(claims);
  const overallNames = Object.keys(MEASURES) as Measure[];

  const all = (weights: Float64Array): Statistic[] => {
    const of = scores(confusionCounts(truth, predicted, k, weights));
    const ofClass = ranked.map((ranking) => areas(ranking, weights));
    const ofAll = areas(micro, weights);
    const values: Record<Measure, Statistic> = {
      accuracy: of.accuracy,
      balancedAccuracy: of.balancedAccuracy,
      macroF1: of.macro.f1,
      macroPrecision: of.macro.precision,
      macroRecall: of.macro.recall,
      macroSpecificity: of.macro.specificity,
      weightedF1: of.weighted.f1,
      weightedPrecision: of.weighted.precision,
      kappa: of.kappa,
      mcc: of.mcc,
      top2: mean(top2, weights),
      rocMacro: defined(ofClass.map(({ roc }) => roc)),
      rocMicro: ofAll.roc,
      prMacro: defined(ofClass.map(({ pr }) => pr)),
      prMicro: ofAll.pr,
      logLoss: mean(losses, weights),
      brier: mean(squares, weights),
      ece: ece(weights),
      classwiseEce: classwise(weights),
      riskArea: riskArea(weights),
    };
    const perClass = of.perClass.flatMap((scored, label): Statistic[] => [
      scored.answered > 0 ? scored.precision : null,
      scored.support > 0 ? scored.recall : null,
      scored.support + scored.answered > 0 ? scored.f1 : null,
      scored.support < of.n ? scored.specificity : null,
      ofClass[label]!.roc,
      ofClass[label]!.pr,
    ]);
    return [...overallNames.map((name) => values[name]), ...perClass];
  };

  const values = all(new Float64Array(truth.length).fill(1));
  const drawn = groupDraws(groups, all, 'measures');
  const measured = values.map((value, i): Measured => {
    const noisy = NOISY.includes(overallNames[i]!) && value !== null;
    return { value, interval: percentileInterval(noisy ? centred(drawn[i]!, value) : drawn[i]!) };
  });
  const point = scores(confusionCounts(truth, predicted, k));
  const correct = claims.right.reduce((sum, right) => sum + right, 0);
  const overall = Object.fromEntries(overallNames.map((name, i) => [name, measured[i]!])) as Record<
    Measure,
    Measured
  >;
  overall.accuracy = widened(overall.accuracy, correct, point.n);
  const perClass = point.perClass.map(({ support, answered }, label): MeasuredClass => {
    const own = measured.slice(overallNames.length + label * CLASS_MEASURES.length);
    const hits = point.confusion.counts[label]![label]!;
    const others = point.n - support;
    return {
      label: classes[label]!,
      support,
      answered,
      precision: widened(own[0]!, hits, answered),
      recall: widened(own[1]!, hits, support),
      f1: own[2]!,
      specificity: widened(own[3]!, others - answered + hits, others),
      rocArea: own[4]!,
      averagePrecision: own[5]!,
    };
  });
  return { overall, perClass, confusion: point.confusion, claims };
}

/**
 * Sums of distances, to which the chance of a draw can only add: cells drawn again are farther from any line than the
 * cells themselves.
 */
const NOISY: readonly Measure[] = ['ece', 'classwiseEce'];

/** Draws moved so that their mean is the number itself; not below 0. */
function centred(draws: Float64Array, value: number): Float64Array {
  const excess = draws.reduce((sum, of) => sum + of, 0) / draws.length - value;
  return draws.map((of) => Math.max(0, of - excess));
}

/** The wider of both intervals: Wilson's alone where the bootstrap has none. */
function widened({ value, interval }: Measured, hits: number, n: number): Measured {
  if (n === 0) return { value, interval: null };
  const alone = wilson(hits, n);
  return { value, interval: interval === null ? alone : wider(interval, alone) };
}

function mean(values: Float64Array, weights: Float64Array): number {
  let [sum, total] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    sum += values[i]! * weights[i]!;
    total += weights[i]!;
  }
  return total === 0 ? 0 : sum / total;
}

/** Mean of those that are defined; null where none is. */
function defined(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}
