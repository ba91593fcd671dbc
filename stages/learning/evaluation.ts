import { argMax, confusionCounts, logLoss, type Scores, scores } from './metrics.ts';
import { bootstrapByGroup, type Interval, wider, wilson } from './statistics.ts';

/** What was classified: what a number must be read with. */
export interface EvaluatedData {
  readonly name: string;
  /** Drawn by a program: its numbers say nothing about blood. */
  readonly synthetic: boolean;
  readonly classes: readonly string[];
  /** Cells of each class that the model learned from, copies counted; null where it is not known. */
  readonly training: Readonly<Record<string, number>> | null;
}

/** What a model is and costs. */
export interface ModelFacts {
  readonly name: string;
  readonly paper: string | null;
  /** Side of the image, pixels. */
  readonly size: number;
  readonly parameters: number;
  /** Multiply-adds for one image. */
  readonly multAdds: number;
  /** Of its weights. */
  readonly bytes: number;
  /** Epoch whose weights these are, counted from 1; null where it is not known. */
  readonly epoch: number | null;
}

/** A line of `predictions.jsonl`; labels are class names, probabilities in class order. */
export interface Prediction {
  readonly id: string;
  readonly group: string;
  readonly label: string;
  readonly predicted: string;
  readonly probabilities: readonly number[];
}

export interface LabelledScores {
  readonly label: string;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly support: number;
}

/** What answering the most frequent class each time, with the classes' shares as probabilities, would reach. */
export interface Baseline {
  readonly label: string;
  readonly accuracy: number;
  readonly balancedAccuracy: number;
  readonly macroF1: number;
  readonly logLoss: number;
}

/** `evaluation.json`. Shares are 0..1, intervals 95 %. */
export interface Evaluation extends Omit<Scores, 'perClass'> {
  readonly format: 1;
  readonly model: ModelFacts;
  readonly data: EvaluatedData;
  /** Groups (smears, patients, images) that the cells come from. */
  readonly groups: number;
  /** The wider of Wilson's interval and the bootstrap over groups. */
  readonly accuracyInterval: Interval;
  readonly balancedAccuracyInterval: Interval;
  /** Nats. */
  readonly logLoss: number;
  readonly perClass: readonly LabelledScores[];
  readonly baseline: Baseline;
}

/**
 * Judges a model's answers.
 *
 * @param truth class index of each row.
 * @param probabilities rows × classes.
 */
export function evaluateAnswers({
  model,
  data,
  truth,
  groups,
  probabilities,
}: {
  model: ModelFacts;
  data: EvaluatedData;
  truth: readonly number[];
  groups: readonly string[];
  probabilities: ArrayLike<number>;
}): Evaluation {
  const k = data.classes.length;
  const predicted = truth.map((_, row) => argMax(probabilities, row * k, k));
  const { perClass, ...overall } = scores(confusionCounts(truth, predicted, k));
  const [byGroup, balancedByGroup] = bootstrapByGroup(
    groups,
    (rows) => {
      const drawn = scores(
        confusionCounts(
          rows.map((row) => truth[row]!),
          rows.map((row) => predicted[row]!),
          k,
        ),
      );
      return [drawn.accuracy, drawn.balancedAccuracy];
    },
    'evaluation',
  );
  const hits = truth.filter((label, row) => label === predicted[row]).length;
  return {
    format: 1,
    model,
    data,
    groups: new Set(groups).size,
    ...overall,
    accuracyInterval: wider(wilson(hits, truth.length), byGroup!),
    balancedAccuracyInterval: balancedByGroup!,
    logLoss: logLoss(truth, probabilities, k),
    perClass: perClass.map((of, i) => ({ label: data.classes[i]!, ...of })),
    baseline: baseline(truth, data.classes),
  };
}

/** The best that can be had without looking at an image. */
export function baseline(truth: readonly number[], classes: readonly string[]): Baseline {
  const support = classes.map((_, label) => truth.filter((of) => of === label).length);
  const most = argMax(support, 0, support.length);
  const answers = scores(confusionCounts(truth, new Array(truth.length).fill(most), classes.length));
  const shares = truth.flatMap(() => support.map((count) => count / truth.length));
  return {
    label: classes[most]!,
    accuracy: answers.accuracy,
    balancedAccuracy: answers.balancedAccuracy,
    macroF1: answers.macro.f1,
    logLoss: logLoss(truth, shares, classes.length),
  };
}

/** Seven figures: all that a float32 holds. */
export const rounded = (probability: number): number => Number(probability.toPrecision(7));
