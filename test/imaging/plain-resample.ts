import type { Square } from '../../stages/imaging/crop.ts';
import type { Picture } from '../../stages/imaging/picture.ts';
import { UNCHANGED } from '../../stages/imaging/recipe.ts';
import type { Resampler } from '../../stages/imaging/resample.ts';
import { axisTaps } from '../../stages/imaging/taps.ts';

/** What resample.ts does, in plain JavaScript: what its kernels are held against, byte for byte. */
export function plainResampler(size: number): Resampler {
  const values = new Float32Array(size * size * 3); // used again for each square
  const orders = new Map<string, Int32Array>();
  return (picture, square, recipe, into) => {
    const { rotate, flipX, flipY, contrast, brightness } = recipe ?? UNCHANGED;
    let order: Int32Array | undefined;
    if (rotate % 90 === 0) {
      resampleAxes(picture, square, size, values);
      if (rotate % 360 !== 0 || flipX || flipY) {
        const name = `${rotate} ${flipX} ${flipY}`;
        order = orders.get(name) ?? readingOrder(size, rotate, flipX, flipY);
        orders.set(name, order);
      }
    } else {
      resampleTurned(picture, square, size, rotate, { flipX, flipY }, values);
    }
    const offset = 127.5 - 127.5 * contrast + brightness;
    for (let pixel = 0, to = 0; pixel < size * size; pixel++) {
      let from = order === undefined ? to : order[pixel]! * 3;
      for (const end = from + 3; from < end; from++, to++) {
        const value = values[from]! * contrast + offset;
        into[to] = value <= 0 ? 0 : value >= 255 ? 255 : (value + 0.5) | 0;
      }
    }
  };
}

/** For each pixel of the result, which pixel of the upright square it shows. */
function readingOrder(size: number, rotate: number, flipX: boolean, flipY: boolean): Int32Array {
  const order = new Int32Array(size * size);
  const quarter = (((rotate / 90) % 4) + 4) % 4;
  const last = size - 1;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      let x = flipX ? last - column : column;
      let y = flipY ? last - row : row;
      // A turn by 90° clockwise brings the left column, read from bottom to top, to the top row.
      for (let turn = 0; turn < quarter; turn++) [x, y] = [y, last - x];
      order[row * size + column] = y * size + x;
    }
  }
  return order;
}

/** What 8.8 fixed point times a weight is brought back by; a power of two, so nothing is rounded. */
const FIXED = 1 / ((1 << 14) * 256);

/** First down the columns, into 8.8 fixed point, then along the rows. */
function resampleAxes(picture: Picture, square: Square, size: number, values: Float32Array): void {
  const { width, height, data } = picture;
  const across = axisTaps(square.x, square.side, size, width);
  const down = axisTaps(square.y, square.side, size, height);
  const left = across.first[0]! * 3;
  const right = (across.first[size - 1]! + across.count[size - 1]!) * 3;
  const line = new Int32Array(right - left);
  const stride = width * 3;
  for (let row = 0, to = 0; row < size; row++) {
    sumRows(
      data,
      down.first[row]! * stride + left,
      stride,
      down.weights,
      row * down.width,
      down.count[row]!,
      line,
    );
    for (let i = 0; i < size; i++, to += 3) {
      let from = across.first[i]! * 3 - left;
      let weight = i * across.width;
      const end = weight + across.count[i]!;
      let red = 0;
      let green = 0;
      let blue = 0;
      for (; weight < end; weight++, from += 3) {
        const w = across.weights[weight]!;
        red = (red + Math.imul(w, line[from]!)) | 0;
        green = (green + Math.imul(w, line[from + 1]!)) | 0;
        blue = (blue + Math.imul(w, line[from + 2]!)) | 0;
      }
      values[to] = red * FIXED;
      values[to + 1] = green * FIXED;
      values[to + 2] = blue * FIXED;
    }
  }
}

/** The weighted sum of some rows, times 256; up to four rows in one pass, for that is where the time goes. */
function sumRows(
  data: Uint8Array,
  from: number,
  stride: number,
  weights: Int32Array,
  weight: number,
  count: number,
  line: Int32Array,
): void {
  for (let tap = 0; tap < count; tap += 4) {
    const a = from + tap * stride;
    // A row beyond the last has weight 0 and stands for itself by the first of the four.
    const b = tap + 1 < count ? a + stride : a;
    const c = tap + 2 < count ? b + stride : a;
    const d = tap + 3 < count ? c + stride : a;
    const wa = weights[weight + tap]!;
    const wb = tap + 1 < count ? weights[weight + tap + 1]! : 0;
    const wc = tap + 2 < count ? weights[weight + tap + 2]! : 0;
    const wd = tap + 3 < count ? weights[weight + tap + 3]! : 0;
    const last = tap + 4 >= count;
    for (let x = 0; x < line.length; x++) {
      const sum =
        (tap === 0 ? 32 : line[x]!) +
        Math.imul(wa, data[a + x]!) +
        Math.imul(wb, data[b + x]!) +
        Math.imul(wc, data[c + x]!) +
        Math.imul(wd, data[d + x]!);
      line[x] = last ? sum >> 6 : sum; // 14 bits of weight leave 8 behind the point
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
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let sub = 0; sub < points * points; sub++) {
        const right = (column * points + (sub % points) - middle) * step;
        const below = (row * points + Math.floor(sub / points) - middle) * step;
        const u = flip.flipX ? -right : right;
        const v = flip.flipY ? -below : below;
        const x = Math.min(Math.max(cx + cos * u + sin * v, 0), width - 1);
        const y = Math.min(Math.max(cy - sin * u + cos * v, 0), height - 1);
        const left = Math.floor(x);
        const top = Math.floor(y);
        const fx = x - left;
        const fy = y - top;
        const a = (top * width + left) * 3;
        const b = left + 1 < width ? a + 3 : a;
        const down = top + 1 < height ? width * 3 : 0;
        const wa = (1 - fx) * (1 - fy);
        const wb = fx * (1 - fy);
        const wc = (1 - fx) * fy;
        const wd = fx * fy;
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
