import type { Square } from './crop.ts';
import type { Picture } from './picture.ts';
import { type Recipe, UNCHANGED } from './recipe.ts';

/**
 * Cuts a square out of a picture, turns and mirrors it, changes its values and brings it to size × size, in one go.
 *
 * Quarter turns are exact: each axis is resampled by itself and the result is read in another order. Where a pixel
 * of the result covers several of the source it is their area average, elsewhere bilinear. Other angles take
 * ceil(scale)² bilinear points a pixel. Plain arithmetic in a fixed order, so the bytes are the same on every CPU.
 *
 * @param into receives size × size × 3 bytes, RGB.
 */
export function resample(
  picture: Picture,
  square: Square,
  size: number,
  recipe: Recipe | undefined,
  into: Uint8Array,
): void {
  const { rotate, flipX, flipY, contrast, brightness } = recipe ?? UNCHANGED;
  const values = new Float32Array(size * size * 3);
  if (rotate % 90 === 0) resampleAxes(picture, square, size, values);
  else resampleTurned(picture, square, size, rotate, { flipX, flipY }, values);

  const offset = 127.5 - 127.5 * contrast + brightness;
  const order = rotate % 90 === 0 ? readingOrder(size, rotate, flipX, flipY) : null;
  const plain = order === null || (rotate % 360 === 0 && !flipX && !flipY);
  for (let pixel = 0, to = 0; pixel < size * size; pixel++) {
    let from = plain ? to : order![pixel]! * 3;
    for (const end = from + 3; from < end; from++, to++) {
      const value = values[from]! * contrast + offset;
      into[to] = value <= 0 ? 0 : value >= 255 ? 255 : (value + 0.5) | 0;
    }
  }
}

/** For each pixel of the result, which pixel of the upright square it shows. */
function readingOrder(size: number, rotate: number, flipX: boolean, flipY: boolean): Int32Array {
  const order = new Int32Array(size * size);
  const quarter = (((rotate / 90) % 4) + 4) % 4;
  const last = size - 1;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const x = flipX ? last - column : column;
      const y = flipY ? last - row : row;
      // A turn by 90° clockwise takes the left column, from bottom to top, to the top row.
      const from =
        quarter === 0
          ? [x, y]
          : quarter === 1
            ? [y, last - x]
            : quarter === 2
              ? [last - x, last - y]
              : [last - y, x];
      order[row * size + column] = from[1]! * size + from[0]!;
    }
  }
  return order;
}

/** Which source pixels make up each result pixel along one axis, and how much of each. */
interface Taps {
  readonly first: Int32Array;
  readonly count: Int32Array;
  /** `width` weights a result pixel, summing to 1. */
  readonly weights: Float32Array;
  readonly width: number;
}

/** @param limit pixels of the source along this axis. */
export function axisTaps(start: number, side: number, size: number, limit: number): Taps {
  const scale = side / size;
  const width = scale > 1 ? Math.ceil(scale) + 1 : 2;
  const first = new Int32Array(size);
  const count = new Int32Array(size);
  const weights = new Float32Array(size * width);
  for (let i = 0; i < size; i++) {
    if (scale > 1) {
      const [from, to] = [start + i * scale, Math.min(start + (i + 1) * scale, limit)];
      const begin = Math.floor(from);
      let total = 0;
      let taps = 0;
      for (let pixel = begin; pixel < to && taps < width; pixel++, taps++) {
        const covered = Math.min(pixel + 1, to) - Math.max(pixel, from);
        weights[i * width + taps] = covered;
        total += covered;
      }
      for (let tap = 0; tap < taps; tap++) weights[i * width + tap]! /= total;
      first[i] = begin;
      count[i] = taps;
    } else {
      const centre = Math.min(Math.max(start + (i + 0.5) * scale - 0.5, 0), limit - 1);
      const begin = Math.min(Math.floor(centre), Math.max(limit - 2, 0));
      weights[i * width] = 1 - (centre - begin);
      weights[i * width + 1] = centre - begin;
      first[i] = begin;
      count[i] = limit > 1 ? 2 : 1;
    }
  }
  return { first, count, weights, width };
}

function resampleAxes(picture: Picture, square: Square, size: number, values: Float32Array): void {
  const { width, height, data } = picture;
  const across = axisTaps(square.x, square.side, size, width);
  const down = axisTaps(square.y, square.side, size, height);
  const stride = size * 3;
  const firstRow = down.first[0]!;
  const endRow = down.first[size - 1]! + down.count[size - 1]!;
  // First along the rows: (endRow - firstRow) × size × 3, then along the columns.
  const narrowed = new Float32Array((endRow - firstRow) * stride);
  for (let y = firstRow; y < endRow; y++) {
    const row = y * width;
    let to = (y - firstRow) * stride;
    for (let i = 0; i < size; i++) {
      let from = (row + across.first[i]!) * 3;
      let weight = i * across.width;
      const end = weight + across.count[i]!;
      let [red, green, blue] = [0, 0, 0];
      for (; weight < end; weight++, from += 3) {
        const w = across.weights[weight]!;
        red += w * data[from]!;
        green += w * data[from + 1]!;
        blue += w * data[from + 2]!;
      }
      narrowed[to] = red;
      narrowed[to + 1] = green;
      narrowed[to + 2] = blue;
      to += 3;
    }
  }
  for (let i = 0; i < size; i++) {
    const to = i * stride;
    for (let tap = 0; tap < down.count[i]!; tap++) {
      const w = down.weights[i * down.width + tap]!;
      const from = (down.first[i]! + tap - firstRow) * stride;
      for (let x = 0; x < stride; x++) values[to + x] = values[to + x]! + w * narrowed[from + x]!;
    }
  }
}

function resampleTurned(
  picture: Picture,
  square: Square,
  size: number,
  degrees: number,
  flip: { flipX: boolean; flipY: boolean },
  values: Float32Array,
): void {
  const { width, height, data } = picture;
  const radians = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(radians), Math.sin(radians)];
  const points = Math.max(1, Math.ceil(square.side / size));
  const step = square.side / (size * points);
  // Centres of pixels lie at halves; -0.5 brings them to array positions.
  const [cx, cy] = [square.x + square.side / 2 - 0.5, square.y + square.side / 2 - 0.5];
  const share = 1 / (points * points);
  const middle = (size * points) / 2 - 0.5;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      let [red, green, blue] = [0, 0, 0];
      for (let sub = 0; sub < points * points; sub++) {
        const right = (column * points + (sub % points) - middle) * step;
        const below = (row * points + Math.floor(sub / points) - middle) * step;
        const u = flip.flipX ? -right : right;
        const v = flip.flipY ? -below : below;
        const x = Math.min(Math.max(cx + cos * u + sin * v, 0), width - 1);
        const y = Math.min(Math.max(cy - sin * u + cos * v, 0), height - 1);
        const [left, top] = [Math.floor(x), Math.floor(y)];
        const [fx, fy] = [x - left, y - top];
        const a = (top * width + left) * 3;
        const b = left + 1 < width ? a + 3 : a;
        const down = top + 1 < height ? width * 3 : 0;
        const [wa, wb] = [(1 - fx) * (1 - fy), fx * (1 - fy)];
        const [wc, wd] = [(1 - fx) * fy, fx * fy];
        red += wa * data[a]! + wb * data[b]! + wc * data[a + down]! + wd * data[b + down]!;
        green += wa * data[a + 1]! + wb * data[b + 1]! + wc * data[a + down + 1]! + wd * data[b + down + 1]!;
        blue += wa * data[a + 2]! + wb * data[b + 2]! + wc * data[a + down + 2]! + wd * data[b + down + 2]!;
      }
      const to = (row * size + column) * 3;
      values[to] = red * share;
      values[to + 1] = green * share;
      values[to + 2] = blue * share;
    }
  }
}
