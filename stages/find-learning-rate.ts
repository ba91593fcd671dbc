/**
 * Looks for a learning rate before a training: takes steps at rates that grow from one to the next, and plots the loss
 * over the rate. The highest rate of a schedule lies where the loss still falls, about a tenth of the rate at which it
 * is lowest. It trains nothing that is kept.
 *
 * Not part of the default pipeline; docs/training.md has the lines to add.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Stage, StageError } from 'bloodline-ml/stage';
import { openEngine } from './engines/engine.ts';
import { PixelsReader } from './imaging/pixels.ts';
import { anatomy } from './learning/anatomy.ts';
import { readAssignment } from './learning/assignment.ts';
import { LIGHT } from './learning/augment.ts';
import { imageFeed } from './learning/feed.ts';
import { freezeLayers, readFreeze } from './learning/freeze.ts';
import type { Model } from './learning/model.ts';
import { openOptimizer } from './learning/optimizer.ts';
import { rateChart } from './learning/rate-chart.ts';
import { sweepRates } from './learning/rate-sweep.ts';
import { PLAIN } from './learning/recipe.ts';
import { takeStep } from './learning/step.ts';
import { drawWeights } from './learning/weights.ts';
import { beginNetwork } from './weights/begin-network.ts';

export const inputs = { pixels: 'required', split: 'required', weights: 'optional' } as const;
export const outputs = ['rates'] as const;
export const draws = true;
export const tensors = true;

export const params = {
  model: {
    type: 'string',
    format: 'module',
    description: 'The architecture: a file like those in stages/models.',
  },
  lowest: {
    type: 'number',
    exclusiveMinimum: 0,
    default: 1e-6,
    description: 'The learning rate of the first step.',
  },
  highest: {
    type: 'number',
    exclusiveMinimum: 0,
    default: 1,
    description: 'The learning rate of the last step, unless the loss explodes before.',
  },
  steps: {
    type: 'integer',
    minimum: 10,
    default: 100,
    unit: 'steps',
    description: 'How many steps to take.',
  },
  batch: { type: 'integer', minimum: 1, default: 32, unit: 'images', description: 'Most images in a step.' },
  optimizer: {
    type: 'string',
    enum: ['adam', 'adamw', 'sgd'],
    default: 'adam',
    description: 'That of the training; sgd is with Nesterov’s momentum of .9.',
  },
  freeze: {
    type: 'string',
    default: 'none',
    description: 'That of the training: none, all, or until LAYER.',
  },
  augment: {
    type: 'string',
    enum: ['none', 'light'],
    default: 'light',
    description: 'That of the training: changes of each image, drawn anew.',
  },
  engine: {
    type: 'string',
    enum: ['auto', 'native', 'wasm', 'webgpu'],
    default: 'auto',
    description: 'What computes, as in train-per-model.',
  },
  threads: {
    type: 'integer',
    minimum: 1,
    maximum: 256,
    default: 8,
    unit: 'threads',
    description:
      'Threads inside an operation of the native engine; fixed, since it changes the last bits of sums.',
  },
} as const;
type Params = typeof params;

export default async function run({ params, seed, ...stage }: Stage<Params>) {
  const { lowest, highest, steps, batch, optimizer: kind } = params;
  if (lowest >= highest)
    throw new StageError(`lowest is ${lowest}, highest ${highest}.`, 'Give a highest above the lowest.');
  const model = await stage.module<Model>('model');
  const { classes, train: examples } = readAssignment(stage.input('split'));
  if (examples.rows.length === 0)
    throw new StageError('The training part is empty.', 'Look at the shares of the split stage.');
  const pixels = new PixelsReader(stage.input('pixels'));
  const { size } = pixels.description;
  const { network, given } = await beginNetwork(stage, model, { size, classes });

  const engine = await openEngine({ want: params.engine });
  for (const [name, value] of Object.entries(engine.facts)) stage.fact(name, value);
  const weights = drawWeights(engine.tf, anatomy(network).weights, seed, given?.values);
  const frozen = freezeLayers(network, readFreeze(params.freeze));
  for (const [name, weight] of weights) weight.trainable = frozen.learning.includes(name);
  const recipe = {
    ...PLAIN,
    optimizer: kind,
    batch,
    seed,
    augment: params.augment === 'light' ? LIGHT : null,
  };
  const optimizer = openOptimizer(engine, weights, frozen.learning, recipe);
  const feed = imageFeed(engine, network, weights, { pixels, examples }, frozen.cut, recipe);
  const batches = (function* endless() {
    for (let epoch = 1; ; epoch++) yield* feed(epoch);
  })();

  const part = frozen.cut?.head ?? network;
  const sweep = sweepRates({ lowest, highest, steps }, (rate, step) => {
    stage.signal.throwIfAborted();
    const fed = batches.next().value!;
    const { loss } = takeStep(engine, part, weights, optimizer, fed, { ...recipe, ...frozen, rate, step });
    stage.progress(step + 1, steps, `rate ${rate.toPrecision(2)}`, { loss: loss / fed.labels.length });
    return loss / fed.labels.length;
  });
  optimizer.finish();
  engine.tf.dispose([...weights.values()]);
  pixels.close();

  const folder = stage.output('rates');
  await mkdir(folder, { recursive: true });
  const told = { model: model.name, optimizer: kind, batch, ...sweep };
  await writeFile(join(folder, 'learning-rate.json'), `${JSON.stringify(told, null, 2)}\n`);
  await writeFile(join(folder, 'learning-rate.svg'), rateChart(sweep, model.name));
  stage.metric('suggested learning rate', Number(sweep.suggested.toPrecision(2)));
  stage.metric('steepest at', Number(sweep.steepest.toPrecision(2)));
}
