// Decodes the entropy-coded scan of a baseline JPEG to RGB: AssemblyScript with SIMD. `npm run kernels` compiles this
// file into binary.ts. Whole numbers only, in libjpeg's own arithmetic (its "islow" inverse DCT, its "fancy" chroma
// upsampling, its colour tables), so the bytes are those of libjpeg and the same on every machine.

/** A Huffman table: 1024 entries by the next 10 bits, then limits and index shifts by code length, then the symbols. */
const LIMIT: usize = 4096, SHIFT: usize = 4096 + 72, SYMBOLS: usize = 4096 + 144;
/** A component: what `decodeScan` is told of it, 4 bytes each; then 64 factors of 2 bytes in zigzag order. */
const H: usize = 0, V: usize = 4, DC: usize = 8, AC: usize = 12, PLANE: usize = 16, STRIDE: usize = 20, LAST_DC: usize = 24, FACTORS: usize = 32;
const COMPONENT: usize = 160;

const ZIGZAG = memory.data<u8>([
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
  35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
]);
/** The block at work: 64 coefficients of 2 bytes, all 0 between two blocks. */
const BLOCK = memory.data(128, 16);

/** Where the heap is free. */
export function free(): usize { return (__heap_base + 15) & ~15; }

/** The number that `size` bits stand for in JPEG. */
@inline function signed(bits: i32, size: i32): i32 { return bits < (1 << (size - 1)) ? bits + (-1 << size) + 1 : bits; }

/**
 * Fills the table at `table` from a DHT segment's 16 counts and its symbols. An entry by 10 bits: in its lowest byte
 * how many bits code and value take together, then the run of zeros before the value, then the value; where the value
 * does not fit, 0, the symbol and the code's length; 0 for longer codes. 0 is returned where the counts make no code.
 */
export function huffmanTable(spec: usize, table: usize): i32 {
  memory.fill(table, 0, 4096);
  let code = 0, index = 0;
  for (let length = 1; length <= 16; length++) {
    const count: i32 = load<u8>(spec + length - 1);
    store<i32>(table + SHIFT + (length << 2), index - code);
    if (code + count > 1 << length) return 0;
    for (let i = 0; i < count; i++, code++, index++) {
      const symbol: i32 = load<u8>(spec + 16 + index);
      store<u8>(table + SYMBOLS + index, <u8>symbol);
      if (length > 10) continue;
      const size = symbol & 15, run = symbol >> 4, spare = 10 - length;
      for (let bits = code << spare; bits < (code + 1) << spare; bits++) {
        let entry = (length << 16) | (symbol << 8);
        if (size == 0) entry = ((run == 15 ? 16 : 64) << 8) | length;
        else if (size <= spare) entry = (signed((bits >> (spare - size)) & ((1 << size) - 1), size) << 16) | (run << 8) | (length + size);
        store<i32>(table + (bits << 2), entry);
      }
    }
    store<i32>(table + LIMIT + (length << 2), code << (16 - length));
    code <<= 1;
  }
  return 1;
}

/** Copies a scan without the zeros that are stuffed after FF. The end of the copy; 0 where the first marker is not EOI. */
export function unstuff(from: usize, end: usize, to: usize): usize {
  while (from < end) {
    if (from + 16 <= end) {
      const bytes = v128.load(from);
      v128.store(to, bytes);
      const marks = i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(-1)));
      const clean = marks == 0 ? 16 : ctz(marks);
      from += clean; to += clean;
      if (marks == 0) continue;
    }
    const byte = load<u8>(from++);
    store<u8>(to++, byte);
    if (byte != 0xff) continue;
    const next: i32 = from < end ? load<u8>(from++) : 1;
    if (next == 0xd9) return to - 1;
    if (next != 0) return 0;
  }
  return 0;
}

/**
 * Decodes an unstuffed scan (`end` is followed by at least 4096 readable bytes) into the planes of its components.
 * 0 where it is damaged, too short, or longer than the picture.
 */
export function decodeScan(from: usize, end: usize, components: usize, count: i32, across: i32, down: i32): i32 {
  let buffer: u64 = 0; // the next bits, from the top
  let bits = 0;
  for (let y = 0; y < down; y++) for (let x = 0; x < across; x++) {
    if (from > end + 8) return 0;
    for (let c = 0; c < count; c++) {
      const component = components + c * COMPONENT;
      const h = load<i32>(component + H), v = load<i32>(component + V), stride: usize = load<i32>(component + STRIDE);
      const dc: usize = load<u32>(component + DC), ac: usize = load<u32>(component + AC), factors = component + FACTORS;
      for (let b = 0; b < h * v; b++) {
        const by = h == 1 ? b : b >> 1, bx = b - by * h;
        const to = <usize>load<u32>(component + PLANE) + (y * v + by) * 8 * stride + (x * h + bx) * 8;
        let k = 0, last = 0;
        while (k < 64) {
          if (bits < 32) {
            const word = load<u32>(from);
            buffer |= <u64>(((rotl(word, 8) & 0x00ff00ff) | (rotr(word, 8) & 0xff00ff00))) << (32 - bits);
            from += 4; bits += 32;
          }
          const table = k == 0 ? dc : ac;
          const entry = load<i32>(table + (<usize>(buffer >>> 54) << 2));
          let used = entry & 255, run = (entry >> 8) & 255, value = entry >> 16;
          if (used == 0) {
            let length = value, symbol = run;
            if (entry == 0) {
              const next = <i32>(buffer >>> 48);
              length = 11;
              while (length <= 16 && next >= load<i32>(table + LIMIT + (length << 2))) length++;
              if (length > 16) return 0;
              symbol = load<u8>(table + SYMBOLS + (next >> (16 - length)) + load<i32>(table + SHIFT + (length << 2)));
            }
            const size = symbol & 15;
            run = symbol >> 4;
            value = 0;
            if (size == 0) run = run == 15 ? 16 : 64;
            else value = signed(<i32>((buffer << length) >>> (64 - size)), size);
            used = length + size;
          }
          buffer <<= used;
          bits -= used;
          if (k == 0) {
            const sum = load<i32>(component + LAST_DC) + value;
            store<i32>(component + LAST_DC, sum);
            store<i16>(BLOCK, <i16>(sum * load<i16>(factors)));
            k = 1;
            continue;
          }
          k += run;
          if (value == 0) continue; // the end of the block, or 16 zeros
          if (k > 63) return 0;
          store<i16>(BLOCK + (<usize>load<u8>(ZIGZAG + k) << 1), <i16>(value * load<i16>(factors + (k << 1))));
          last = k++;
        }
        if (last > 0) inverse(to, stride); else flat(to, stride);
      }
    }
  }
  const unread = (<i64>end - <i64>from) * 8 + bits;
  return unread >= 0 && unread < 8 ? 1 : 0;
}

/** A block whose one coefficient is its mean. */
function flat(to: usize, stride: usize): void {
  const value = min(max(((<i32>load<i16>(BLOCK) + 4) >> 3) + 128, 0), 255);
  const bytes = <u64>value * 0x0101010101010101;
  for (let row = 0; row < 8; row++, to += stride) store<u64>(to, bytes);
  store<i16>(BLOCK, 0);
}

/** The inverse DCT of the block, into 8 × 8 bytes; leaves the block all 0. */
function inverse(to: usize, stride: usize): void {
  pass(11);
  pass(18);
  const middle = i8x16.splat(-128);
  for (let row = 0; row < 8; row += 2, to += 2 * stride) {
    const at = BLOCK + (row << 4);
    const two = i8x16.sub(i8x16.narrow_i16x8_s(v128.load(at), v128.load(at + 16)), middle);
    v128.store64_lane(to, two, 0);
    v128.store64_lane(to + stride, two, 1);
    v128.store(at, i64x2.splat(0));
    v128.store(at + 16, i64x2.splat(0));
  }
}

@inline function low(a: v128, b: v128): v128 { return v128.shuffle<i16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11); }
@inline function high(a: v128, b: v128): v128 { return v128.shuffle<i16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15); }
@inline function pair(a: i32, b: i32): v128 { return i32x4.splat((a & 0xffff) | (b << 16)); }
@inline function dot(a: v128, b: v128): v128 { return i32x4.dot_i16x8_s(a, b); }
@inline function plus(a: v128, b: v128): v128 { return i32x4.add(a, b); }
@inline function less(a: v128, b: v128): v128 { return i32x4.sub(a, b); }
@inline function brought(a: v128, b: v128, shift: i32): v128 {
  const half = i32x4.splat(1 << (shift - 1));
  return i16x8.narrow_i32x4_s(i32x4.shr_s(plus(a, half), shift), i32x4.shr_s(plus(b, half), shift));
}

/** One pass of the inverse DCT down the eight columns, then the block transposed (jidctint.c; its products in pairs). */
function pass(shift: i32): void {
  const r0 = v128.load(BLOCK), r1 = v128.load(BLOCK + 16), r2 = v128.load(BLOCK + 32), r3 = v128.load(BLOCK + 48);
  const r4 = v128.load(BLOCK + 64), r5 = v128.load(BLOCK + 80), r6 = v128.load(BLOCK + 96), r7 = v128.load(BLOCK + 112);
  const e26l = low(r2, r6), e26h = high(r2, r6), e04l = low(r0, r4), e04h = high(r0, r4);
  const t2l = dot(e26l, pair(4433, -10704)), t2h = dot(e26h, pair(4433, -10704));
  const t3l = dot(e26l, pair(10703, 4433)), t3h = dot(e26h, pair(10703, 4433));
  const t0l = dot(e04l, pair(8192, 8192)), t0h = dot(e04h, pair(8192, 8192));
  const t1l = dot(e04l, pair(8192, -8192)), t1h = dot(e04h, pair(8192, -8192));
  const z3 = i16x8.add(r7, r3), z4 = i16x8.add(r5, r1);
  const zl = low(z3, z4), zh = high(z3, z4);
  const z3l = dot(zl, pair(-6436, 9633)), z3h = dot(zh, pair(-6436, 9633));
  const z4l = dot(zl, pair(9633, 6437)), z4h = dot(zh, pair(9633, 6437));
  const o71l = low(r7, r1), o71h = high(r7, r1), o53l = low(r5, r3), o53h = high(r5, r3);
  const o0l = plus(dot(o71l, pair(-4927, -7373)), z3l), o0h = plus(dot(o71h, pair(-4927, -7373)), z3h);
  const o3l = plus(dot(o71l, pair(-7373, 4926)), z4l), o3h = plus(dot(o71h, pair(-7373, 4926)), z4h);
  const o1l = plus(dot(o53l, pair(-4176, -20995)), z4l), o1h = plus(dot(o53h, pair(-4176, -20995)), z4h);
  const o2l = plus(dot(o53l, pair(-20995, 4177)), z3l), o2h = plus(dot(o53h, pair(-20995, 4177)), z3h);
  const e0l = plus(t0l, t3l), e0h = plus(t0h, t3h), e3l = less(t0l, t3l), e3h = less(t0h, t3h);
  const e1l = plus(t1l, t2l), e1h = plus(t1h, t2h), e2l = less(t1l, t2l), e2h = less(t1h, t2h);
  const s0 = brought(plus(e0l, o3l), plus(e0h, o3h), shift), s7 = brought(less(e0l, o3l), less(e0h, o3h), shift);
  const s1 = brought(plus(e1l, o2l), plus(e1h, o2h), shift), s6 = brought(less(e1l, o2l), less(e1h, o2h), shift);
  const s2 = brought(plus(e2l, o1l), plus(e2h, o1h), shift), s5 = brought(less(e2l, o1l), less(e2h, o1h), shift);
  const s3 = brought(plus(e3l, o0l), plus(e3h, o0h), shift), s4 = brought(less(e3l, o0l), less(e3h, o0h), shift);
  const a0 = low(s0, s4), a1 = high(s0, s4), a2 = low(s1, s5), a3 = high(s1, s5);
  const a4 = low(s2, s6), a5 = high(s2, s6), a6 = low(s3, s7), a7 = high(s3, s7);
  const b0 = low(a0, a4), b1 = high(a0, a4), b2 = low(a1, a5), b3 = high(a1, a5);
  const b4 = low(a2, a6), b5 = high(a2, a6), b6 = low(a3, a7), b7 = high(a3, a7);
  v128.store(BLOCK, low(b0, b4)); v128.store(BLOCK + 16, high(b0, b4));
  v128.store(BLOCK + 32, low(b1, b5)); v128.store(BLOCK + 48, high(b1, b5));
  v128.store(BLOCK + 64, low(b2, b6)); v128.store(BLOCK + 80, high(b2, b6));
  v128.store(BLOCK + 96, low(b3, b7)); v128.store(BLOCK + 112, high(b3, b7));
}

/**
 * A row of chroma brought to twice its width (jdsample.c): `n` samples; each takes 3/4 of itself and 1/4 of its
 * neighbour, and the same from the row `near` above or below, which is `row` itself where rows are not doubled.
 * `near` = 0: only across.
 */
export function widen(row: usize, near: usize, n: i32, to: usize): void {
  if (near == 0) {
    for (let i = 0; i < n; i++, to += 2) {
      const own: i32 = load<u8>(row + i);
      const before: i32 = i > 0 ? load<u8>(row + i - 1) : own, after: i32 = i < n - 1 ? load<u8>(row + i + 1) : own;
      store<u8>(to, <u8>((3 * own + before + 1) >> 2));
      store<u8>(to + 1, <u8>((3 * own + after + 2) >> 2));
    }
    return;
  }
  let own: i32 = 3 * <i32>load<u8>(row) + <i32>load<u8>(near), before = own;
  for (let i = 0; i < n; i++, to += 2) {
    const after: i32 = i < n - 1 ? 3 * <i32>load<u8>(row + i + 1) + <i32>load<u8>(near + i + 1) : own;
    store<u8>(to, <u8>((3 * own + before + 8) >> 4));
    store<u8>(to + 1, <u8>((3 * own + after + 7) >> 4));
    before = own; own = after;
  }
}

@inline function scaled(l: v128, h: v128): v128 {
  return i16x8.narrow_i32x4_s(i32x4.shr_s(l, 16), i32x4.shr_s(h, 16));
}
@inline function red(y: v128, r: v128): v128 {
  const two = i16x8.splat(2), by = pair(26345, 16384); // 1.402 = 1 + 26345 / 2^16, and a half to round by
  return i16x8.add(y, i16x8.add(r, scaled(dot(low(r, two), by), dot(high(r, two), by))));
}
@inline function green(y: v128, b: v128, r: v128): v128 {
  const by = pair(-22554, 18734), half = i32x4.splat(32768);
  return i16x8.add(y, i16x8.sub(scaled(plus(dot(low(b, r), by), half), plus(dot(high(b, r), by), half)), r));
}
@inline function blue(y: v128, b: v128): v128 {
  const two = i16x8.splat(2), by = pair(-14942, 16384);
  return i16x8.add(y, i16x8.add(i16x8.add(b, b), scaled(dot(low(b, two), by), dot(high(b, two), by))));
}

/** Rows of luma and chroma to RGB (jdcolor.c), 16 pixels at a time: up to 15 pixels are read and written beyond `n`. */
export function colour(y: usize, cb: usize, cr: usize, n: i32, to: usize): void {
  const middle = i16x8.splat(128);
  for (let i = 0; i < n; i += 16, to += 48) {
    const yy = v128.load(y + i), bb = v128.load(cb + i), rr = v128.load(cr + i);
    const yl = i16x8.extend_low_i8x16_u(yy), yh = i16x8.extend_high_i8x16_u(yy);
    const bl = i16x8.sub(i16x8.extend_low_i8x16_u(bb), middle), bh = i16x8.sub(i16x8.extend_high_i8x16_u(bb), middle);
    const rl = i16x8.sub(i16x8.extend_low_i8x16_u(rr), middle), rh = i16x8.sub(i16x8.extend_high_i8x16_u(rr), middle);
    const R = i8x16.narrow_i16x8_u(red(yl, rl), red(yh, rh));
    const G = i8x16.narrow_i16x8_u(green(yl, bl, rl), green(yh, bh, rh));
    const B = i8x16.narrow_i16x8_u(blue(yl, bl), blue(yh, bh));
    interleave(R, G, B, to);
  }
}

/** A row of grey to RGB; up to 15 pixels are read and written beyond `n`. */
export function grey(y: usize, n: i32, to: usize): void {
  for (let i = 0; i < n; i += 16, to += 48) {
    const yy = v128.load(y + i);
    interleave(yy, yy, yy, to);
  }
}

@inline function interleave(R: v128, G: v128, B: v128, to: usize): void {
  const a = v128.shuffle<i8>(R, G, 0, 16, 0, 1, 17, 0, 2, 18, 0, 3, 19, 0, 4, 20, 0, 5);
  const b = v128.shuffle<i8>(R, G, 21, 0, 6, 22, 0, 7, 23, 0, 8, 24, 0, 9, 25, 0, 10, 26);
  const c = v128.shuffle<i8>(R, G, 0, 11, 27, 0, 12, 28, 0, 13, 29, 0, 14, 30, 0, 15, 31, 0);
  v128.store(to, v128.shuffle<i8>(a, B, 0, 1, 16, 3, 4, 17, 6, 7, 18, 9, 10, 19, 12, 13, 20, 15));
  v128.store(to + 16, v128.shuffle<i8>(b, B, 0, 21, 2, 3, 22, 5, 6, 23, 8, 9, 24, 11, 12, 25, 14, 15));
  v128.store(to + 32, v128.shuffle<i8>(c, B, 26, 1, 2, 27, 4, 5, 28, 7, 8, 29, 10, 11, 30, 13, 14, 31));
}

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
