import { cropSquare } from './crop.ts';
import type { Picture } from './picture.ts';
import { resampler } from './resample.ts';

/** Side of the squares that are compared, and of what they are turned from, pixels. */
const SIZE = 64;
const SOURCE = 96;
/** Turns that are tried first, and what is tried about the best of them, degrees. */
const COARSE = 5.625;
const FINE = [-2.8, -1.4, 1.4, 2.8];

const shrink = resampler(SOURCE);
const turn = resampler(SIZE);

/** Places on the square that a turn never leaves. */
const DISC = Array.from({ length: SIZE * SIZE }, (_, i) => i).filter((i) => {
  const [x, y] = [(i % SIZE) + 0.5 - SIZE / 2, Math.floor(i / SIZE) + 0.5 - SIZE / 2];
  return x * x + y * y < (SIZE / 2 - 1) * (SIZE / 2 - 1);
});

/**
 * How well the pixels of two pictures' round middles agree, at the turn and mirroring where they do so best: the
 * correlation of brightness at 64 × 64, 1 for the same. What two fingerprints say in 512 numbers is checked by this.
 */
export function pixelCorrelation(a: Picture, b: Picture): number {
  const upright = brightness(small(a), 0, false);
  const other = small(b);
  let best = { correlation: -1, rotate: 0, flipX: false };
  const attempt = (rotate: number, flipX: boolean): void => {
    const correlation = correlate(upright, brightness(other, rotate, flipX));
    if (correlation > best.correlation) best = { correlation, rotate, flipX };
  };
  for (const flipX of [false, true]) for (let k = 0; k < 64; k++) attempt(k * COARSE, flipX);
  const { rotate, flipX } = best;
  for (const more of FINE) attempt(rotate + more, flipX);
  return best.correlation;
}

/** The largest square in the middle, small enough to be turned often. */
function small(picture: Picture): Picture {
  const data = new Uint8Array(SOURCE * SOURCE * 3);
  shrink(picture, cropSquare(null, picture.width, picture.height), undefined, data);
  return { width: SOURCE, height: SOURCE, data };
}

const pixels = new Uint8Array(SIZE * SIZE * 3);

function brightness(picture: Picture, rotate: number, flipX: boolean): Float32Array {
  const recipe = { rotate, flipX, flipY: false, contrast: 1, brightness: 0 };
  turn(picture, { x: 0, y: 0, side: SOURCE }, recipe, pixels);
  return Float32Array.from(
    DISC,
    (i) => 0.299 * pixels[3 * i]! + 0.587 * pixels[3 * i + 1]! + 0.114 * pixels[3 * i + 2]!,
  );
}

/** 1 where both are flat, 0 where one is. */
function correlate(a: Float32Array, b: Float32Array): number {
  const mean = (values: Float32Array): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [both, squareA, squareB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i]! - meanA, b[i]! - meanB];
    both += x * y;
    squareA += x * x;
    squareB += y * y;
  }
  if (squareA === 0 && squareB === 0) return 1;
  return squareA === 0 || squareB === 0 ? 0 : both / Math.sqrt(squareA * squareB);
}
