import type { PixelsReader } from '../imaging/pixels.ts';
import type { Augmenter } from './augment.ts';

/** Rows of `pixels.npy` and the class index of each. */
export interface Examples {
  readonly rows: readonly number[];
  readonly labels: readonly number[];
}

export interface Batch {
  /** count × size × size × 3; the same memory each time, good until the next batch. */
  readonly pixels: Uint8Array;
  readonly labels: readonly number[];
}

export const batchCount = (examples: number, batch: number): number => Math.ceil(examples / batch);

/** Start and end of each batch: as equal as can be, none larger than `batch`. */
export function batchRanges(examples: number, batch: number): [start: number, end: number][] {
  const batches = batchCount(examples, batch);
  const start = (index: number): number => Math.floor((index * examples) / batches);
  return Array.from({ length: batches }, (_, index) => [start(index), start(index + 1)]);
}

/**
 * Reads examples in the order given, from disk, a batch at a time.
 *
 * The batches are as equal as can be and none is larger than `batch`: a small rest at the end would be noise to batch
 * norm (100 examples at most 32 at a time: 4 batches of 25).
 *
 * @param change is done to each image after it was read.
 */
export function* readBatches(
  pixels: PixelsReader,
  { rows, labels }: Examples,
  order: readonly number[],
  batch: number,
  change: Augmenter | null = null,
): Generator<Batch> {
  const memory = new Uint8Array(Math.min(batch, order.length) * pixels.rowBytes);
  for (const [start, end] of batchRanges(order.length, batch)) {
    const chosen = order.slice(start, end);
    const bytes = memory.subarray(0, chosen.length * pixels.rowBytes);
    const wanted = chosen.map((i) => rows[i]!);
    pixels.read(wanted, bytes);
    if (change)
      for (const [at, row] of wanted.entries())
        change(bytes.subarray(at * pixels.rowBytes, (at + 1) * pixels.rowBytes), row);
    yield { pixels: bytes, labels: chosen.map((i) => labels[i]!) };
  }
}
