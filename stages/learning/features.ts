import { closeSync, existsSync, openSync, readSync, renameSync, writeFileSync } from 'node:fs';
import type { Engine } from '../engines/engine.ts';
import type { PixelsReader } from '../imaging/pixels.ts';
import { anatomy, product } from './anatomy.ts';
import { type Examples, readBatches } from './batches.ts';
import { forward } from './forward.ts';
import { toImages } from './infer.ts';
import type { Network } from './network.ts';
import type { Weights } from './weights.ts';

/** What a frozen part of a network makes of each example, float32, in a file. */
export interface Features {
  /** Of one example. */
  readonly shape: readonly number[];
  /** Values of the examples with these indices, one after another. */
  read(indices: readonly number[]): Float32Array;
  close(): void;
}

/** Opens the file; where it is not there it is computed first, in batches that do not depend on anything drawn. */
export function openFeatures(
  engine: Engine,
  network: Network,
  weights: Weights,
  { pixels, examples, batch }: { pixels: PixelsReader; examples: Examples; batch: number },
  file: string,
  each: (done: number) => void,
): Features {
  const shape = anatomy(network).shapes.get(network.output)!;
  if (!existsSync(file)) {
    const handle = openSync(`${file}.part`, 'w');
    try {
      let done = 0;
      for (const { pixels: bytes, labels } of readBatches(
        pixels,
        examples,
        [...examples.rows.keys()],
        batch,
      )) {
        const values = engine.tf.tidy(
          () =>
            forward(engine, network, weights, toImages(engine, network, bytes)).dataSync() as Float32Array,
        );
        writeFileSync(handle, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
        done += labels.length;
        each(done);
      }
    } finally {
      closeSync(handle);
    }
    renameSync(`${file}.part`, file);
  }
  const length = 4 * product(shape);
  const handle = openSync(file, 'r');
  return {
    shape,
    read(indices) {
      const bytes = new Uint8Array(indices.length * length);
      for (const [i, index] of indices.entries())
        for (let done = 0; done < length; ) {
          const got = readSync(handle, bytes, i * length + done, length - done, index * length + done);
          if (got === 0) throw new Error(`${file} ends before example ${index}`);
          done += got;
        }
      return new Float32Array(bytes.buffer);
    },
    close: () => closeSync(handle),
  };
}
