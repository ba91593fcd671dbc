import type { Picture } from './picture.ts';

const RINGS = 8;
const ANGLES = 64;
/** Points along each side of a ring's sector that its brightness is the mean of. */
const POINTS = 3;
/** Waves around a ring whose strength is kept: 0 is the ring's mean. */
const WAVES = 5;

/** The round middle of a picture, as it can be compared however the picture is turned. */
export interface Disc {
  /** Brightness by ring and angle, weighted by area; mean of squares 1, all 0 where it has one brightness throughout. */
  readonly sectors: Float32Array;
  /** Mean red, green and blue, 0..255. */
  readonly mean: readonly [number, number, number];
  /** The first waves around each ring: Fourier coefficients as pairs of numbers, wave by wave, see `wavesOf`. */
  readonly waves: Float32Array;
  /** Their strengths, which no turn and no mirroring changes. */
  readonly strengths: Float32Array;
}

const turn = (2 * Math.PI) / (ANGLES * POINTS);
const COS = Float64Array.from({ length: ANGLES * POINTS }, (_, i) => Math.cos((i + 0.5) * turn));
const SIN = Float64Array.from({ length: ANGLES * POINTS }, (_, i) => Math.sin((i + 0.5) * turn));
const WAVE_COS = Float64Array.from({ length: ANGLES }, (_, i) => Math.cos((2 * Math.PI * i) / ANGLES));
const WAVE_SIN = Float64Array.from({ length: ANGLES }, (_, i) => Math.sin((2 * Math.PI * i) / ANGLES));

/** The places of the points, ring by ring and sector by sector, in pictures of one size; most sets have one size. */
function pointsIn(width: number, height: number): Int32Array {
  if (width === known.width && height === known.height) return known.points;
  const points = new Int32Array(RINGS * ANGLES * POINTS * POINTS);
  const radius = Math.min(width, height) / 2;
  for (let sector = 0, to = 0; sector < RINGS * ANGLES; sector++) {
    for (let point = 0; point < POINTS * POINTS; point++, to++) {
      const out = Math.floor(sector / ANGLES) * POINTS + Math.floor(point / POINTS);
      const angle = (sector % ANGLES) * POINTS + (point % POINTS);
      const reach = (radius * (out + 0.5)) / (RINGS * POINTS);
      const x = Math.floor(width / 2 + reach * COS[angle]!);
      const y = Math.floor(height / 2 + reach * SIN[angle]!);
      points[to] = (y * width + x) * 3;
    }
  }
  known = { width, height, points };
  return points;
}
let known = { width: 0, height: 0, points: new Int32Array(0) };

/** The largest disc in the middle of a picture. */
export function discOf({ width, height, data }: Picture): Disc {
  const points = pointsIn(width, height);
  const sectors = new Float32Array(RINGS * ANGLES);
  const mean: [number, number, number] = [0, 0, 0];
  for (let ring = 0, next = 0; ring < RINGS; ring++) {
    let [red, green, blue] = [0, 0, 0];
    for (let i = 0; i < ANGLES; i++) {
      let [r, g, b] = [0, 0, 0];
      for (const end = next + POINTS * POINTS; next < end; next++) {
        const at = points[next]!;
        r += data[at]!;
        g += data[at + 1]!;
        b += data[at + 2]!;
      }
      sectors[ring * ANGLES + i] = (0.299 * r + 0.587 * g + 0.114 * b) / (POINTS * POINTS);
      red += r;
      green += g;
      blue += b;
    }
    // As much of the disc's area as the ring has.
    const share = (2 * ring + 1) / (RINGS * RINGS * ANGLES * POINTS * POINTS);
    mean[0] += red * share;
    mean[1] += green * share;
    mean[2] += blue * share;
  }
  normalise(sectors);
  const waves = wavesOf(sectors);
  return { sectors, mean, waves, strengths: strengthsOf(waves) };
}

/** What each sector counts for: a ring's area, summing to 1 over all. */
const WEIGHT = Float64Array.from(
  { length: RINGS * ANGLES },
  (_, i) => (2 * Math.floor(i / ANGLES) + 1) / (RINGS * RINGS * ANGLES),
);
const ROOT = WEIGHT.map((weight) => Math.sqrt(weight * RINGS * ANGLES));

/** Takes mean and spread out, each ring with the weight of its area. */
function normalise(sectors: Float32Array): void {
  let mean = 0;
  for (let i = 0; i < sectors.length; i++) mean += sectors[i]! * WEIGHT[i]!;
  let square = 0;
  for (let i = 0; i < sectors.length; i++) square += (sectors[i]! - mean) * (sectors[i]! - mean) * WEIGHT[i]!;
  const spread = Math.sqrt(square);
  for (let i = 0; i < sectors.length; i++)
    sectors[i] = spread > 0.5 ? ((sectors[i]! - mean) / spread) * ROOT[i]! : 0;
}

/** Scaled so that the squares of all waves there are would sum to those of the sectors. */
function wavesOf(sectors: Float32Array): Float32Array {
  const waves = new Float32Array(WAVES * RINGS * 2);
  for (let wave = 0, to = 0; wave < WAVES; wave++) {
    // Every wave but the first stands also for its mirror image among the coefficients.
    const scale = Math.sqrt((wave === 0 ? 1 : 2) / ANGLES);
    for (let ring = 0; ring < RINGS; ring++, to += 2) {
      let real = 0;
      let imaginary = 0;
      for (let i = 0; i < ANGLES; i++) {
        const at = (i * wave) & (ANGLES - 1); // ANGLES is a power of two
        real += sectors[ring * ANGLES + i]! * WAVE_COS[at]!;
        imaginary += sectors[ring * ANGLES + i]! * WAVE_SIN[at]!;
      }
      waves[to] = real * scale;
      waves[to + 1] = imaginary * scale;
    }
  }
  return waves;
}

/** The length of each wave; wave 0, the mean of a ring, keeps its sign. */
function strengthsOf(waves: Float32Array): Float32Array {
  return Float32Array.from({ length: WAVES * RINGS }, (_, i) =>
    i < RINGS
      ? waves[2 * i]!
      : Math.sqrt(waves[2 * i]! * waves[2 * i]! + waves[2 * i + 1]! * waves[2 * i + 1]!),
  );
}

/** What the first waves say of two discs; made once, used for one pair after another. */
const compared = {
  /** Sum of the squares of both. */
  squares: 0,
  /** What wave by wave the two have in common: complex numbers, as `b` is and as its mirror image is. */
  upright: new Float64Array(WAVES * 2),
  mirrored: new Float64Array(WAVES * 2),
};

function compareWaves(a: Disc, b: Disc): void {
  compared.squares = 0;
  for (let wave = 0, at = 0; wave < WAVES; wave++) {
    let squares = 0;
    let [re, im, mirroredRe, mirroredIm] = [0, 0, 0, 0];
    for (const end = at + RINGS * 2; at < end; at += 2) {
      const [x, y, u, v] = [a.waves[at]!, a.waves[at + 1]!, b.waves[at]!, b.waves[at + 1]!];
      squares += x * x + y * y + u * u + v * v;
      re += x * u + y * v;
      im += y * u - x * v;
      mirroredRe += x * u - y * v;
      mirroredIm += y * u + x * v;
    }
    compared.squares += squares;
    compared.upright[2 * wave] = re;
    compared.upright[2 * wave + 1] = im;
    compared.mirrored[2 * wave] = mirroredRe;
    compared.mirrored[2 * wave + 1] = -mirroredIm;
  }
}

/**
 * The least that the summed squared difference can be: a turn shifts a wave by one angle in all rings, so each wave is
 * turned to where it fits best, whatever the others need. The means of the rings cannot be turned.
 */
function leastDifference(common: Float64Array): number {
  let fit = common[0]!;
  for (let at = 2; at < common.length; at += 2)
    fit += Math.sqrt(common[at]! * common[at]! + common[at + 1]! * common[at + 1]!);
  return compared.squares - 2 * fit;
}

/** The same at one turn: no sum over the sectors is smaller. */
function leastAtTurn(common: Float64Array, by: number): number {
  let fit = common[0]!;
  for (let wave = 1; wave < WAVES; wave++) {
    const angle = (by * wave) & (ANGLES - 1);
    fit += common[2 * wave]! * WAVE_COS[angle]! - common[2 * wave + 1]! * WAVE_SIN[angle]!;
  }
  return compared.squares - 2 * fit;
}

/** How far waves of single precision may be from what they stand for, in summed squared difference. */
const ROUNDING = 0.01;

/**
 * How different two discs look: 1 - correlation, the least over all turns and mirrorings; 0 for the same, about 1 for
 * unrelated ones. Stops counting, and returns 1, where it would exceed `limit`.
 */
export function discDistance(a: Disc, b: Disc, limit: number): number {
  compareWaves(a, b);
  let best = 1;
  let enough = discReach(Math.min(best, limit));
  for (const direction of [1, -1]) {
    const common = direction === 1 ? compared.upright : compared.mirrored;
    if (leastDifference(common) > enough + ROUNDING) continue;
    for (let by = 0; by < ANGLES; by++) {
      if (leastAtTurn(common, by) > enough + ROUNDING) continue;
      let sum = 0;
      // From the third ring on, where sectors differ most; the inner ones last.
      for (let step = 0; step < RINGS && sum <= enough; step++) {
        const ring = ((step + 2) % RINGS) * ANGLES;
        for (let i = 0, j = by; i < ANGLES; i++, j = (j + direction + ANGLES) % ANGLES) {
          const difference = a.sectors[ring + i]! - b.sectors[ring + j]!;
          sum += difference * difference;
        }
      }
      if (sum > enough) continue;
      // 1 - correlation is half the mean squared difference of normalised sectors.
      best = sum / (2 * RINGS * ANGLES);
      enough = discReach(Math.min(best, limit));
    }
  }
  return best;
}

/** The summed squared difference of sectors that stands for a distance. */
export const discReach = (distance: number): number => distance * 2 * RINGS * ANGLES;
