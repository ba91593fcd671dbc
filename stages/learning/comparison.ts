import type { Baseline, EvaluatedData, Evaluation, LabelledScores } from './evaluation.ts';
import { cautions, type Evaluated, type Pair, pairs, ranked, verdict } from './ranking.ts';
import type { Interval } from './statistics.ts';

/** A row of the table, best first. */
export interface ComparedModel {
  readonly name: string;
  readonly paper: string | null;
  readonly size: number;
  readonly epoch: number | null;
  readonly accuracy: number;
  readonly accuracyInterval: Interval;
  readonly balancedAccuracy: number;
  readonly balancedAccuracyInterval: Interval;
  readonly macroF1: number;
  readonly weightedF1: number;
  readonly logLoss: number;
  readonly parameters: number;
  readonly multAdds: number;
  readonly bytes: number;
  readonly perClass: readonly LabelledScores[];
  readonly confusion: Evaluation['confusion'];
}

/** `comparison.json`. */
export interface Comparison {
  readonly format: 1;
  readonly data: EvaluatedData;
  /** Test cells, and the groups that they come from. */
  readonly n: number;
  readonly groups: number;
  readonly verdict: string;
  readonly cautions: readonly string[];
  readonly baseline: Baseline;
  readonly models: readonly ComparedModel[];
  readonly pairs: readonly Pair[];
}

/** Ranks models that classified the same cells. At least one. */
export function compare(evaluated: readonly Evaluated[]): Comparison {
  const order = ranked(evaluated);
  const compared = pairs(order);
  const first = order[0]!.evaluation;
  return {
    format: 1,
    data: first.data,
    n: first.n,
    groups: first.groups,
    verdict: verdict(order, compared),
    cautions: cautions(first),
    baseline: first.baseline,
    models: order.map(({ evaluation: of }) => ({
      ...of.model,
      accuracy: of.accuracy,
      accuracyInterval: of.accuracyInterval,
      balancedAccuracy: of.balancedAccuracy,
      balancedAccuracyInterval: of.balancedAccuracyInterval,
      macroF1: of.macro.f1,
      weightedF1: of.weighted.f1,
      logLoss: of.logLoss,
      perClass: of.perClass,
      confusion: of.confusion,
    })),
    pairs: compared,
  };
}
