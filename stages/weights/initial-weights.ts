import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { StageError } from 'bloodline-ml/stage';
import { readDescription } from '../learning/saved-model.ts';
import { readTensors } from '../learning/weights.ts';
import { openKerasFile } from './keras-file.ts';
import type { StoredLayer, StoredTensor, StoredWeights } from './stored-weights.ts';

/** Opens weights to begin a training with: a file of Keras, or a folder that train-per-model made. */
export async function openWeights(path: string): Promise<StoredWeights> {
  if (statSync(path).isDirectory()) return openOwn(path);
  const kind = otherKind(path);
  if (kind === null) return openKerasFile(path);
  throw new StageError(
    `What is given as weights is ${kind}, not a file of weights.`,
    'Give an .h5 or .weights.h5 file of Keras, or the folder of a model that train-per-model made.',
  );
}

/** Ways in which a file begins that is no HDF5, in words; null: it is HDF5. */
function otherKind(path: string): string | null {
  const bytes = Buffer.alloc(16);
  const handle = openSync(path, 'r');
  try {
    const length = readSync(handle, bytes);
    const begins = bytes.subarray(0, length).toString('latin1');
    if (begins.startsWith('\x89HDF\r\n\x1a\n')) return null;
    if (length === 0) return 'empty';
    if (begins.startsWith('PK'))
      return 'a zip archive (a .keras file has its weights inside, as model.weights.h5)';
    if (/^\s*</.test(begins)) return 'a web page';
    return 'no HDF5';
  } finally {
    closeSync(handle);
  }
}

/** The weights of the best epoch of a model of ours. */
async function openOwn(folder: string): Promise<StoredWeights> {
  if (!existsSync(join(folder, 'model.json')))
    throw new StageError(
      `There is no trained model in ${folder}.`,
      'Give the folder that train-per-model made, artifacts/latest/train-per-model@NAME/model.',
    );
  const { model, entries } = await readDescription(folder);
  const values = readTensors(join(folder, 'weights.bin'), entries);
  const layers = new Map<string, StoredTensor[]>();
  for (const [i, { name, shape }] of entries.entries()) {
    const [layer, tensor] = name.split('/') as [string, string];
    const read = (): Float32Array => values[i]!;
    layers.set(layer, [...(layers.get(layer) ?? []), { name: tensor, shape, read }]);
  }
  const list: StoredLayer[] = [...layers].map(([name, tensors]) => ({ name, kind: null, tensors }));
  const imagenet = model.network.layers.some(({ name }) => name === IMAGENET_LAYER);
  return {
    what: `the model ${model.name} of ${model.classes.length} classes`,
    layers: list,
    imagenet,
    close: () => {},
  };
}

/** EfficientNet has it for the weights of ImageNet; see `imagenet` in `model.ts`. */
const IMAGENET_LAYER = 'rescaling_1';
