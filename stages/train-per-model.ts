/**
 * Trains one architecture, from scratch or from weights that are given: a file of Keras (.h5, .weights.h5), or a model
 * that this stage made. Then the backbone's are taken, every tensor of it, and the head is drawn.
 *
 * The model file says what the network is; the loop is the same for all: Adam on the cross-entropy of shuffled
 * batches, validation after each epoch. The weights with the lowest validation loss are kept as the result (the test
 * part plays no role in choosing them), the last ones beside them. After each epoch all is put down in the checkpoint
 * folder: a training that was killed goes on there and gives the same bytes.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Stage, StageError } from 'bloodline-ml/stage';
import { noBfloat16, openEngine } from './engines/engine.ts';
import { PixelsReader } from './imaging/pixels.ts';
import { random } from './imaging/random.ts';
import { anatomy } from './learning/anatomy.ts';
import { readAssignment } from './learning/assignment.ts';
import { LIGHT } from './learning/augment.ts';
import { readFreeze } from './learning/freeze.ts';
import { train } from './learning/loop.ts';
import type { Model } from './learning/model.ts';
import { oddities } from './learning/oddities.ts';
import type { Recipe } from './learning/recipe.ts';
import { saveModel } from './learning/saved-model.ts';
import { classWeightsOf } from './learning/targets.ts';
import { writeTensorboard } from './learning/tensorboard.ts';
import { beginNetwork } from './weights/begin-network.ts';
import { countOf } from './weights/match-weights.ts';

export const inputs = { pixels: 'required', split: 'required', weights: 'optional' } as const;
export const outputs = ['model', 'curves'] as const;
export const draws = true;
export const tensors = true;

export const params = {
  model: {
    type: 'string',
    format: 'module',
    description: 'The architecture: a file like those in stages/models.',
  },
  epochs: {
    type: 'integer',
    minimum: 1,
    default: 100,
    unit: 'epochs',
    description: 'How often every training cell is seen. 100 is the tutorial’s.',
  },
  batch: {
    type: 'integer',
    minimum: 1,
    default: 32,
    unit: 'images',
    description:
      'Most images in a step; batches are made equal. More needs more memory: EfficientNetB4 at 128 pixels takes about 1.1 GB for 8.',
  },
  learningRate: {
    type: ['number', 'null'],
    exclusiveMinimum: 0,
    default: null,
    description:
      'Step size at its highest; null: what the model’s file says is right for it with Adam, ten times that for sgd.',
  },
  optimizer: {
    type: 'string',
    enum: ['adam', 'adamw', 'sgd'],
    default: 'adam',
    description: 'What turns gradients into steps; adamw is adam with a weight decay of .004.',
  },
  schedule: {
    type: 'string',
    enum: ['constant', 'cosine', 'step', 'plateau'],
    default: 'cosine',
    description:
      'How the learning rate falls: not at all; to 0 along half a cosine over all epochs; times `decay` every `decayEvery` epochs; or times `decay` whenever the validation loss has not fallen for `decayEvery` epochs.',
  },
  warmup: {
    type: 'number',
    minimum: 0,
    exclusiveMaximum: 1,
    default: 0.05,
    unit: 'share of all steps',
    description:
      'At the beginning the learning rate climbs in equal steps over so large a part of the training.',
  },
  decayEvery: {
    type: 'integer',
    minimum: 1,
    default: 10,
    unit: 'epochs',
    description: 'Schedules step and plateau: how long the learning rate stays.',
  },
  decay: {
    type: 'number',
    exclusiveMinimum: 0,
    exclusiveMaximum: 1,
    default: 0.1,
    description: 'Schedules step and plateau: what the learning rate is multiplied by.',
  },
  augment: {
    type: 'string',
    enum: ['auto', 'none', 'light'],
    default: 'auto',
    description:
      'Changes of each training image, drawn anew each epoch. light: quarter turns, mirrors, shifts to 6 % of the side, contrast to 10 %, brightness to 10 of 255; no pixel is resampled. auto: light, but none in epochs in which a frozen part of the network can be worked out once for all of them instead.',
  },
  labelSmoothing: {
    type: 'number',
    minimum: 0,
    exclusiveMaximum: 1,
    default: 0,
    unit: 'share',
    description:
      'So much of each label is spread over all classes, so that the network is less sure of itself.',
  },
  classWeights: {
    anyOf: [
      { type: 'string', enum: ['none', 'balanced'] },
      { type: 'object', additionalProperties: { type: 'number', minimum: 0 } },
    ],
    default: 'none',
    description:
      'What the loss of each class is multiplied by, in training: balanced weighs rare classes up (cells / (classes × cells of the class)), instead of copying their cells; or weights by name, { Basophil: 2 }.',
  },
  mixup: {
    type: 'number',
    minimum: 0,
    default: 0,
    description:
      'Blends pairs of training images and their labels, by shares drawn from a beta distribution with this parameter; .2 is usual, 0: not at all.',
  },
  weightDecay: {
    type: ['number', 'null'],
    minimum: 0,
    default: null,
    description:
      'Before each step kernels shrink by this times the learning rate, biases and batch norms do not; null: .004 for adamw, else 0.',
  },
  clipNorm: {
    type: ['number', 'null'],
    exclusiveMinimum: 0,
    default: null,
    description: 'Gradients that are longer than this, all together, are shortened to it; null: never.',
  },
  ema: {
    type: ['number', 'null'],
    exclusiveMinimum: 0,
    exclusiveMaximum: 1,
    default: null,
    description:
      'Keeps a running mean of the weights, of which each step keeps this share (.99 is usual), and validates and saves that; null: the weights themselves.',
  },
  freeze: {
    type: 'string',
    default: 'none',
    description:
      'Layers that keep their weights and work as in inference, batch norm and dropout too: none; all (of the backbone: the head learns); or `until LAYER`, up to and with this one.',
  },
  headEpochs: {
    type: 'integer',
    minimum: 0,
    default: 0,
    unit: 'epochs',
    description:
      'Of the epochs, so many at the beginning train the head alone; the rest, with an optimizer and a schedule of its own, all that `freeze` leaves.',
  },
  thawedRate: {
    type: 'number',
    exclusiveMinimum: 0,
    default: 0.1,
    description: 'After headEpochs the learning rate is multiplied by this.',
  },
  microbatch: {
    type: ['integer', 'null'],
    minimum: 1,
    default: null,
    unit: 'images',
    description:
      'Computes a batch in parts of so many images and sums up their gradients, for less memory. Where batch norm learns it is another function, since that sees only a part.',
  },
  beta1: {
    type: 'number',
    minimum: 0,
    exclusiveMaximum: 1,
    default: 0.9,
    description: 'Adam: how much of the mean gradient is kept from step to step.',
  },
  beta2: {
    type: 'number',
    minimum: 0,
    exclusiveMaximum: 1,
    default: 0.999,
    description: 'Adam: how much of the mean squared gradient is kept from step to step.',
  },
  epsilon: {
    type: 'number',
    exclusiveMinimum: 0,
    default: 1e-7,
    description: 'Adam: added to the root of the mean squared gradient; Keras’s default.',
  },
  momentum: {
    type: 'number',
    minimum: 0,
    exclusiveMaximum: 1,
    default: 0.9,
    description: 'SGD: how much of the last movement goes on.',
  },
  nesterov: {
    type: 'boolean',
    default: true,
    description: 'SGD: takes the gradient’s step from where the momentum leads.',
  },
  patience: {
    type: ['integer', 'null'],
    minimum: 1,
    default: null,
    unit: 'epochs',
    description: 'Stop after so many epochs without a lower validation loss; null: never.',
  },
  repeat: {
    type: 'integer',
    minimum: 1,
    default: 1,
    description:
      'Which of several trainings that differ in nothing but their draws: an axis `repeat: [1, 2, 3]` in the matrix tells how much of a difference is luck. 1 draws as the seed says.',
  },
  tensorboard: {
    type: 'boolean',
    default: false,
    description:
      'Writes the curves as event files too, into the folder tensorboard of the output curves: `tensorboard --logdir artifacts/latest`.',
  },
  engine: {
    type: 'string',
    enum: ['auto', 'native', 'wasm', 'webgpu'],
    default: 'auto',
    description:
      'What computes: TensorFlow’s own libraries, WebAssembly, a GPU through WebGPU, or (auto) the better one of the first two that starts.',
  },
  device: {
    type: 'string',
    enum: ['auto', 'cpu', 'gpu'],
    default: 'auto',
    description:
      'Where the native engine computes. auto: on the GPU that the runner hands out, where there is one and the CUDA engine is installed; gpu: there or not at all.',
  },
  gpuMath: {
    type: 'string',
    enum: ['exact', 'fast'],
    default: 'exact',
    description:
      'On a GPU. exact: float32 and deterministic kernels; fast: TF32 and kernels chosen by trial, whose last bits change from run to run.',
  },
  precision: {
    type: 'string',
    enum: ['float32', 'bfloat16'],
    default: 'float32',
    description:
      'bfloat16: training steps on the native engine compute convolutions and products of matrices with eight bits of mantissa, on weights that stay float32, as all else does. Faster on CPUs with bfloat16 units and slower on others; validation is in float32.',
  },
  threads: {
    type: 'integer',
    minimum: 1,
    maximum: 256,
    default: 8,
    unit: 'threads',
    description:
      'Threads inside an operation of the native engine. It changes the last bits of sums, so it is fixed and not the machine’s number of cores; wasm takes all cores, to the same bytes.',
  },
} as const;
type Params = typeof params;

export default async function run(stage: Stage<Params>) {
  const { params, seed, input, output, fact, metric } = stage;
  const model = await stage.module<Model>('model');
  const { classes, train: training, validation } = readAssignment(input('split'));
  if (training.rows.length === 0)
    throw new StageError('The training part is empty.', 'Look at the shares of the split stage.');

  const pixels = new PixelsReader(input('pixels'));
  const { size } = pixels.description;
  const { network, given } = await beginNetwork(stage, model, { size, classes });
  if (given)
    fact('weights taken', `${given.values.size} tensors, ${countOf(given)} numbers, of ${given.what}`);
  if (given && given.leftOut.length > 0) fact('weights left out', given.leftOut.join(', '));
  const { parameters, multAdds } = anatomy(network);

  const engine = await openEngine({ want: params.engine, device: params.device, warn: stage.warn });
  for (const [name, value] of Object.entries(engine.facts)) fact(name, value);

  const trouble = params.precision === 'bfloat16' ? noBfloat16(engine) : null;
  if (trouble) stage.warn(trouble);

  const { learningRate: right } = model.defaults;
  const learningRate = params.learningRate ?? (params.optimizer === 'sgd' ? 10 * right : right);
  const recipe: Recipe = {
    ...params,
    learningRate,
    augment: params.augment === 'none' ? null : LIGHT,
    augmentFrozen: params.augment === 'light',
    freeze: readFreeze(params.freeze),
    classWeights: classWeightsOf(params.classWeights, classes, training.labels),
    seed: params.repeat === 1 ? seed : random(seed, `repeat:${params.repeat}`).uint32(),
  };
  for (const warning of oddities(
    network,
    given !== null,
    recipe,
    classes,
    training.labels,
    validation.labels,
  ))
    stage.warn(warning);
  const { checkpoint, signal, progress, warn } = stage;
  const watch = { checkpoint, signal, progress, warn };
  const data = { pixels, train: training, validation, ...(given && { weights: given.values }) };
  const trained = train(engine, network, data, recipe, watch);
  pixels.close();

  const { name, paper, preprocessing } = model;
  const epoch = { best: trained.best, last: trained.history.length };
  await saveModel(
    output('model'),
    { name, paper, preprocessing, size, classes, epoch, network },
    { best: trained.bestFile, last: trained.lastFile },
  );
  const curves = { model: name, epochs: trained.history, best: trained.best };
  await mkdir(output('curves'), { recursive: true });
  await writeFile(join(output('curves'), 'curves.json'), `${JSON.stringify(curves, null, 2)}\n`);
  if (params.tensorboard) await writeTensorboard(join(output('curves'), 'tensorboard'), trained.history);

  const best = trained.history[trained.best - 1]!;
  metric('parameters', parameters.total);
  metric('multiply-adds', multAdds);
  metric('best epoch', trained.best);
  metric('training accuracy', best.accuracy);
  if (best.valLoss !== null) metric('validation loss', best.valLoss);
  if (best.valAccuracy !== null) metric('validation accuracy', best.valAccuracy);
  if (trained.imagesPerSecond !== null) fact('images/s', Math.round(trained.imagesPerSecond * 10) / 10);
  if (trained.resumed > 0) fact('epochs taken over', trained.resumed);
}
