/**
 * Judges one trained model on the test part, which nothing was chosen by.
 *
 * Only original cells are tested. The artifact of the model carries the network as data, so no model file is needed
 * and none is looked at.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Stage, StageError } from 'bloodline-ml/stage';
import { PixelsReader } from './imaging/pixels.ts';
import { jsonLines } from './imaging/samples.ts';
import { readAssignment } from './learning/assignment.ts';
import { readBatches } from './learning/batches.ts';
import { confusionSvg } from './learning/charts.ts';
import { openEngine } from './learning/engine.ts';
import { evaluateAnswers, type Prediction, rounded } from './learning/evaluation.ts';
import { argMax } from './learning/metrics.ts';
import { loadModel, type SavedModel } from './learning/saved-model.ts';
import { readSplitData } from './learning/split-data.ts';

export const inputs = { model: 'required', pixels: 'required', split: 'required' } as const;
export const outputs = ['evaluation'] as const;
export const tensors = true;

export const params = {
  batch: {
    type: 'integer',
    minimum: 1,
    default: 32,
    unit: 'images',
    description: 'Images computed at once; more needs more memory.',
  },
  engine: {
    type: 'string',
    enum: ['auto', 'native', 'wasm'],
    default: 'auto',
    description: 'What computes: TensorFlow’s own libraries, WebAssembly, or the better one that starts.',
  },
  threads: {
    type: 'integer',
    minimum: 1,
    maximum: 256,
    default: 8,
    unit: 'threads',
    description:
      'Threads inside an operation. It changes the last bits of sums, so it is fixed and not the machine’s number of cores.',
  },
} as const;
type Params = typeof params;

export default async function run(stage: Stage<Params>) {
  const { params, input, output, metric, fact, progress, signal } = stage;
  const { classes, test } = readAssignment(input('split'));
  const { cells } = test;
  if (cells.length === 0)
    throw new StageError('The test part is empty.', 'Look at the shares of the split stage.');

  const engine = await openEngine({ want: params.engine });
  for (const [name, value] of Object.entries(engine.facts)) fact(name, value);
  const { model, predict, dispose } = await loadModel(input('model'), engine);
  const pixels = new PixelsReader(input('pixels'));
  checkFit(model, classes, pixels.description.size);

  const probabilities = new Float32Array(cells.length * classes.length); // cells × classes
  const started = performance.now();
  let done = 0;
  for (const batch of readBatches(pixels, test, [...cells.keys()], params.batch)) {
    signal.throwIfAborted();
    probabilities.set(predict(batch.pixels), done * classes.length);
    done += batch.labels.length;
    progress(done, cells.length, 'cells');
  }
  fact('images/s', Math.round((cells.length * 10_000) / (performance.now() - started)) / 10);
  pixels.close();
  dispose();

  const evaluation = evaluateAnswers({
    model: {
      name: model.name,
      paper: model.paper,
      size: model.size,
      parameters: model.parameters.total,
      multAdds: model.multAdds,
      bytes: model.bytes,
      epoch: model.epoch.best,
    },
    data: readSplitData(input('split')),
    truth: test.labels,
    groups: cells.map(({ group }) => group),
    probabilities,
  });
  const predictions = cells.map(({ id, group, label }, row): Prediction => {
    const own = probabilities.subarray(row * classes.length, (row + 1) * classes.length);
    const predicted = classes[argMax(own, 0, classes.length)]!;
    return { id, group, label: classes[label]!, predicted, probabilities: Array.from(own, rounded) };
  });
  await mkdir(output('evaluation'));
  const write = (name: string, text: string): Promise<void> =>
    writeFile(join(output('evaluation'), name), text);
  await write('evaluation.json', `${JSON.stringify(evaluation, null, 2)}\n`);
  await write('predictions.jsonl', jsonLines(predictions));
  const title = `Confusion matrix of ${model.name}`;
  await write('confusion.svg', `${confusionSvg({ classes, ...evaluation.confusion, title })}\n`);

  metric('accuracy', evaluation.accuracy);
  metric('balanced accuracy', evaluation.balancedAccuracy);
  metric('macro F1', evaluation.macro.f1);
  metric('log loss', evaluation.logLoss);
}

/** A model trained on other classes or sizes gives numbers that mean nothing. */
function checkFit(model: SavedModel, classes: readonly string[], size: number): void {
  if (model.classes.join('\n') !== classes.join('\n'))
    throw new StageError(
      `The model knows the classes ${model.classes.join(', ')}, the data has ${classes.join(', ')}.`,
      'Evaluate a model on the data set that it was trained on.',
    );
  if (model.size !== size)
    throw new StageError(
      `The model takes images of ${model.size} pixels, the data has ${size}.`,
      'Set the size of resize-normalize to that of the model.',
    );
}
