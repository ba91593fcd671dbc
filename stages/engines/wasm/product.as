import { bytes, ceilDiv, clear, copy, madd, read, storePart } from './vector';

// Matrix products and convolutions. The right side is packed first: panels of eight columns, row by row, zeros where
// columns end. A tile of the result, four rows by eight columns, stays in registers; each of its values is one sum,
// taken in the order of the inner dimension.

/** packed[p][k][8] of the matrix b[k][n]; an item is a panel. */
export function packColumns(item: i32, thread: i32, b: usize, packed: usize, k: i32, n: i32): void {
  const count = min(8, n - item * 8);
  let from = b + bytes(item * 8), to = packed + bytes(item * k * 8);
  for (let r = 0; r < k; r++) {
    if (count == 8) { v128.store(to, read(from)); v128.store(to, v128.load(from, 16), 16); }
    else for (let c = 0; c < 8; c++) store<f32>(to + bytes(c), c < count ? load<f32>(from + bytes(c)) : 0);
    from += bytes(n); to += 32;
  }
}

/**
 * packed[p][taps, o][8 of i] of a filter w[taps][i][o], the taps in reverse: the right side of a convolution's input
 * gradient, and of a product with a transposed matrix. An item is a panel.
 */
export function packTurned(item: i32, thread: i32, w: usize, packed: usize, taps: i32, ci: i32, co: i32): void {
  const count = min(8, ci - item * 8), step = bytes(co);
  let to = packed + bytes(item * taps * co * 8);
  for (let t = taps - 1; t >= 0; t--) {
    const from = w + bytes((t * ci + item * 8) * co);
    let o = 0;
    if (count == 8) for (; o + 4 <= co; o += 4) for (let half = 0; half < 2; half++) {
      const at = from + bytes(o) + <usize>half * 4 * step, into = to + bytes(o * 8 + half * 4);
      const a = read(at), b = read(at + step), c = read(at + 2 * step), d = read(at + 3 * step);
      const ab = i32x4.shuffle(a, b, 0, 4, 1, 5), cd = i32x4.shuffle(c, d, 0, 4, 1, 5);
      const AB = i32x4.shuffle(a, b, 2, 6, 3, 7), CD = i32x4.shuffle(c, d, 2, 6, 3, 7);
      v128.store(into, i64x2.shuffle(ab, cd, 0, 2)); v128.store(into, i64x2.shuffle(ab, cd, 1, 3), 32);
      v128.store(into, i64x2.shuffle(AB, CD, 0, 2), 64); v128.store(into, i64x2.shuffle(AB, CD, 1, 3), 96);
    }
    for (; o < co; o++) for (let i = 0; i < 8; i++)
      store<f32>(to + bytes(o * 8 + i), i < count ? load<f32>(from + bytes(i * co + o)) : 0);
    to += bytes(co * 8);
  }
}

/** The tile at y0…y3 of rows a0…a3; a row's inner dimension is `runs` stretches of `run` values, `next` bytes apart. */
function tile(a0: usize, a1: usize, a2: usize, a3: usize, runs: i32, run: i32, next: usize, b: usize, bias: usize, rectify: i32, y0: usize, y1: usize, y2: usize, y3: usize, count: i32): void {
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  for (let r = 0; r < runs; r++) {
    let p0 = a0, p1 = a1, p2 = a2, p3 = a3, left = run;
    for (; left > 0; left--) {
      const b0 = v128.load(b), b1 = v128.load(b, 16);
      let s = v128.load32_splat(p0);
      c00 = madd(c00, s, b0); c01 = madd(c01, s, b1); s = v128.load32_splat(p1);
      c10 = madd(c10, s, b0); c11 = madd(c11, s, b1); s = v128.load32_splat(p2);
      c20 = madd(c20, s, b0); c21 = madd(c21, s, b1); s = v128.load32_splat(p3);
      c30 = madd(c30, s, b0); c31 = madd(c31, s, b1);
      b += 32; p0 += 4; p1 += 4; p2 += 4; p3 += 4;
    }
    a0 += next; a1 += next; a2 += next; a3 += next;
  }
  if (bias) {
    const low = read(bias), high = v128.load(bias, 16);
    c00 = f32x4.add(c00, low); c01 = f32x4.add(c01, high); c10 = f32x4.add(c10, low); c11 = f32x4.add(c11, high);
    c20 = f32x4.add(c20, low); c21 = f32x4.add(c21, high); c30 = f32x4.add(c30, low); c31 = f32x4.add(c31, high);
  }
  if (rectify) {
    const zero = f32x4.splat(0);
    c00 = f32x4.max(c00, zero); c01 = f32x4.max(c01, zero); c10 = f32x4.max(c10, zero); c11 = f32x4.max(c11, zero);
    c20 = f32x4.max(c20, zero); c21 = f32x4.max(c21, zero); c30 = f32x4.max(c30, zero); c31 = f32x4.max(c31, zero);
  }
  if (count == 8) {
    v128.store(y0, c00); v128.store(y0, c01, 16); v128.store(y1, c10); v128.store(y1, c11, 16);
    v128.store(y2, c20); v128.store(y2, c21, 16); v128.store(y3, c30); v128.store(y3, c31, 16);
  } else {
    storePart(y0, c00, c01, count); storePart(y1, c10, c11, count);
    storePart(y2, c20, c21, count); storePart(y3, c30, c31, count);
  }
}

/** y[m][n] = a[m][k] · b + bias, b packed, bias packed likewise (or 0); an item is `rows` rows of some `panels`. */
export function product(item: i32, thread: i32, a: usize, packed: usize, bias: usize, y: usize, m: i32, k: i32, n: i32, rows: i32, panels: i32, rectify: i32): void {
  const all = ceilDiv(n, 8), groups = ceilDiv(all, panels), block = item / groups, first = (item - block * groups) * panels;
  const r0 = block * rows, last = min(r0 + rows, m) - 1;
  for (let p = first; p < min(first + panels, all); p++) {
    const b = packed + bytes(p * k * 8), to = y + bytes(p * 8), count = min(8, n - p * 8), offset = bias ? bias + bytes(p * 8) : 0;
    for (let r = r0; r <= last; r += 4) {
      // At the end a row is computed more than once, to the same value.
      const q = min(r + 1, last), s = min(r + 2, last), t = min(r + 3, last);
      tile(a + bytes(r * k), a + bytes(q * k), a + bytes(s * k), a + bytes(t * k), 1, k, 0, b, offset, rectify,
        to + bytes(r * n), to + bytes(q * n), to + bytes(s * n), to + bytes(t * n), count);
    }
  }
}

/**
 * y[n,h,w,o] = Σ x[n, h·stride+a−top, w·stride+b−left, i] · w[a,b,i,o] + bias, w packed. With `spread` s > 1, x stands
 * for an image with s − 1 zeros between its pixels (the input gradient of a convolution with stride s). An item is
 * `rows` rows of an image in some `panels`; its part of x is first copied, with the zeros around it, to the scratch.
 */
export function convolution(item: i32, thread: i32, x: usize, packed: usize, bias: usize, y: usize, ih: i32, iw: i32, ci: i32, oh: i32, ow: i32, co: i32, kh: i32, kw: i32, stride: i32, spread: i32, top: i32, left: i32, rows: i32, panels: i32, rectify: i32, scratch: usize, size: usize): void {
  const all = ceilDiv(co, 8), groups = ceilDiv(all, panels), blocks = ceilDiv(oh, rows);
  const place = item / groups, first = (item - place * groups) * panels;
  const image = place / blocks, h0 = (place - image * blocks) * rows, h1 = min(h0 + rows, oh);
  const width = (ow - 1) * stride + kw, line = bytes(width * ci), k = kh * kw * ci;
  const part = scratch + <usize>thread * size;
  gather(x + bytes(image * ih * iw * ci), part, h0 * stride - top, -left, (h1 - h0 - 1) * stride + kh, width, ih, iw, ci, spread);
  const pixel = bytes(stride * ci);
  for (let p = first; p < min(first + panels, all); p++) {
    const b = packed + bytes(p * k * 8), count = min(8, co - p * 8), offset = bias ? bias + bytes(p * 8) : 0;
    for (let h = h0; h < h1; h++) {
      const a = part + <usize>((h - h0) * stride) * line, to = y + bytes((image * oh + h) * ow * co + p * 8);
      for (let w = 0; w < ow; w += 4) {
        const q = min(w + 1, ow - 1), s = min(w + 2, ow - 1), t = min(w + 3, ow - 1);
        tile(a + <usize>w * pixel, a + <usize>q * pixel, a + <usize>s * pixel, a + <usize>t * pixel, kh, kw * ci, line, b, offset, rectify,
          to + bytes(w * co), to + bytes(q * co), to + bytes(s * co), to + bytes(t * co), count);
      }
    }
  }
}

/** Copies height × width pixels from (top, left) on; zeros where there is no pixel. */
function gather(image: usize, to: usize, top: i32, left: i32, height: i32, width: i32, ih: i32, iw: i32, c: i32, spread: i32): void {
  for (let r = 0; r < height; r++) {
    const line = to + bytes(r * width * c), at = top + r;
    const h = at / spread;
    if (at < 0 || h >= ih || h * spread != at) { clear(line, width * c); continue; }
    const from = image + bytes(h * iw * c);
    if (spread == 1) {
      const before = min(width, max(0, -left)), end = max(before, min(width, iw - left));
      clear(line, before * c);
      copy(from + bytes((left + before) * c), line + bytes(before * c), (end - before) * c);
      clear(line + bytes(end * c), (width - end) * c);
    } else for (let q = 0; q < width; q++) {
      const column = left + q, w = column / spread;
      if (column < 0 || w >= iw || w * spread != column) clear(line + bytes(q * c), c);
      else copy(from + bytes(w * c), line + bytes(q * c), c);
    }
  }
}

/**
 * y[n,h,w,c] = x[n, h−top, w−left, c], zero where there is no such pixel; less than nothing cuts off. An item is `rows`
 * rows of an image.
 */
export function pad(item: i32, thread: i32, x: usize, y: usize, ih: i32, iw: i32, c: i32, oh: i32, ow: i32, top: i32, left: i32, rows: i32): void {
  const blocks = ceilDiv(oh, rows), image = item / blocks, h0 = (item - image * blocks) * rows;
  gather(x + bytes(image * ih * iw * c), y + bytes((image * oh + h0) * ow * c), h0 - top, -left, min(rows, oh - h0), ow, ih, iw, c, 1);
}
