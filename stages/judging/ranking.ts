import { bootstrapP, groupDraws, percentileInterval } from './bootstrap.ts';
import { confusionCounts, scores } from './metrics.ts';
import { deviation, holm, type Interval, mcnemar, mean } from './statistics.ts';

/** The number by which models are ranked. */
export type MainMetric = 'accuracy' | 'balancedAccuracy' | 'macroF1';

/** One that answered the test cells, once or in several trainings: a model or a baseline. */
export interface Contestant {
  readonly name: string;
  /** Of each training: class index by row, -1 where an answer is no class. */
  readonly runs: readonly (readonly number[])[];
}

/** Two contestants on the same cells; `better` has the higher metric. */
export interface Pair {
  readonly better: string;
  readonly worse: string;
  /** Main metric of `better` minus that of `worse`, with its 95 % interval by bootstrap over groups (and trainings). */
  readonly difference: number;
  readonly interval: Interval | null;
  /** Of that bootstrap, and raised by Holm for the number of pairs. */
  readonly p: number;
  readonly adjustedP: number;
  /** Cells that only one of them got right, in its first training. */
  readonly onlyBetter: number;
  readonly onlyWorse: number;
  /** Of McNemar's exact test on these, which takes cells for independent; raised by Holm too. */
  readonly mcnemarP: number;
  readonly adjustedMcnemarP: number;
  /**
   * The adjusted bootstrap p is below .05 and the interval does not hold 0. Where the metric is accuracy, which is what
   * McNemar's test is about, that must agree.
   */
  readonly beyondChance: boolean;
}

export interface Standing {
  readonly name: string;
  /** Mean over trainings. */
  readonly value: number;
  /** Of the mean: which test groups there happen to be. */
  readonly sampling: Interval | null;
  /** Standard deviation between trainings; null for a single one. */
  readonly betweenTrainings: number | null;
  /** Places it takes in 95 % of the draws. */
  readonly ranks: Interval;
}

export interface Ranking {
  readonly standings: readonly Standing[];
  /** Every pair of models. */
  readonly pairs: readonly Pair[];
  /** Each model against the strongest baseline. */
  readonly floors: readonly Pair[];
}

/** Ranks models (the order is theirs) and tests each pair, and each model against the strongest baseline. */
export function rankContestants({
  models,
  baselines,
  truth,
  groups,
  classes,
  metric,
}: {
  readonly models: readonly Contestant[];
  readonly baselines: readonly Contestant[];
  readonly truth: readonly number[];
  readonly groups: readonly string[];
  readonly classes: number;
  readonly metric: MainMetric;
}): Ranking {
  const all = [...models, ...baselines];
  const runs = all.flatMap(({ runs: of }) => of);
  const measure = (weights: Float64Array): number[] =>
    runs.map((answers) => {
      const of = scores(confusionCounts(truth, answers, classes, weights));
      return metric === 'macroF1' ? of.macro.f1 : of[metric];
    });
  const observed = measure(new Float64Array(truth.length).fill(1));
  const draws = groupDraws(groups, measure, 'ranking');
  const groupCount = new Set(groups).size;
  // Where the runs of each contestant begin.
  const starts = all.map((_, i) => all.slice(0, i).reduce((sum, of) => sum + of.runs.length, 0));
  const own = <T>(values: readonly T[], i: number): T[] =>
    values.slice(starts[i]!, starts[i]! + all[i]!.runs.length);
  const values = all.map((_, i) => mean(own(observed, i)));
  const meanDraws = all.map((_, i) => {
    const drawn = own(draws, i);
    return Float64Array.from(drawn[0]!, (_, round) => mean(drawn.map((of) => of[round]!)));
  });

  const pair = (a: number, b: number): Omit<Pair, 'adjustedP' | 'adjustedMcnemarP' | 'beyondChance'> => {
    const [i, j] = values[a]! >= values[b]! ? [a, b] : [b, a];
    const spread = pairedSpread(own(observed, i), own(observed, j));
    const differences = Float64Array.from(
      meanDraws[i]!,
      (value, round) => value - meanDraws[j]![round]! + spread[round % spread.length]!,
    );
    const [first, second] = [all[i]!.runs[0]!, all[j]!.runs[0]!];
    let [onlyBetter, onlyWorse] = [0, 0];
    truth.forEach((label, row) => {
      const [x, y] = [first[row] === label, second[row] === label];
      if (x && !y) onlyBetter++;
      if (y && !x) onlyWorse++;
    });
    return {
      better: all[i]!.name,
      worse: all[j]!.name,
      difference: values[i]! - values[j]!,
      interval: percentileInterval(differences),
      p: bootstrapP(differences, values[i]! - values[j]!, groupCount),
      onlyBetter,
      onlyWorse,
      mcnemarP: mcnemar(onlyBetter, onlyWorse),
    };
  };
  const family = (members: readonly ReturnType<typeof pair>[]): Pair[] => {
    const adjusted = holm(members.map(({ p }) => p));
    const adjustedMcnemar = holm(members.map(({ mcnemarP }) => mcnemarP));
    return members.map((of, i) => ({
      ...of,
      adjustedP: adjusted[i]!,
      adjustedMcnemarP: adjustedMcnemar[i]!,
      beyondChance:
        adjusted[i]! < 0.05 &&
        of.interval !== null &&
        (of.interval[0] > 0 || of.interval[1] < 0) &&
        (metric !== 'accuracy' || adjustedMcnemar[i]! < 0.05),
    }));
  };

  const pairs = models.flatMap((_, i) => models.slice(i + 1).map((_, j) => pair(i, i + 1 + j)));
  const strongest = baselines.reduce(
    (best, _, i) => (best < 0 || values[models.length + i]! > values[best]! ? models.length + i : best),
    -1,
  );
  const floors = strongest < 0 ? [] : models.map((_, i) => pair(i, strongest));
  return {
    standings: models.map(({ name }, i) => ({
      name,
      value: values[i]!,
      sampling: percentileInterval(meanDraws[i]!),
      betweenTrainings: deviation(own(observed, i)),
      ranks: rankInterval(meanDraws.slice(0, models.length), i),
    })),
    pairs: family(pairs),
    floors: family(floors),
  };
}

/**
 * What another set of trainings would move the difference of two means by: every way of leaving all to one training on
 * either side would be too much, so deviations of single runs from their means, shrunk to those of means, in all
 * combinations. [0] where each was trained once: then nothing is known of it.
 */
function pairedSpread(a: readonly number[], b: readonly number[]): number[] {
  const around = (values: readonly number[]): number[] => {
    if (values.length < 2) return [0];
    const middle = mean(values);
    const scale = Math.sqrt(1 / (values.length - 1));
    return values.map((value) => (value - middle) * scale);
  };
  return around(a).flatMap((x) => around(b).map((y) => x - y));
}

/** Best place 1; of equals each takes the better place. */
function rankInterval(draws: readonly Float64Array[], index: number): Interval {
  const places = Float64Array.from(
    draws[index]!,
    (value, round) => 1 + draws.filter((of) => of[round]! > value).length,
  );
  const interval = percentileInterval(places);
  return interval === null ? [1, draws.length] : [Math.round(interval[0]), Math.round(interval[1])];
}
