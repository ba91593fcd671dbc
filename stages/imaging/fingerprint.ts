import { type Disc, discOf } from './disc.ts';
import type { Picture } from './picture.ts';

/** Cells of the grid along each side. */
const GRID = 16;

/** How a picture looks from afar: brightness on a grid of 16 × 16, its mean and spread taken out. */
export interface Fingerprint {
  /** 256 numbers of mean 0 and mean square 1; all 0 where the picture has one brightness throughout. */
  readonly grid: Float32Array;
  /** Mean red, green and blue, 0..255: pictures that differ here need no closer look. */
  readonly mean: readonly [number, number, number];
  /** What of the grid is the same however the picture is laid down: 64 numbers, see `shapeOf`. */
  readonly shape: Float32Array;
  /** Its round middle, which can be compared at any angle. */
  readonly disc: Disc;
}

export function fingerprint(picture: Picture): Fingerprint {
  const { width, height, data } = picture;
  const sums = new Float64Array(GRID * GRID);
  const counts = new Float64Array(GRID * GRID);
  const colour: [number, number, number] = [0, 0, 0];
  // From large pictures every second, third … pixel each way is enough: at least 8 × 8 for each cell of the grid.
  const step = Math.max(1, Math.floor(Math.min(width, height) / (8 * GRID)));
  // Where each column of the grid begins among the pixels that are looked at.
  const begins = Int32Array.from({ length: GRID + 1 }, (_, column) => {
    const first = Math.ceil((column * width) / GRID);
    return Math.ceil(first / step) * step;
  });
  let pixels = 0;
  for (let y = 0; y < height; y += step) {
    const row = Math.floor((y * GRID) / height) * GRID;
    for (let column = 0; column < GRID; column++) {
      const [from, to] = [begins[column]!, Math.min(begins[column + 1]!, width)];
      let [red, green, blue, count] = [0, 0, 0, 0];
      for (let at = (y * width + from) * 3, end = (y * width + to) * 3; at < end; at += 3 * step) {
        red += data[at]!;
        green += data[at + 1]!;
        blue += data[at + 2]!;
        count++;
      }
      sums[row + column]! += 0.299 * red + 0.587 * green + 0.114 * blue;
      counts[row + column]! += count;
      colour[0] += red;
      colour[1] += green;
      colour[2] += blue;
      pixels += count;
    }
  }
  const grid = Float32Array.from(sums, (sum, cell) => sum / Math.max(counts[cell]!, 1));
  normalise(grid);
  const mean = [colour[0] / pixels, colour[1] / pixels, colour[2] / pixels] as const;
  return { grid, mean, shape: shapeOf(grid), disc: discOf(picture) };
}

function normalise(grid: Float32Array): void {
  let mean = 0;
  for (const value of grid) mean += value / grid.length;
  let square = 0;
  for (const value of grid) square += ((value - mean) * (value - mean)) / grid.length;
  const spread = Math.sqrt(square);
  for (let cell = 0; cell < grid.length; cell++)
    grid[cell] = spread > 0.5 ? (grid[cell]! - mean) / spread : 0;
}

/** Cells of the grid from the middle outwards: there pictures of single cells differ most. */
const SCAN: readonly number[] = Array.from({ length: GRID * GRID }, (_, cell) => cell).sort(
  (a, b) => fromMiddle(a) - fromMiddle(b) || a - b,
);

function fromMiddle(cell: number): number {
  const [x, y] = [(cell % GRID) - (GRID - 1) / 2, Math.floor(cell / GRID) - (GRID - 1) / 2];
  return x * x + y * y;
}

/** The eight ways to lay a square down; the first as it is. */
const WAYS = [0, 1, 2, 3, 4, 5, 6, 7] as const;

/** Which cell of a square of `side` by `side` then lies where one did. */
function laidDown(cell: number, way: number, side: number): number {
  let [x, y] = [cell % side, Math.floor(cell / side)];
  if (way & 1) x = side - 1 - x;
  if (way & 2) y = side - 1 - y;
  return way & 4 ? x * side + y : y * side + x;
}

/** For each way, which cell lies where the scan's first, second … would. */
const ORIENTATIONS: readonly Int32Array[] = WAYS.map((way) =>
  Int32Array.from(SCAN, (cell) => laidDown(cell, way, GRID)),
);

/** A quarter of the cells: each the mean of four, times two, so that no distance grows. */
const COARSE = GRID / 2;

/** Cells of the coarse grid that mirrorings and quarter turns carry into each other. */
const ORBITS: readonly (readonly number[])[] = Array.from({ length: COARSE * COARSE }, (_, cell) => cell)
  .filter((cell) => cell < (COARSE * COARSE) / 2 && cell % COARSE <= Math.floor(cell / COARSE))
  .map((cell) => [...new Set(WAYS.map((way) => laidDown(cell, way, COARSE)))]);

/**
 * What no orientation changes: the coarse grid, sorted within each orbit. Neither averaging nor sorting carries two
 * grids further apart, so grids whose shapes are far apart are far apart in every orientation.
 */
function shapeOf(grid: Float32Array): Float32Array {
  const coarse = new Float32Array(COARSE * COARSE);
  for (let cell = 0; cell < grid.length; cell++) {
    const [x, y] = [cell % GRID, Math.floor(cell / GRID)];
    coarse[(y >> 1) * COARSE + (x >> 1)]! += grid[cell]! / 2;
  }
  return Float32Array.from(
    ORBITS.flatMap((orbit) => orbit.map((cell) => coarse[cell]!).sort((a, b) => a - b)),
  );
}

/** The summed squared difference of shapes that stands for a distance. */
export const shapeReach = (distance: number): number => distance * 2 * GRID * GRID;

/**
 * How different two pictures look: 1 - correlation of their grids, the least over mirrorings and quarter turns;
 * 0 for the same picture, about 1 for unrelated ones. Stops counting, and returns 1, where it would exceed `limit`.
 */
export function lookDistance(a: Fingerprint, b: Fingerprint, limit: number): number {
  const upright = ORIENTATIONS[0]!;
  let best = 1;
  for (const order of ORIENTATIONS) {
    // 1 - correlation is half the mean squared difference of normalised grids.
    const enough = shapeReach(Math.min(best, limit));
    let sum = 0;
    for (let at = 0; at < order.length && sum <= enough; at++) {
      const difference = a.grid[upright[at]!]! - b.grid[order[at]!]!;
      sum += difference * difference;
    }
    if (sum <= enough) best = sum / (2 * GRID * GRID);
  }
  return best;
}
