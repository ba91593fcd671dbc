import { StageError } from 'bloodline-ml/stage';

/** What a training step is to answer, and how much it counts. */
export interface TargetOptions {
  /** Share of each label that is spread over all classes. */
  readonly labelSmoothing: number;
  /** Factor on the loss of each class; null: 1. */
  readonly classWeights: readonly number[] | null;
}

/** Of each image of a batch, another one of it that is blended in, and the share that stays, 0..1. */
export interface Blend {
  readonly partners: readonly number[];
  readonly share: number;
}

/**
 * The weight of −ln p(class), N×classes, whose sum over the classes is the loss of an image: labels as 1, smoothed,
 * blended, times the weight of the class. The mean over the batch is what Keras 3 computes with `class_weight`.
 */
export function targetsOf(
  labels: readonly number[],
  classes: number,
  { labelSmoothing, classWeights }: TargetOptions,
  blend: Blend | null = null,
): Float32Array {
  const targets = new Float32Array(labels.length * classes);
  for (let i = 0; i < labels.length; i++) {
    const mixed: (readonly [label: number, share: number])[] = blend
      ? [
          [labels[i]!, blend.share],
          [labels[blend.partners[i]!]!, 1 - blend.share],
        ]
      : [[labels[i]!, 1]];
    for (const [label, share] of mixed) {
      const weight = share * (classWeights?.[label] ?? 1);
      for (let c = 0; c < classes; c++)
        targets[i * classes + c]! +=
          weight * ((c === label ? 1 - labelSmoothing : 0) + labelSmoothing / classes);
    }
  }
  return targets;
}

/**
 * `balanced` weighs each class by examples / (classes × its examples), as scikit-learn does, so that every class
 * counts alike; a class without examples keeps 1. Else weights by name, 1 where none is given.
 * Throws a StageError that names a class which is not there.
 */
export function classWeightsOf(
  wanted: 'none' | 'balanced' | Readonly<Record<string, number>>,
  classes: readonly string[],
  labels: readonly number[],
): readonly number[] | null {
  if (wanted === 'none') return null;
  if (wanted === 'balanced') {
    const counts = classes.map(() => 0);
    for (const label of labels) counts[label]!++;
    return counts.map((count) => (count === 0 ? 1 : labels.length / (classes.length * count)));
  }
  const unknown = Object.keys(wanted).find((name) => !classes.includes(name));
  if (unknown !== undefined)
    throw new StageError(
      `classWeights names ${JSON.stringify(unknown)}; the classes are ${classes.join(', ')}.`,
      'Correct the parameter classWeights.',
    );
  return classes.map((name) => wanted[name] ?? 1);
}
