import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs';
import type { Engine } from '../engines/engine.ts';
import { random } from '../imaging/random.ts';
import { batchRanges } from './batches.ts';
import { crossEntropy } from './cross-entropy.ts';
import type { Fed } from './feed.ts';
import type { Frozen } from './freeze.ts';
import { gradientsOf } from './gradients.ts';
import { correctOf, weightedLoss } from './loss.ts';
import type { Network } from './network.ts';
import { follow, type Optimizer } from './optimizer.ts';
import type { Recipe } from './recipe.ts';
import { targetsOf } from './targets.ts';
import type { Weights } from './weights.ts';

/** Statistics of a batch that a batch norm saw. */
interface Moments {
  readonly layer: string;
  readonly momentum: number;
  readonly mean: Tensor1D;
  readonly variance: Tensor1D;
}

export interface StepOptions
  extends Pick<Frozen, 'layers'>,
    Pick<Recipe, 'labelSmoothing' | 'classWeights' | 'microbatch' | 'precision' | 'seed'> {
  readonly rate: number;
  /** From 0, over the whole training. */
  readonly step: number;
}

/**
 * One step; the sum of the batch's losses and how many it got right, before the step.
 *
 * With `microbatch` the gradients of its parts are summed up, which is the gradient of the whole, unless a batch norm
 * learns: that sees the statistics of a part.
 *
 * @param network the part of it that gets what the batch gives.
 */
export function takeStep(
  engine: Engine,
  network: Network,
  weights: Weights,
  optimizer: Optimizer,
  { labels, blend, tensor }: Fed,
  options: StepOptions,
): { loss: number; correct: number } {
  const { layers: frozen, rate, microbatch, precision, seed, step } = options;
  const count = labels.length;
  let [loss, correct] = [0, 0];
  let sum: Gradients | null = null;
  const classes = classesOf(network);
  const targets = targetsOf(labels, classes, options, blend);
  for (const [start, end] of batchRanges(count, microbatch ?? count)) {
    const images = tensor(start, end);
    const purpose = start === 0 ? `step:${step}` : `step:${step}:${start}`;
    const part = targets.subarray(start * classes, end * classes);
    const moments: Moments[] = [];
    const { logits, value, gradients } = gradientsOf({
      engine,
      network,
      weights,
      images: images as Tensor4D,
      training: {
        seed: random(seed, purpose).uint32(),
        precision,
        frozen,
        statistics: (layer, momentum, mean, variance) => moments.push({ layer, momentum, mean, variance }),
      },
      loss: crossEntropy(
        engine,
        part.map((target) => target / count),
      ),
    });
    const answers = logits.dataSync() as Float32Array;
    engine.tf.dispose([logits, value]);
    images.dispose();
    sum = sum === null ? gradients : added(engine, sum, gradients);
    for (const { layer, momentum, mean, variance } of moments) {
      follow(engine, weights.get(`${layer}/moving_mean`)!, mean, momentum);
      follow(engine, weights.get(`${layer}/moving_variance`)!, variance, momentum);
      engine.tf.dispose([mean, variance]);
    }
    loss += weightedLoss(answers, part, classes);
    correct += correctOf(answers, labels.slice(start, end), classes);
  }
  optimizer.step(rate, sum!);
  engine.tf.dispose([...sum!.values()]);
  return { loss, correct };
}

type Gradients = ReadonlyMap<string, Tensor>;

function added({ tf }: Engine, a: Gradients, b: Gradients): Gradients {
  const sums = new Map([...a].map(([name, gradient]) => [name, tf.add(gradient, b.get(name)!)]));
  tf.dispose([...a.values(), ...b.values()]);
  return sums;
}

function classesOf({ layers, output }: Network): number {
  const last = layers.find(({ name }) => name === output);
  if (last?.op !== 'dense') throw new Error('Internal error: a network ends in a dense layer');
  return last.units;
}
