import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { copyFile, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StageError } from 'bloodline-ml/stage';
import type { Engine } from '../engines/engine.ts';
import { anatomy, product } from './anatomy.ts';
import { infer } from './infer.ts';
import { softmax } from './loss.ts';
import type { Network } from './network.ts';
import { readWeights, type WeightEntry, type Weights, weightEntries } from './weights.ts';

/** `model.json`: a trained network without its weights. */
export interface SavedModel {
  /** Raised when the meaning of this file changes. */
  readonly version: 1;
  readonly name: string;
  readonly paper: string;
  readonly preprocessing: string;
  /** Side of the images, pixels. */
  readonly size: number;
  /** Class of each logit. */
  readonly classes: readonly string[];
  readonly parameters: { readonly total: number; readonly trainable: number; readonly backbone: number };
  /** Multiply-adds of convolutions and dense layers for one image. */
  readonly multAdds: number;
  /** Of `weights.bin`. */
  readonly bytes: number;
  /** Of `weights.bin`, in hex. */
  readonly sha256: string;
  /** Epochs whose weights are in `weights.bin` and in `weights-last.bin`. */
  readonly epoch: { readonly best: number; readonly last: number };
  readonly network: Network;
}

/** Writes `model.json`, `weights.json`, `weights.bin` (best) and `weights-last.bin` into a new folder. */
export async function saveModel(
  folder: string,
  model: Pick<SavedModel, 'name' | 'paper' | 'preprocessing' | 'size' | 'classes' | 'epoch' | 'network'>,
  files: { readonly best: string; readonly last: string },
): Promise<void> {
  const { parameters, multAdds, weights } = anatomy(model.network);
  const { network, ...named } = model;
  const saved: SavedModel = {
    version: 1,
    ...named,
    parameters,
    multAdds,
    bytes: (await stat(files.best)).size,
    sha256: digestOf(files.best),
    network,
  };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'model.json'), `${JSON.stringify(saved)}\n`);
  await writeFile(join(folder, 'weights.json'), `${JSON.stringify(weightEntries(weights))}\n`);
  await copyFile(files.best, join(folder, 'weights.bin'));
  await copyFile(files.last, join(folder, 'weights-last.bin'));
}

export interface LoadedModel {
  readonly engine: Engine;
  readonly model: SavedModel;
  readonly weights: Weights;
  /** Probabilities, N×classes, of RGB images, N×size×size×3. */
  predict(images: Uint8Array): Float32Array;
  /** Frees its tensors. */
  dispose(): void;
}

/** Reads a folder that `saveModel` wrote. Throws a StageError where it does not fit together. */
export async function loadModel(folder: string, engine: Engine): Promise<LoadedModel> {
  const { model, entries } = await readDescription(folder);
  const weights = readWeights(engine.tf, join(folder, 'weights.bin'), entries);
  const rowBytes = model.size * model.size * 3;
  return {
    engine,
    model,
    weights,
    predict(images) {
      if (images.length % rowBytes !== 0)
        throw new Error(`${images.length} bytes are no whole number of ${model.size}×${model.size} images`);
      if (images.length === 0) return new Float32Array(0);
      return softmax(infer(engine, model.network, weights, images), model.classes.length);
    },
    dispose: () => engine.tf.dispose([...weights.values()]),
  };
}

/**
 * What a folder that `saveModel` wrote says of itself. Throws a StageError where its parts do not belong together: then
 * its numbers would mean something else than its classes say.
 */
export async function readDescription(
  folder: string,
): Promise<{ readonly model: SavedModel; readonly entries: readonly WeightEntry[] }> {
  const read = async <T>(name: string): Promise<T> => {
    try {
      return JSON.parse(await readFile(join(folder, name), 'utf8')) as T;
    } catch (error) {
      throw new StageError(`${join(folder, name)} cannot be read: ${(error as Error).message}.`, AGAIN);
    }
  };
  const model = await read<SavedModel>('model.json');
  const entries = await read<WeightEntry[]>('weights.json');
  const refuse = (message: string): never => {
    throw new StageError(message, AGAIN);
  };
  if (model.version !== 1) refuse(`model.json is of version ${model.version}; this program reads version 1.`);
  const { weights, shapes } = anatomy(model.network);
  const units = shapes.get(model.network.output)?.at(-1);
  if (units !== model.classes.length)
    refuse(`model.json names ${model.classes.length} classes, and its network tells ${units} apart.`);
  const twice = model.classes.find((name, index) => model.classes.indexOf(name) !== index);
  if (twice !== undefined) refuse(`model.json names the class ${JSON.stringify(twice)} twice.`);
  if (JSON.stringify(weightEntries(weights)) !== JSON.stringify(entries))
    refuse('weights.json does not list the weights of the network in model.json.');
  const file = join(folder, 'weights.bin');
  const wanted = entries.reduce((bytes, { shape }) => bytes + 4 * product(shape), 0);
  const found = (await stat(file)).size;
  if (found !== wanted) refuse(`weights.bin has ${found} bytes, not ${wanted}.`);
  const digest = digestOf(file);
  if (digest !== model.sha256)
    refuse(
      `weights.bin has the sha256 ${digest.slice(0, 12)}…, model.json says ${String(model.sha256).slice(0, 12)}…: it belongs to another model.`,
    );
  return { model, entries };
}

const AGAIN = 'Train the model again, or fetch its whole folder again.';

const digestOf = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');
