/** Weights are whole numbers that sum to this, so that sums fit 32-bit integers and come out the same everywhere. */
const ONE = 1 << 14;

/** Which source pixels make up each result pixel along one axis, and how much of each. */
export interface Taps {
  readonly first: Int32Array;
  readonly count: Int32Array;
  /** `width` weights a result pixel, summing to 2^14. */
  readonly weights: Int32Array;
  readonly width: number;
}

/** @param limit pixels of the source along this axis. */
export function axisTaps(start: number, side: number, size: number, limit: number): Taps {
  const scale = side / size;
  const width = scale > 1 ? Math.ceil(scale) + 1 : 2;
  const first = new Int32Array(size);
  const count = new Int32Array(size);
  const weights = new Int32Array(size * width);
  for (let i = 0; i < size; i++) {
    const parts: number[] = [];
    if (scale > 1) {
      const [from, to] = [start + i * scale, Math.min(start + (i + 1) * scale, limit)];
      first[i] = Math.min(Math.floor(from), limit - 1);
      for (let pixel = first[i]!; pixel < to && parts.length < width; pixel++)
        parts.push((Math.min(pixel + 1, to) - Math.max(pixel, from)) / (to - from));
    } else {
      const centre = Math.min(Math.max(start + (i + 0.5) * scale - 0.5, 0), limit - 1);
      first[i] = Math.min(Math.floor(centre), Math.max(limit - 2, 0));
      parts.push(1 - (centre - first[i]!));
      if (limit > 1) parts.push(centre - first[i]!);
    }
    count[i] = parts.length;
    let rest = ONE;
    let largest = 0;
    for (const [tap, part] of parts.entries()) {
      weights[i * width + tap] = Math.round(part * ONE);
      rest -= Math.round(part * ONE);
      if (part > parts[largest]!) largest = tap;
    }
    weights[i * width + largest]! += rest;
  }
  return { first, count, weights, width };
}
