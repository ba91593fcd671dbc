import { random } from '../imaging/random.ts';

/**
 * How far an image lies from what a model was trained on: the distance to its nearest neighbours among features of
 * training cells, all brought to length 1 (Sun et al. 2022, arXiv:2204.06507). 0..2.
 */
export interface Reference {
  /** Numbers in a row. */
  readonly width: number;
  /** Rows × width, each row of length 1. */
  readonly rows: Float32Array;
}

/** Most training cells that are kept for it: enough to cover the classes, small enough to travel with a model. */
const REFERENCE_ROWS = 600;
/** Which neighbour's distance counts: the first would take one odd training cell for a crowd. */
const NEIGHBOUR = 5;

/** Rows of training originals to take features of: as many of each class as there are, up to an equal share. */
export function referenceRows(labels: readonly number[], classes: number): number[] {
  const each = Math.max(1, Math.floor(REFERENCE_ROWS / Math.max(1, classes)));
  const chosen: number[] = [];
  for (let label = 0; label < classes; label++) {
    const own = labels.flatMap((of, i) => (of === label ? [i] : []));
    chosen.push(...random(0, `reference:${label}`).shuffle(own).slice(0, each));
  }
  return chosen.sort((a, b) => a - b);
}

/** @param features rows × width. */
export function newReference(features: Float32Array, rows: number): Reference {
  const width = rows === 0 ? 0 : features.length / rows;
  const scaled = new Float32Array(features.length);
  for (let row = 0; row < rows; row++) unit(features, row * width, width, scaled);
  return { width, rows: scaled };
}

/** Distance of each of the rows of features. */
export function distances({ width, rows }: Reference, features: Float32Array): Float64Array {
  const count = width === 0 ? 0 : features.length / width;
  const found = new Float64Array(count);
  const own = new Float32Array(width);
  for (let i = 0; i < count; i++) {
    unit(features.subarray(i * width, (i + 1) * width), 0, width, own);
    const nearest = new Float64Array(NEIGHBOUR).fill(Number.POSITIVE_INFINITY); // ascending
    for (let at = 0; at < rows.length; at += width) {
      let dot = 0;
      for (let j = 0; j < width; j++) dot += own[j]! * rows[at + j]!;
      const squared = Math.max(0, 2 - 2 * dot);
      for (let place = NEIGHBOUR - 1; place >= 0 && squared < nearest[place]!; place--) {
        if (place < NEIGHBOUR - 1) nearest[place + 1] = nearest[place]!;
        nearest[place] = squared;
      }
    }
    const last = nearest.findLast((value) => value < Number.POSITIVE_INFINITY) ?? 0;
    found[i] = Math.sqrt(last);
  }
  return found;
}

function unit(from: Float32Array, at: number, width: number, into: Float32Array): void {
  let squares = 0;
  for (let j = 0; j < width; j++) squares += from[at + j]! * from[at + j]!;
  const scale = squares === 0 ? 0 : 1 / Math.sqrt(squares);
  for (let j = 0; j < width; j++) into[at + j] = from[at + j]! * scale;
}
