import type { PixelsReader } from '../imaging/pixels.ts';
import type { Sample } from '../imaging/samples.ts';
import type { Assigned, Cells } from '../learning/assignment.ts';
import { fitLinearDiscriminant } from './linear-discriminant.ts';
import { type Look, lookOf } from './look.ts';
import { argMax } from './metrics.ts';

/** What can be reached without a network: a floor that a network must clear to be worth anything. */
export interface BaselineAnswers {
  readonly name: string;
  /** How it answers, for people. */
  readonly how: string;
  /** Rows × classes. */
  readonly probabilities: Float64Array;
  /** Its probabilities mean something: log loss and calibration may be shown. */
  readonly probabilistic: boolean;
}

/** The class that is most frequent in the test part, each time: no constant answer does better. */
export function constantBaseline(truth: readonly number[], classes: readonly string[]): BaselineAnswers {
  const support = classes.map((_, label) => truth.filter((of) => of === label).length);
  const most = argMax(support, 0, support.length);
  return {
    name: `always ${classes[most]}`,
    how: 'the most frequent class each time, with the classes’ shares as probabilities',
    probabilities: Float64Array.from(truth.flatMap(() => support.map((count) => count / truth.length))),
    probabilistic: true,
  };
}

/**
 * Baselines that learn from training originals, answering the test cells in their order: box or image size alone, mean
 * colour alone (linear discriminants), and the nearest neighbour on colour histograms.
 *
 * @param leaking groups and images that stood on two sides of the source's own split.
 */
export function learnedBaselines(
  { classes, train, unused, test }: Assigned,
  samples: readonly Sample[],
  pixels: PixelsReader,
  leaking: ReadonlySet<string>,
): BaselineAnswers[] {
  const groups = new Set(train.cells.map(({ group }) => group));
  // What balancing left over of a large class is training data too; what a leak took out is not.
  const left = unused.cells.filter(
    ({ row, group }) => groups.has(group) && !leaking.has(group) && !leaking.has(samples[row]!.image),
  );
  const originals = [...train.cells, ...left].filter(({ augmented }) => !augmented);
  if (originals.length === 0) return [];
  const known = looks(originals, samples, pixels);
  const asked = looks(test.cells, samples, pixels);
  const labels = originals.map(({ label }) => label);
  const discriminant = (pick: (look: Look) => ArrayLike<number>): Float64Array => {
    const flat = (of: readonly Look[]): Float64Array =>
      Float64Array.from(of.flatMap((look) => Array.from(pick(look))));
    return fitLinearDiscriminant(flat(known), labels, classes.length).predict(flat(asked));
  };
  const boxes = test.cells.some(({ row }) => samples[row]!.box !== null);
  return [
    {
      name: boxes ? 'box size alone' : 'image size alone',
      how: `a linear discriminant on the width and height of the ${boxes ? 'box' : 'image file'}, no pixel looked at`,
      probabilities: discriminant(({ extent }) => extent),
      probabilistic: true,
    },
    {
      name: 'mean colour alone',
      how: 'a linear discriminant on the mean and standard deviation of red, green and blue',
      probabilities: discriminant(({ colour }) => colour),
      probabilistic: true,
    },
    {
      name: 'nearest colour histogram',
      how: 'the class of the training cell with the most similar colour histogram (16 bins a channel)',
      probabilities: nearest(known, labels, asked, classes.length),
      probabilistic: false,
    },
  ];
}

function looks(cells: Cells['cells'], samples: readonly Sample[], pixels: PixelsReader): Look[] {
  const square = new Uint8Array(pixels.rowBytes);
  return cells.map(({ row }) => {
    pixels.read([row], square);
    return lookOf(samples[row]!, square, pixels.description.size);
  });
}

/** 1 for the class of the training cell whose histogram differs least (sum of absolute differences; the first of equals). */
function nearest(
  known: readonly Look[],
  labels: readonly number[],
  asked: readonly Look[],
  classes: number,
): Float64Array {
  const answers = new Float64Array(asked.length * classes);
  asked.forEach(({ histogram }, row) => {
    let [best, least] = [0, Number.POSITIVE_INFINITY];
    known.forEach((other, i) => {
      let distance = 0;
      for (let bin = 0; bin < histogram.length && distance < least; bin++)
        distance += Math.abs(histogram[bin]! - other.histogram[bin]!);
      if (distance < least) [best, least] = [i, distance];
    });
    answers[row * classes + labels[best]!] = 1;
  });
  return answers;
}
