import { closeSync, openSync, readSync, writeFileSync } from 'node:fs';
import type { Tensor, Variable } from '@tensorflow/tfjs';
import type { Tfjs } from '../engines/engine.ts';
import { random } from '../imaging/random.ts';
import { product } from './anatomy.ts';
import { initialValues } from './initializers.ts';
import type { WeightSpec } from './network.ts';

/** By name, in the order of the network's layers. */
export type Weights = ReadonlyMap<string, Variable>;

/** An entry of `weights.json`: where a tensor lies in a file of weights (float32, little-endian, C order). */
export interface WeightEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly trainable: boolean;
  /** Bytes from the start of the file. */
  readonly offset: number;
}

export function weightEntries(specs: readonly WeightSpec[]): WeightEntry[] {
  let offset = 0;
  return specs.map(({ name, shape, trainable }) => {
    const entry = { name, shape, trainable, offset };
    offset += 4 * product(shape);
    return entry;
  });
}

/**
 * Fresh weights; each is drawn from a stream of its own, so that another layer changes none but its own.
 *
 * @param given values that are taken instead, by name.
 */
export function drawWeights(
  tf: Tfjs,
  specs: readonly WeightSpec[],
  seed: number,
  given?: ReadonlyMap<string, Float32Array>,
): Weights {
  return new Map(
    specs.map((spec) => {
      const values = given?.get(spec.name) ?? initialValues(spec, random(seed, `initial:${spec.name}`));
      return [spec.name, variable(tf, values, spec.shape, spec.trainable)];
    }),
  );
}

/** Writes tensors one after another. */
export function writeTensors(file: string, tensors: Iterable<Tensor>): void {
  const handle = openSync(file, 'w');
  try {
    for (const tensor of tensors) {
      writeFileSync(handle, tensor.dataSync() as Float32Array);
    }
  } finally {
    closeSync(handle);
  }
}

/** Reads tensors back into new variables. Throws an Error where the file is too short. */
export function readWeights(
  tf: Tfjs,
  file: string,
  entries: readonly Omit<WeightEntry, 'offset'>[],
): Weights {
  const values = readTensors(file, entries);
  return new Map(
    entries.map(({ name, shape, trainable }, i) => [name, variable(tf, values[i]!, shape, trainable)]),
  );
}

/** Reads the values of tensors that lie one after another. Throws an Error where the file is too short. */
export function readTensors(
  file: string,
  entries: readonly Pick<WeightEntry, 'name' | 'shape'>[],
): Float32Array[] {
  const handle = openSync(file, 'r');
  try {
    return entries.map(({ name, shape }) => {
      const values = new Float32Array(product(shape));
      const bytes = new Uint8Array(values.buffer);
      for (let done = 0; done < bytes.length; ) {
        const got = readSync(handle, bytes, done, bytes.length - done, null);
        if (got === 0) throw new Error(`${file} ends inside ${name}`);
        done += got;
      }
      return values;
    });
  } finally {
    closeSync(handle);
  }
}

const variable = (tf: Tfjs, values: Float32Array, shape: readonly number[], trainable: boolean): Variable => {
  const tensor = tf.tensor(values, [...shape], 'float32');
  const kept = tf.variable(tensor, trainable);
  tensor.dispose();
  return kept;
};
