/**
 * Judges one trained model on the test part, which nothing was chosen by.
 *
 * Only original cells are tested. The artifact of the model carries the network as data, so no model file is needed
 * and none is looked at.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Stage, StageError } from 'bloodline-ml/stage';
import { openEngine } from './engines/engine.ts';
import { PixelsReader } from './imaging/pixels.ts';
import { jsonLines } from './imaging/samples.ts';
import { answering } from './judging/embedding.ts';
import { judge, orZero, type Prediction, rounded } from './judging/evaluation.ts';
import { distances, newReference, referenceRows } from './judging/familiarity.ts';
import { gradCam, type HeatMap } from './judging/grad-cam.ts';
import { answers } from './judging/metrics.ts';
import { modelCard } from './judging/model-card.ts';
import { noteworthy } from './judging/noteworthy.ts';
import { rowsDigest } from './judging/rows-digest.ts';
import { quantile } from './judging/statistics.ts';
import { type Use, writeUse } from './judging/use.ts';
import { readAssignment } from './learning/assignment.ts';
import { type Examples, readBatches } from './learning/batches.ts';
import { loadModel, type SavedModel } from './learning/saved-model.ts';
import { readSplitData, readSplitSummary } from './learning/split-data.ts';

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
  risk: {
    type: 'number',
    minimum: 0,
    exclusiveMaximum: 1,
    default: 0.02,
    description:
      'Largest share of wrong answers among those the model is sure of: validation chooses the confidence from which on it may call itself sure.',
  },
  unlike: {
    type: 'number',
    exclusiveMinimum: 0,
    exclusiveMaximum: 1,
    default: 0.01,
    description:
      'Share of validation cells that may be called unlike the training data by mistake: it chooses the distance from which on a picture is.',
  },
  explained: {
    type: 'integer',
    minimum: 0,
    default: 12,
    unit: 'cells',
    description: 'Worst answers, and least certain ones, to which a Grad-CAM map is made.',
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
  const { params, input, output, metric, fact, progress, warn, signal } = stage;
  const { classes, train, validation, test } = readAssignment(input('split'));
  const k = classes.length;
  if (test.cells.length === 0)
    throw new StageError('The test part is empty.', 'Look at the shares of the split stage.');

  const engine = await openEngine({ want: params.engine, device: params.device, warn: stage.warn });
  for (const [name, value] of Object.entries(engine.facts)) fact(name, value);
  const loaded = await loadModel(input('model'), engine);
  const { model } = loaded;
  const pixels = new PixelsReader(input('pixels'));
  checkFit(model, classes, pixels.description.size);

  // Features of some training originals say what the model was trained on.
  const originals = train.cells.filter(({ augmented }) => !augmented);
  const chosen = referenceRows(
    originals.map(({ label }) => label),
    k,
  ).map((i) => originals[i]!);
  const reference = { rows: chosen.map(({ row }) => row), labels: chosen.map(({ label }) => label) };

  const answer = answering(loaded);
  const total = test.rows.length + validation.rows.length + reference.rows.length;
  const started = performance.now();
  let done = 0;
  const ask = (examples: Examples) => {
    const logits = new Float32Array(examples.rows.length * k); // cells × classes
    const probabilities = new Float32Array(logits.length);
    const features: Float32Array[] = [];
    let row = 0;
    for (const batch of readBatches(pixels, examples, [...examples.rows.keys()], params.batch)) {
      signal.throwIfAborted();
      const said = answer(batch.pixels);
      logits.set(said.logits, row * k);
      probabilities.set(said.probabilities, row * k);
      features.push(said.features);
      row += batch.labels.length;
      done += batch.labels.length;
      progress(done, total, 'cells');
    }
    return { logits, probabilities, features: joined(features) };
  };
  const tested = ask(test);
  const pixelsDigest = rowsDigest(pixels, test.rows);
  const validated = ask(validation);
  const trained = ask(reference);
  fact('images/s', Math.round((total * 10_000) / (performance.now() - started)) / 10);
  const lost = tested.logits.findIndex((logit) => !Number.isFinite(logit));
  if (lost >= 0)
    throw new StageError(
      `The model answers ${test.cells[Math.floor(lost / k)]!.id} with ${tested.logits[lost]}: its weights hold no numbers, or they overflow.`,
      'Train it again, with a lower learning rate.',
    );

  const groupsOf = (cells: typeof test.cells): string[] => cells.map(({ group }) => group);
  const { evaluation, calibrated } = judge({
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
    test: { truth: test.labels, groups: groupsOf(test.cells), ...tested },
    validation: { truth: validation.labels, groups: groupsOf(validation.cells), ...validated },
    risk: params.risk,
    pixels: pixelsDigest,
  });
  const predicted = answers(tested.probabilities, k);
  const predictions = test.cells.map(({ id, group, label }, row): Prediction => {
    const own = (of: Float32Array | Float64Array): number[] =>
      Array.from(of.subarray(row * k, (row + 1) * k), rounded);
    return {
      id,
      group,
      label: classes[label]!,
      predicted: classes[predicted[row]!]!,
      probabilities: own(tested.probabilities),
      calibrated: own(calibrated),
    };
  });

  const known = newReference(trained.features, reference.rows.length);
  const usual = distances(known, validated.features).sort();
  const limit = usual.length === 0 ? null : quantile(usual, 1 - params.unlike);
  const beyond = (of: Float64Array): number =>
    of.length === 0 ? 0 : of.filter((distance) => distance > limit!).length / of.length;

  await mkdir(output('evaluation'));
  const write = (name: string, text: string): Promise<void> =>
    writeFile(join(output('evaluation'), name), text);
  await write('evaluation.json', `${JSON.stringify(evaluation, null, 1)}\n`);
  await write('predictions.jsonl', jsonLines(predictions));
  await write('maps.json', `${JSON.stringify(maps())}\n`);
  const { chosen: sure, test: sureOfTest } = evaluation.selection;
  const use: Use = {
    format: 1,
    temperature: evaluation.calibration.temperature,
    sure: sure &&
      sureOfTest && { threshold: sure.threshold, validation: rates(sure), test: rates(sureOfTest) },
    unlike:
      limit === null
        ? null
        : {
            threshold: limit,
            validation: beyond(usual),
            test: beyond(distances(known, tested.features)),
            width: known.width,
          },
  };
  writeUse(output('evaluation'), use, limit === null ? null : known);
  const card = { model, evaluation, split: readSplitSummary(input('split')), use };
  await write('card.md', modelCard(card));
  pixels.close();
  loaded.dispose();

  const { measures } = evaluation;
  metric('accuracy', orZero(measures.accuracy));
  metric('balanced accuracy', orZero(measures.balancedAccuracy));
  metric('macro F1', orZero(measures.macroF1));
  metric('log loss', orZero(measures.logLoss));
  metric('calibration error', orZero(measures.ece));
  if (validation.rows.length === 0)
    warn(
      'Nothing was validated: there is no temperature, no threshold of "not sure", none of "unlike the training data".',
    );

  /** Grad-CAM of the answers that a person should look at, by cell. */
  function maps(): Record<string, HeatMap> {
    const ids = [...new Set(noteworthy(predictions, params.explained).map(({ id }) => id))];
    const rowOf = new Map(predictions.map(({ id }, row) => [id, row]));
    const found: [string, HeatMap][] = [];
    for (let at = 0; at < ids.length; at += params.batch) {
      const some = ids.slice(at, at + params.batch);
      const images = new Uint8Array(some.length * pixels.rowBytes);
      pixels.read(
        some.map((id) => test.rows[rowOf.get(id)!]!),
        images,
      );
      const labels = some.map((id) => predicted[rowOf.get(id)!]!);
      gradCam(loaded, images, labels).forEach((map, i) => {
        found.push([some[i]!, { ...map, values: map.values.map(threeFigures) }]);
      });
    }
    return Object.fromEntries(found);
  }
}

const threeFigures = (value: number): number => Number(value.toPrecision(3));
const rates = ({ coverage, risk }: { coverage: number; risk: number }) => ({ coverage, risk });

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
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
