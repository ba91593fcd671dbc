import type { Square } from './crop.ts';
import { heap, imageKernels } from './kernels.ts';
import type { Picture } from './picture.ts';
import { type Recipe, UNCHANGED } from './recipe.ts';
import { axisTaps, type Taps } from './taps.ts';

/** Renders a square of a picture; `into` receives size × size × 3 bytes, RGB. */
export type Resampler = (
  picture: Picture,
  square: Square,
  recipe: Recipe | undefined,
  into: Uint8Array,
) => void;

/** What the kernels may read or write beyond the end of what they are given, bytes. */
const BEYOND = 64;

/** Where things lie on the kernels' heap. */
interface Places {
  readonly down: number;
  readonly across: number;
  readonly order: number;
  readonly line: number;
  readonly values: number;
  readonly upright: number;
  readonly result: number;
  readonly data: number;
}

/**
 * Cuts a square out of a picture, turns and mirrors it, changes its values and brings it to size × size, in one go.
 *
 * Quarter turns are exact: each axis is resampled by itself and the result is read in another order. Where a pixel
 * of the result covers several of the source it is their area average, elsewhere bilinear. Other angles take
 * ceil(scale)² bilinear points a pixel. Plain arithmetic in a fixed order, so the bytes are the same on every CPU.
 */
export function resampler(size: number): Resampler {
  const orders = new Map<string, Int32Array>();
  return (picture, square, recipe, into) => {
    const { rotate, flipX, flipY, contrast, brightness } = recipe ?? UNCHANGED;
    const kernels = imageKernels();
    const axes = rotate % 90 === 0 ? axesOf(picture, square, size) : null;
    const window = axes !== null ? covered(axes, size) : around(picture, square);
    const places = layOut(kernels.free(), size, axes, window);
    const memory = heap(kernels, places.data + window.width * window.height * 3 + BEYOND);
    const stride = window.width * 3;
    copyWindow(picture, window, memory, places.data);
    let turned = false;
    if (axes !== null) {
      writeTaps(memory, places.down, axes.down, size);
      writeTaps(memory, places.across, axes.across, size);
      const { line, values } = places;
      kernels.resampleAxes(places.data, stride, stride, places.down, places.across, size, line, values);
      turned = rotate % 360 !== 0 || flipX || flipY;
    } else {
      const radians = (rotate * Math.PI) / 180;
      const points = Math.max(1, Math.ceil(square.side / size));
      kernels.resampleTurned(
        places.data - window.top * stride - window.left * 3,
        stride,
        picture.width,
        picture.height,
        // Centres of pixels lie at halves; -0.5 brings them to array positions.
        square.x + square.side / 2 - 0.5,
        square.y + square.side / 2 - 0.5,
        Math.cos(radians),
        Math.sin(radians),
        square.side / (size * points),
        points,
        flipX ? 1 : 0,
        flipY ? 1 : 0,
        size,
        places.values,
      );
    }
    const offset = 127.5 - 127.5 * contrast + brightness;
    kernels.tone(places.values, size * size * 3, contrast, offset, turned ? places.upright : places.result);
    if (turned) {
      const name = `${rotate} ${flipX} ${flipY}`;
      const order = orders.get(name) ?? readingOrder(size, rotate, flipX, flipY);
      orders.set(name, order);
      memory.set(new Uint8Array(order.buffer), places.order);
      kernels.reorder(places.upright, places.order, size * size, places.result);
    }
    into.set(memory.subarray(places.result, places.result + size * size * 3));
  };
}

interface Window {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

interface Axes {
  readonly across: Taps;
  readonly down: Taps;
}

const axesOf = ({ width, height }: Picture, { x, y, side }: Square, size: number): Axes => ({
  across: axisTaps(x, side, size, width),
  down: axisTaps(y, side, size, height),
});

/** The part of the picture that the taps name. */
function covered({ across, down }: Axes, size: number): Window {
  const [left, top] = [across.first[0]!, down.first[0]!];
  const right = across.first[size - 1]! + across.count[size - 1]!;
  const bottom = down.first[size - 1]! + down.count[size - 1]!;
  return { left, top, width: right - left, height: bottom - top };
}

/** The part of the picture that the square can meet however it is turned, and a pixel more to each side. */
function around({ width, height }: Picture, { x, y, side }: Square): Window {
  const reach = 0.7072 * side + 2;
  const [cx, cy] = [x + side / 2, y + side / 2];
  const left = Math.min(Math.max(Math.floor(cx - reach), 0), width - 1);
  const top = Math.min(Math.max(Math.floor(cy - reach), 0), height - 1);
  return {
    left,
    top,
    width: Math.min(Math.ceil(cx + reach), width) - left,
    height: Math.min(Math.ceil(cy + reach), height) - top,
  };
}

/** @param axes null for a turned square, which has no taps. */
function layOut(free: number, size: number, axes: Axes | null, window: Window): Places {
  let next = free;
  const take = (bytes: number): number => {
    const at = next;
    next += Math.ceil((bytes + BEYOND) / 16) * 16;
    return at;
  };
  const taps = (of: Taps | undefined): number => take(of === undefined ? 0 : size * (12 + of.width * 4));
  const squareBytes = size * size * 3;
  return {
    down: taps(axes?.down),
    across: taps(axes?.across),
    order: take(size * size * 4),
    line: take(window.width * 12),
    values: take(squareBytes * 4),
    upright: take(squareBytes),
    result: take(squareBytes),
    data: take(0),
  };
}

/** Three numbers a result pixel, as the kernel wants them, and then the weights. */
function writeTaps(memory: Uint8Array, place: number, taps: Taps, size: number): void {
  const words = new Int32Array(memory.buffer, place, size * (3 + taps.width));
  for (let i = 0; i < size; i++) {
    words[3 * i] = taps.first[i]!;
    words[3 * i + 1] = taps.count[i]!;
    words[3 * i + 2] = place + (3 * size + i * taps.width) * 4;
  }
  words.set(taps.weights, 3 * size);
}

function copyWindow(
  picture: Picture,
  { left, top, width, height }: Window,
  to: Uint8Array,
  at: number,
): void {
  const stride = picture.width * 3;
  if (width === picture.width) {
    to.set(picture.data.subarray(top * stride, (top + height) * stride), at);
    return;
  }
  for (let row = 0; row < height; row++) {
    const from = (top + row) * stride + left * 3;
    to.set(picture.data.subarray(from, from + width * 3), at + row * width * 3);
  }
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
