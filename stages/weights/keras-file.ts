/**
 * Weights in an HDF5 file of Keras, in either of its layouts:
 *
 *   - legacy, what keras.applications ships and `model.save('x.h5')` writes: a group a layer, whose attribute
 *     `weight_names` lists its datasets; the attribute `layer_names` above lists the groups. A whole model has all this
 *     in the group `model_weights`.
 *   - `.weights.h5` of Keras 3: groups named for classes and counted (`layers/conv2d_3/vars`), with datasets `0`, `1`, …
 *     and since Keras 3.7 an attribute `name`.
 *
 * (keras/src/legacy/saving/legacy_h5_format.py and keras/src/saving/saving_lib.py of Keras 3.15.)
 */
import { StageError } from 'bloodline-ml/stage';
import type { Attribute, Dataset, Entity, Group } from 'h5wasm';
import type { StoredLayer, StoredTensor, StoredWeights } from './stored-weights.ts';

/** Opens a file. Throws a StageError where it is no HDF5, damaged, or of no layout that is known. */
export async function openKerasFile(path: string): Promise<StoredWeights> {
  const { default: h5, ready } = await import('h5wasm/node');
  (await ready).activate_throwing_error_handler();
  return intact(() => {
    const file = new h5.File(path, 'r');
    const root = (file.get('model_weights') as Group | null) ?? file;
    const layers = 'layer_names' in root.attrs || 'layer_names0' in root.attrs ? legacy(root) : keras3(file);
    if (layers.length === 0)
      throw new StageError(
        'The file of weights is HDF5, but holds none of Keras.',
        'Files that are understood: .h5 of Keras 2, and .weights.h5 of Keras 3.',
      );
    return { what: 'a file of Keras', layers, imagenet: isImagenet(layers), close: () => void file.close() };
  });
}

function legacy(root: Group): StoredLayer[] {
  return texts(root, 'layer_names').flatMap((name) => {
    const group = root.get(name) as Group;
    const tensors = texts(group, 'weight_names').map((each) => ({
      full: each,
      ...tensor(group.get(each), each),
    }));
    // A model inside a model: one group for all its layers, told apart by the names of their tensors.
    const inner = new Map<string, StoredTensor[]>();
    for (const { full, ...each } of tensors) {
      const layer = full.split('/').at(-2) ?? name;
      inner.set(layer, [...(inner.get(layer) ?? []), each]);
    }
    if (inner.size === 1) return [{ name, kind: null, tensors }];
    return [...inner].map(([name, tensors]) => ({ name, kind: null, tensors }));
  });
}

/** What belongs to no layer: moments of the optimizer, states of random generators. */
const NO_LAYERS = ['optimizer', 'seed_generator'];

function keras3(group: Group, own = ''): StoredLayer[] {
  const layers: StoredLayer[] = [];
  for (const key of [...group.keys()].sort(byNumber)) {
    const below = group.get(key);
    if (NO_LAYERS.includes(key) || !isGroup(below)) continue;
    if (key !== 'vars') {
      layers.push(...keras3(below, key));
      continue;
    }
    const tensors = [...below.keys()].sort(byNumber).map((each) => tensor(below.get(each), each));
    const name = below.attrs['name']?.json_value;
    const kind = own.replace(/_\d+$/, '');
    if (tensors.length > 0) layers.push({ name: typeof name === 'string' ? name : null, kind, tensors });
  }
  return layers;
}

const isGroup = (entity: Entity | null): entity is Group => entity !== null && 'keys' in entity;

/** `conv2d` before `conv2d_2` before `conv2d_10`. */
function byNumber(a: string, b: string): number {
  const [, nameA, countA] = /^(.*?)_?(\d*)$/.exec(a)!;
  const [, nameB, countB] = /^(.*?)_?(\d*)$/.exec(b)!;
  if (nameA !== nameB) return nameA! < nameB! ? -1 : 1;
  return Number(countA) - Number(countB);
}

/** A list of texts in an attribute; a long one is spread over `name0`, `name1`, … */
function texts(group: Group, name: string): string[] {
  const read = (attribute: Attribute): string[] => [attribute.json_value].flat(9).map((text) => String(text));
  const { attrs } = group;
  if (attrs[name]) return read(attrs[name]);
  const parts: string[] = [];
  for (let part = 0; attrs[`${name}${part}`]; part++) parts.push(...read(attrs[`${name}${part}`]!));
  return parts;
}

function tensor(entity: Entity | null, called: string): StoredTensor {
  if (entity === null || !('shape' in entity))
    throw new StageError(`The file of weights names a tensor ${called} and does not have it.`, WAY_OUT);
  const dataset = entity as Dataset;
  return {
    name: called.split('/').at(-1)!.replace(/:0$/, ''),
    shape: dataset.shape ?? [],
    read: () =>
      intact(() => {
        const { value, metadata } = dataset;
        const [WHOLE, REAL] = [0, 1];
        if (metadata.type !== WHOLE && (metadata.type !== REAL || metadata.size < 4))
          throw new StageError(
            `In the file of weights ${called} is of type ${JSON.stringify(dataset.dtype)}, expected float32.`,
            'Write the weights as float32.',
          );
        if (value instanceof Float32Array) return value;
        // Scalars and whole numbers: the count of a Normalization.
        const numbers = ArrayBuffer.isView(value)
          ? Array.from(value as never as ArrayLike<number>, Number)
          : [Number(value)];
        return Float32Array.from(numbers);
      }),
  };
}

/** `√variance` of keras.applications' Normalization is √deviation: it stores deviations of ImageNet as variances. */
function isImagenet(layers: readonly StoredLayer[]): boolean {
  const normalization = layers.find(
    ({ name, kind }) => name?.replace(/_\d+$/, '') === 'normalization' || kind === 'normalization',
  );
  const variance = normalization?.tensors[1];
  if (variance === undefined || variance.shape.join() !== '3') return false;
  const values = variance.read();
  return [0.229, 0.224, 0.225].every((deviation, i) => Math.abs(values[i]! - deviation) < 1e-4);
}

const WAY_OUT = 'Fetch or write the file again.';

/** The HDF5 library fails in its own words, or its memory breaks, where a file is damaged. */
function intact<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof StageError) throw error;
    const reason = /truncated file|file signature not found/.exec((error as Error).message)?.[0];
    throw new StageError(`The file of weights cannot be read: ${reason ?? 'it is damaged'}.`, WAY_OUT);
  }
}
