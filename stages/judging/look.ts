import { cropSquare } from '../imaging/crop.ts';
import type { Sample } from '../imaging/samples.ts';

/** Bins of one channel's histogram. */
const HISTOGRAM = 16;

/** What can be said of a cell without looking at its shape. */
export interface Look {
  /** Width and height of the box, or of the image where there is none. */
  readonly extent: readonly [number, number];
  /** Mean of R, G, B, then their standard deviations, inside the box. */
  readonly colour: Float64Array;
  /** Shares of each channel's values, 3 × 16, over the whole square. */
  readonly histogram: Float64Array;
}

/**
 * @param square size × size × 3, as resize-normalize rendered the sample: 1.2 times its box.
 */
export function lookOf({ box, imageSize }: Sample, square: Uint8Array, size: number): Look {
  const [width, height] = imageSize;
  const crop = cropSquare(box, width, height);
  const [x, y, w, h] = box ?? [crop.x, crop.y, crop.side, crop.side];
  const scale = size / crop.side;
  const ends = (from: number, length: number): [number, number] => {
    const start = Math.min(size - 1, Math.max(0, Math.round(from * scale)));
    return [start, Math.max(start + 1, Math.min(size, Math.round((from + length) * scale)))];
  };
  const [left, right] = ends(x - crop.x, w);
  const [top, bottom] = ends(y - crop.y, h);
  const histogram = new Float64Array(3 * HISTOGRAM);
  const colour = new Float64Array(6);
  for (let i = 0; i < square.length; i++)
    histogram[(i % 3) * HISTOGRAM + ((square[i]! * HISTOGRAM) >> 8)]! += 1 / (size * size);
  const count = (right - left) * (bottom - top);
  for (let channel = 0; channel < 3; channel++) {
    let [sum, squares] = [0, 0];
    for (let row = top; row < bottom; row++)
      for (let column = left; column < right; column++) {
        const value = square[(row * size + column) * 3 + channel]!;
        sum += value;
        squares += value * value;
      }
    const mean = sum / count;
    colour[channel] = mean;
    colour[3 + channel] = Math.sqrt(Math.max(0, squares / count - mean * mean));
  }
  return { extent: box === null ? [width, height] : [w, h], colour, histogram };
}
