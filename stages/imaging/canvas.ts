import type { Picture } from './picture.ts';
import type { Random } from './random.ts';

export type Colour = readonly [red: number, green: number, blue: number];

/** How much of a pixel a shape covers: 0..1 for a point relative to the shape's middle. */
export type Shape = (x: number, y: number) => number;

/** A picture being drawn, in floating point so that many thin layers add up. */
export class Canvas {
  readonly width: number;
  readonly height: number;
  readonly #data: Float32Array;

  constructor(width: number, height: number, background: Colour) {
    this.width = width;
    this.height = height;
    this.#data = new Float32Array(width * height * 3);
    for (let at = 0; at < this.#data.length; at++) this.#data[at] = background[at % 3]!;
  }

  /** Lays a colour over what is there, within `reach` pixels of (cx, cy). */
  paint(cx: number, cy: number, reach: number, colour: (x: number, y: number) => Colour, shape: Shape): void {
    const [left, right] = [Math.max(0, Math.floor(cx - reach)), Math.min(this.width, Math.ceil(cx + reach))];
    const [top, bottom] = [Math.max(0, Math.floor(cy - reach)), Math.min(this.height, Math.ceil(cy + reach))];
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) {
        const [u, v] = [x + 0.5 - cx, y + 0.5 - cy];
        const cover = shape(u, v);
        if (cover <= 0) continue;
        const ink = colour(u, v);
        const at = (y * this.width + x) * 3;
        for (let c = 0; c < 3; c++) this.#data[at + c] = this.#data[at + c]! * (1 - cover) + ink[c]! * cover;
      }
    }
  }

  /** Uneven light: so much brighter at the right and at the bottom than in the middle, in steps of 0..255. */
  light([right, bottom]: readonly [number, number]): void {
    for (let y = 0, at = 0; y < this.height; y++)
      for (let x = 0; x < this.width; x++) {
        const more = right * ((2 * x) / this.width - 1) + bottom * ((2 * y) / this.height - 1);
        for (let c = 0; c < 3; c++, at++) this.#data[at]! += more;
      }
  }

  brighten(steps: number): void {
    for (let at = 0; at < this.#data.length; at++) this.#data[at]! += steps;
  }

  /** Grain of about this standard deviation: the sum of two even draws, which is quick and near enough to normal. */
  noise(draw: Random, deviation: number): void {
    const reach = deviation * 1.2247; // a sum of two draws from -1..1 has variance 2/3
    for (let at = 0; at < this.#data.length; at++)
      this.#data[at]! += reach * (draw.uniform(-1, 1) + draw.uniform(-1, 1));
  }

  picture(): Picture {
    // A clamped array rounds and holds the ends by itself.
    const { buffer } = new Uint8ClampedArray(this.#data);
    const data = new Uint8Array(buffer);
    return { width: this.width, height: this.height, data };
  }
}
