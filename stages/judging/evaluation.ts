import { FEW_GROUPS } from './bootstrap.ts';
import { type Bin, calibrationError, classwiseErrorOf, reliability, topClaims } from './calibration.ts';
import { type Measured, type MeasuredClass, type Measures, measure } from './measures.ts';
import { logLoss, type Scores } from './metrics.ts';
import { type CurvePoint, curvePoints, rank } from './ranking-areas.ts';
import { atThreshold, type Coverage, coverages, thresholdFor } from './selective.ts';
import { fitTemperature, withTemperature } from './temperature.ts';

/** What was classified: what a number must be read with. */
export interface EvaluatedData {
  readonly name: string;
  /** Drawn by a program: its numbers say nothing about blood. */
  readonly synthetic: boolean;
  readonly classes: readonly string[];
  /** Where the source says it. */
  readonly licence?: string;
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

/** A line of `predictions.jsonl`; labels are class names, numbers in class order. */
export interface Prediction {
  readonly id: string;
  readonly group: string;
  readonly label: string;
  readonly predicted: string;
  /** As the model gives them. */
  readonly probabilities: readonly number[];
  /** After temperature scaling. */
  readonly calibrated: readonly number[];
}

/** How far probabilities can be taken at their word, before and after temperature scaling. */
export interface Calibration {
  /** 1: nothing to fit it on. */
  readonly temperature: number;
  /** What it was fitted on: the validation part, and its log loss with and without. */
  readonly fitted: { readonly n: number; readonly logLoss: number; readonly scaledLogLoss: number };
  readonly bins: readonly Bin[];
  readonly scaled: {
    readonly bins: readonly Bin[];
    readonly ece: number;
    readonly classwiseEce: number;
    readonly logLoss: number;
  };
}

/** Answering only where the calibrated confidence reaches a threshold that validation chose. */
export interface Selection {
  /** Largest share of wrong answers that was asked for. */
  readonly risk: number;
  /** On validation; null: no threshold keeps to that, or nothing was validated. */
  readonly chosen: Coverage | null;
  /** The same threshold on the test part. */
  readonly test: Coverage | null;
  /** Risk over coverage on the test part, thinned. */
  readonly curve: readonly Coverage[];
}

/** Curves of one class against the rest; thinned for drawing. */
export interface ClassCurve {
  readonly label: string;
  readonly points: readonly CurvePoint[];
}

/** `evaluation.json`. Shares are 0..1, intervals 95 %. */
export interface Evaluation {
  /** Raised when the meaning of this file changes. */
  readonly format: 2;
  readonly model: ModelFacts;
  readonly data: EvaluatedData;
  /** Test cells, and the groups (smears, patients, images) that they come from. */
  readonly n: number;
  readonly groups: number;
  /** sha256 of the test cells' pixels, in the order of `predictions.jsonl`; null where it was not taken. */
  readonly pixels: string | null;
  /** Too few groups for intervals that mean what they say. */
  readonly fewGroups: boolean;
  readonly measures: Measures;
  readonly perClass: readonly MeasuredClass[];
  readonly confusion: Scores['confusion'];
  readonly curves: readonly ClassCurve[];
  readonly calibration: Calibration;
  readonly selection: Selection;
}

/** Rows whose truth is known. */
export interface Judged {
  readonly truth: readonly number[];
  readonly groups: readonly string[];
  /** Rows × classes. */
  readonly logits: ArrayLike<number>;
}

/**
 * Judges a model's answers on the test part. Validation chooses the temperature and the threshold, and nothing else of
 * what is reported; it may be empty.
 *
 * @param risk the largest share of wrong answers among those that a person need not look at again.
 */
export function judge({
  model,
  data,
  test,
  validation,
  risk,
  pixels = null,
}: {
  readonly model: ModelFacts;
  readonly data: EvaluatedData;
  readonly test: Judged & { readonly probabilities: ArrayLike<number> };
  readonly validation: Judged;
  readonly risk: number;
  readonly pixels?: string | null;
}): { evaluation: Evaluation; calibrated: Float64Array } {
  const { classes } = data;
  const k = classes.length;
  const { truth, groups, probabilities } = test;
  const { overall, perClass, confusion, claims } = measure({ truth, groups, probabilities, classes });

  const temperature = fitTemperature(validation.truth, validation.logits, k);
  const calibrated = withTemperature(test.logits, k, temperature);
  const scaledClaims = topClaims(truth, calibrated, k);
  const scaledBins = reliability(scaledClaims.confidence, scaledClaims.right);
  const before = withTemperature(validation.logits, k, 1);
  const after = withTemperature(validation.logits, k, temperature);

  const chosen =
    validation.truth.length === 0
      ? null
      : thresholdFor(coverages(topClaims(validation.truth, after, k)), risk);
  const groupCount = new Set(groups).size;
  const evaluation: Evaluation = {
    format: 2,
    model,
    data,
    n: truth.length,
    groups: groupCount,
    pixels,
    fewGroups: groupCount < FEW_GROUPS,
    measures: overall,
    perClass,
    confusion,
    curves: classes.map((label, index) => ({
      label,
      points: thinned(
        curvePoints(
          rank(
            truth.map((_, row) => probabilities[row * k + index]!),
            truth.map((of) => of === index),
          ),
        ),
      ),
    })),
    calibration: {
      temperature,
      fitted: {
        n: validation.truth.length,
        logLoss: logLoss(validation.truth, before, k),
        scaledLogLoss: logLoss(validation.truth, after, k),
      },
      bins: reliability(claims.confidence, claims.right),
      scaled: {
        bins: scaledBins,
        ece: calibrationError(scaledBins),
        classwiseEce: classwiseErrorOf(truth, calibrated, k)(new Float64Array(truth.length).fill(1)),
        logLoss: logLoss(truth, calibrated, k),
      },
    },
    selection: {
      risk,
      chosen,
      test: chosen === null ? null : atThreshold(scaledClaims, chosen.threshold),
      curve: thinned(coverages(scaledClaims)),
    },
  };
  return { evaluation, calibrated };
}

/** At most so many points, the first and the last kept: more cannot be seen on a chart. */
const POINTS = 120;

function thinned<T>(points: readonly T[]): T[] {
  if (points.length <= POINTS) return [...points];
  return Array.from(
    { length: POINTS },
    (_, i) => points[Math.round((i * (points.length - 1)) / (POINTS - 1))]!,
  );
}

/** A number's value where it has one. */
export const orZero = ({ value }: Measured): number => value ?? 0;

/** Seven figures: all that a float32 holds. */
export const rounded = (probability: number): number => Number(probability.toPrecision(7));
