// Resamples cells: AssemblyScript with SIMD, in whole numbers wherever sums are long, so that the bytes are the same on every
// machine. `npm run kernels` compiles this file into binary.ts.

/** Where the heap is free. */
export function free(): usize { return (__heap_base + 15) & ~15; }

/** Weights of one axis: for each result pixel, 4 bytes each, its first source pixel, how many, and where their weights lie. */
@inline function first(taps: usize, i: i32): i32 { return load<i32>(taps + i * 12); }
@inline function taken(taps: usize, i: i32): i32 { return load<i32>(taps + i * 12 + 4); }
@inline function weights(taps: usize, i: i32): usize { return load<u32>(taps + i * 12 + 8); }

/**
 * Resamples a rectangle each axis by itself to size × size float values: first down the columns into 8.8 fixed point,
 * then along the rows, by weights that sum to 2^14. `data`, rows `stride` bytes apart, starts at the first source pixel
 * of both axes; `span` bytes of each row are wanted. Up to 31 bytes are read beyond them, and written beyond `line`.
 */
export function resampleAxes(data: usize, stride: usize, span: i32, down: usize, across: usize, size: i32, line: usize, values: usize): void {
  const top = first(down, 0), left = first(across, 0);
  const half = i32x4.splat(32), nothing = i64x2.splat(0), fixed = f32x4.splat(<f32>(1.0 / 4194304.0));
  for (let row = 0; row < size; row++) {
    const start = data + (first(down, row) - top) * stride, count = taken(down, row), weight = weights(down, row);
    for (let x = 0; x < span; x += 16) {
      let a = half, b = half, c = half, d = half;
      let from = start + x;
      for (let tap = 0; tap < count; tap += 2) {
        const alone = tap + 1 == count;
        const one = v128.load(from), two = alone ? nothing : v128.load(from + stride);
        const by = pair(load<i32>(weight + (tap << 2)), alone ? 0 : load<i32>(weight + (tap << 2) + 4));
        const l = v128.shuffle<i8>(one, two, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
        const h = v128.shuffle<i8>(one, two, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
        a = plus(a, dot(i16x8.extend_low_i8x16_u(l), by)); b = plus(b, dot(i16x8.extend_high_i8x16_u(l), by));
        c = plus(c, dot(i16x8.extend_low_i8x16_u(h), by)); d = plus(d, dot(i16x8.extend_high_i8x16_u(h), by));
        from += 2 * stride;
      }
      const to = line + (x << 2);
      v128.store(to, i32x4.shr_s(a, 6)); v128.store(to + 16, i32x4.shr_s(b, 6));
      v128.store(to + 32, i32x4.shr_s(c, 6)); v128.store(to + 48, i32x4.shr_s(d, 6));
    }
    for (let i = 0; i < size; i++, values += 12) {
      let from = line + (first(across, i) - left) * 12, weight = weights(across, i);
      let sum = i32x4.splat(0);
      for (const end = weight + (taken(across, i) << 2); weight < end; weight += 4, from += 12)
        sum = plus(sum, i32x4.mul(v128.load(from), i32x4.splat(load<i32>(weight))));
      v128.store(values, f32x4.mul(f32x4.convert_i32x4_s(sum), fixed)); // its fourth is overwritten by the next
    }
  }
}

/** Values × contrast + offset, rounded into bytes; 16 at a time. */
export function tone(values: usize, count: i32, contrast: f64, offset: f64, to: usize): void {
  const by = f64x2.splat(contrast), more = f64x2.splat(offset), half = f64x2.splat(0.5);
  for (let i = 0; i < count; i += 16, values += 64, to += 16) {
    let quarters0 = i64x2.splat(0), quarters1 = quarters0, quarters2 = quarters0, quarters3 = quarters0;
    quarters0 = four(v128.load(values), by, more, half); quarters1 = four(v128.load(values, 16), by, more, half);
    quarters2 = four(v128.load(values, 32), by, more, half); quarters3 = four(v128.load(values, 48), by, more, half);
    v128.store(to, i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(quarters0, quarters1), i16x8.narrow_i32x4_s(quarters2, quarters3)));
  }
}
@inline function four(values: v128, by: v128, more: v128, half: v128): v128 {
  const l = f64x2.add(f64x2.add(f64x2.mul(f64x2.promote_low_f32x4(values), by), more), half);
  const h = f64x2.add(f64x2.add(f64x2.mul(f64x2.promote_low_f32x4(v128.shuffle<i32>(values, values, 2, 3, 2, 3)), by), more), half);
  return v128.shuffle<i32>(i32x4.trunc_sat_f64x2_s_zero(l), i32x4.trunc_sat_f64x2_s_zero(h), 0, 1, 4, 5);
}

/** Pixels in another order: the i-th of the result is the one that `order` names, 4 bytes a name; `count` of them. */
export function reorder(from: usize, order: usize, count: i32, to: usize): void {
  for (let i = 0; i < count; i++, to += 3) {
    const at = from + 3 * load<i32>(order + (i << 2));
    store<u16>(to, load<u16>(at));
    store<u8>(to + 2, load<u8>(at + 2));
  }
}

/**
 * Resamples a square that is turned: `points`² bilinear points a pixel, `step` apart, around (cx, cy) in array
 * positions of a picture of width × height pixels, rows `stride` bytes apart. Of `data` only what is met need be there.
 */
export function resampleTurned(data: usize, stride: usize, width: i32, height: i32, cx: f64, cy: f64, cos: f64, sin: f64, step: f64, points: i32, flipX: i32, flipY: i32, size: i32, values: usize): void {
  const share: f64 = 1.0 / (points * points), middle: f64 = <f64>(size * points) / 2.0 - 0.5;
  const right = <f64>(width - 1), bottom = <f64>(height - 1);
  for (let row = 0; row < size; row++) for (let column = 0; column < size; column++, values += 12) {
    let redGreen = f64x2.splat(0), blues: f64 = 0;
    for (let y = 0; y < points; y++) {
      const below = (<f64>(row * points + y) - middle) * step, v = flipY ? -below : below;
      for (let x = 0; x < points; x++) {
        const along = (<f64>(column * points + x) - middle) * step, u = flipX ? -along : along;
        const px = min(max(cx + cos * u + sin * v, 0.0), right), py = min(max(cy - sin * u + cos * v, 0.0), bottom);
        const left = <i32>px, top = <i32>py;
        const fx = px - <f64>left, fy = py - <f64>top;
        const a = data + <usize>top * stride + <usize>(left * 3), b = left + 1 < width ? a + 3 : a;
        const down = top + 1 < height ? stride : 0;
        const wa = (1.0 - fx) * (1.0 - fy), wb = fx * (1.0 - fy), wc = (1.0 - fx) * fy, wd = fx * fy;
        redGreen = f64x2.add(redGreen, f64x2.add(f64x2.add(f64x2.add(two(a, wa), two(b, wb)), two(a + down, wc)), two(b + down, wd)));
        blues += wa * <f64>load<u8>(a + 2) + wb * <f64>load<u8>(b + 2) + wc * <f64>load<u8>(a + down + 2) + wd * <f64>load<u8>(b + down + 2);
      }
    }
    const scaled = f64x2.mul(redGreen, f64x2.splat(share));
    v128.store64_lane(values, f32x4.demote_f64x2_zero(scaled), 0);
    store<f32>(values + 8, <f32>(blues * share));
  }
}
@inline function two(at: usize, weight: f64): v128 {
  const bytes = i16x8.extend_low_i8x16_u(v128.load16_splat(at));
  return f64x2.mul(f64x2.convert_low_i32x4_u(i32x4.extend_low_i16x8_u(bytes)), f64x2.splat(weight));
}

/** Two weights of 16 bits side by side, four times; sums of products in pairs. */
@inline function pair(a: i32, b: i32): v128 { return i32x4.splat((a & 0xffff) | (b << 16)); }
@inline function dot(a: v128, b: v128): v128 { return i32x4.dot_i16x8_s(a, b); }
@inline function plus(a: v128, b: v128): v128 { return i32x4.add(a, b); }
