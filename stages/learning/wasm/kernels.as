// Training kernels that tfjs's wasm backend lacks or has only in a slow form: AssemblyScript with SIMD, working on the
// backend's own heap. All tensors are float32 and NHWC; pointers are byte offsets. `npm run kernels` compiles this file
// into binary.ts. A sum is always taken in the same order, so the bytes are the same on every machine.

@inline function bytes(floats: i32): usize { return (<usize>floats) << 2; }
@inline function read(at: usize): v128 { return v128.load(at); }
@inline function madd(sum: v128, a: v128, b: v128): v128 { return f32x4.add(sum, f32x4.mul(a, b)); }
/** First and one past the last output column whose input column (column × stride + tap − pad) lies in the image. */
@inline function firstColumn(tap: i32, pad: i32, stride: i32): i32 { return pad - tap > 0 ? (pad - tap + stride - 1) / stride : 0; }
@inline function endColumn(tap: i32, pad: i32, stride: i32, width: i32, outWidth: i32): i32 {
  return width - 1 - tap + pad >= 0 ? min(outWidth, (width - 1 - tap + pad) / stride + 1) : 0;
}

/**
 * dw[a,b,i,o] = Σ x[n, y·sh+a−top, x·sw+b−left, i] · dy[n,y,x,o]. Tiles of 4 input by 8 output channels stay in
 * registers; rows of the output are taken in blocks that fit the cache.
 */
export function convolutionFilterGradient(x: usize, dy: usize, dw: usize, n: i32, ih: i32, iw: i32, ci: i32, oh: i32, ow: i32, co: i32, kh: i32, kw: i32, sh: i32, sw: i32, top: i32, left: i32): void {
  memory.fill(dw, 0, bytes(kh * kw * ci * co));
  const rows = n * oh;
  let block = 65536 / (ow * (ci + co)); if (block < 1) block = 1;
  const xStep = bytes(sw * ci), yStep = bytes(co);
  for (let r0 = 0; r0 < rows; r0 += block) {
    const r1 = min(r0 + block, rows);
    for (let a = 0; a < kh; a++) for (let b = 0; b < kw; b++) {
      const w0 = firstColumn(b, left, sw), w1 = endColumn(b, left, sw, iw, ow);
      if (w1 <= w0) continue;
      const tap = dw + bytes((a * kw + b) * ci * co);
      for (let i = 0; i < ci; i += 4) {
        const iv = min(4, ci - i);
        for (let o = 0; o < co; o += 8) {
          const ov = min(8, co - o);
          if (iv == 4 && ov == 8) {
            const c = tap + bytes(i * co + o);
            let c00 = read(c), c01 = read(c + 16), c10 = read(c + yStep), c11 = read(c + yStep + 16);
            let c20 = read(c + 2 * yStep), c21 = read(c + 2 * yStep + 16), c30 = read(c + 3 * yStep), c31 = read(c + 3 * yStep + 16);
            for (let r = r0; r < r1; r++) {
              const image = r / oh, hi = (r - image * oh) * sh + a - top;
              if (<u32>hi >= <u32>ih) continue;
              let xp = x + bytes(((image * ih + hi) * iw + w0 * sw + b - left) * ci + i);
              let yp = dy + bytes((r * ow + w0) * co + o);
              const end = yp + (<usize>(w1 - w0)) * yStep;
              while (yp < end) {
                const y0 = read(yp), y1 = read(yp + 16), v = read(xp);
                let s = f32x4.shuffle(v, v, 0, 0, 0, 0);
                c00 = madd(c00, s, y0); c01 = madd(c01, s, y1);
                s = f32x4.shuffle(v, v, 1, 1, 1, 1);
                c10 = madd(c10, s, y0); c11 = madd(c11, s, y1);
                s = f32x4.shuffle(v, v, 2, 2, 2, 2);
                c20 = madd(c20, s, y0); c21 = madd(c21, s, y1);
                s = f32x4.shuffle(v, v, 3, 3, 3, 3);
                c30 = madd(c30, s, y0); c31 = madd(c31, s, y1);
                xp += xStep; yp += yStep;
              }
            }
            v128.store(c, c00); v128.store(c + 16, c01); v128.store(c + yStep, c10); v128.store(c + yStep + 16, c11);
            v128.store(c + 2 * yStep, c20); v128.store(c + 2 * yStep + 16, c21); v128.store(c + 3 * yStep, c30); v128.store(c + 3 * yStep + 16, c31);
            continue;
          }
          // What is left at the edges of the tiles: one input channel at a time, eight outputs or one.
          for (let ii = i; ii < i + iv; ii++) for (let oo = o; oo < o + ov; ) {
            const c = tap + bytes(ii * co + oo), wide = oo + 8 <= o + ov;
            let c0 = f32x4.splat(0), c1 = f32x4.splat(0), single: f32 = 0;
            if (wide) { c0 = read(c); c1 = read(c + 16); } else single = load<f32>(c);
            for (let r = r0; r < r1; r++) {
              const image = r / oh, hi = (r - image * oh) * sh + a - top;
              if (<u32>hi >= <u32>ih) continue;
              let xp = x + bytes(((image * ih + hi) * iw + w0 * sw + b - left) * ci + ii);
              let yp = dy + bytes((r * ow + w0) * co + oo);
              const end = yp + (<usize>(w1 - w0)) * yStep;
              if (wide) while (yp < end) {
                const s = v128.load32_splat(xp);
                c0 = madd(c0, s, read(yp)); c1 = madd(c1, s, read(yp + 16));
                xp += xStep; yp += yStep;
              } else while (yp < end) { single += load<f32>(xp) * load<f32>(yp); xp += xStep; yp += yStep; }
            }
            if (wide) { v128.store(c, c0); v128.store(c + 16, c1); oo += 8; } else { store<f32>(c, single); oo++; }
          }
        }
      }
    }
  }
}

/** dw[a,b,c] = Σ x[n, y·sh+a−top, x·sw+b−left, c] · dy[n,y,x,c]; one filter a channel. */
export function depthwiseFilterGradient(x: usize, dy: usize, dw: usize, n: i32, ih: i32, iw: i32, c: i32, oh: i32, ow: i32, kh: i32, kw: i32, sh: i32, sw: i32, top: i32, left: i32): void {
  memory.fill(dw, 0, bytes(kh * kw * c));
  const yStep = bytes(c), xStep = bytes(sw * c);
  for (let image = 0; image < n; image++) for (let h = 0; h < oh; h++) for (let a = 0; a < kh; a++) {
    const hi = h * sh + a - top;
    if (<u32>hi >= <u32>ih) continue;
    for (let b = 0; b < kw; b++) {
      const w0 = firstColumn(b, left, sw), w1 = endColumn(b, left, sw, iw, ow);
      if (w1 <= w0) continue;
      const xRow = x + bytes(((image * ih + hi) * iw + w0 * sw + b - left) * c);
      const yRow = dy + bytes(((image * oh + h) * ow + w0) * c);
      const tap = dw + bytes((a * kw + b) * c);
      let k = 0;
      for (; k + 8 <= c; k += 8) {
        const at = bytes(k);
        let s0 = read(tap + at), s1 = read(tap + at + 16), xp = xRow + at, yp = yRow + at;
        for (let w = w0; w < w1; w++) { s0 = madd(s0, read(xp), read(yp)); s1 = madd(s1, read(xp + 16), read(yp + 16)); xp += xStep; yp += yStep; }
        v128.store(tap + at, s0); v128.store(tap + at + 16, s1);
      }
      for (; k < c; k++) {
        const at = bytes(k);
        let sum = load<f32>(tap + at), xp = xRow + at, yp = yRow + at;
        for (let w = w0; w < w1; w++) { sum += load<f32>(xp) * load<f32>(yp); xp += xStep; yp += yStep; }
        store<f32>(tap + at, sum);
      }
    }
  }
}

/** dx[n, y·sh+a−top, x·sw+b−left, c] += dy[n,y,x,c] · f[a,b,c]. */
export function depthwiseInputGradient(dy: usize, f: usize, dx: usize, n: i32, ih: i32, iw: i32, c: i32, oh: i32, ow: i32, kh: i32, kw: i32, sh: i32, sw: i32, top: i32, left: i32): void {
  memory.fill(dx, 0, bytes(n * ih * iw * c));
  for (let image = 0; image < n; image++) for (let h = 0; h < oh; h++) for (let a = 0; a < kh; a++) {
    const hi = h * sh + a - top;
    if (<u32>hi >= <u32>ih) continue;
    for (let w = 0; w < ow; w++) {
      const yp = dy + bytes(((image * oh + h) * ow + w) * c);
      for (let b = 0; b < kw; b++) {
        const wi = w * sw + b - left;
        if (<u32>wi >= <u32>iw) continue;
        const xp = dx + bytes(((image * ih + hi) * iw + wi) * c), fp = f + bytes((a * kw + b) * c);
        let k = 0;
        for (; k + 4 <= c; k += 4) { const at = bytes(k); v128.store(xp + at, madd(read(xp + at), read(yp + at), read(fp + at))); }
        for (; k < c; k++) { const at = bytes(k); store<f32>(xp + at, load<f32>(xp + at) + load<f32>(yp + at) * load<f32>(fp + at)); }
      }
    }
  }
}

/** out[outer,c] = scale · Σ over the middle of x[outer,m,c]. Sums of 64 rows are added up, which keeps them exact. */
export function middleSum(x: usize, out: usize, outer: i32, m: i32, c: i32, scale: f32): void {
  memory.fill(out, 0, bytes(outer * c));
  const step = bytes(c), factor = f32x4.splat(scale);
  for (let o = 0; o < outer; o++) {
    const from = x + bytes(o * m * c), to = out + bytes(o * c);
    for (let r0 = 0; r0 < m; r0 += 64) {
      const r1 = min(r0 + 64, m);
      let k = 0;
      for (; k + 8 <= c; k += 8) {
        const at = bytes(k);
        let s0 = f32x4.splat(0), s1 = f32x4.splat(0), p = from + (<usize>r0) * step + at;
        for (let r = r0; r < r1; r++) { s0 = f32x4.add(s0, read(p)); s1 = f32x4.add(s1, read(p + 16)); p += step; }
        v128.store(to + at, f32x4.add(read(to + at), s0)); v128.store(to + at + 16, f32x4.add(read(to + at + 16), s1));
      }
      for (; k < c; k++) {
        const at = bytes(k);
        let sum: f32 = 0, p = from + (<usize>r0) * step + at;
        for (let r = r0; r < r1; r++) { sum += load<f32>(p); p += step; }
        store<f32>(to + at, load<f32>(to + at) + sum);
      }
    }
    let k = 0;
    for (; k + 4 <= c; k += 4) v128.store(to + bytes(k), f32x4.mul(read(to + bytes(k)), factor));
    for (; k < c; k++) store<f32>(to + bytes(k), load<f32>(to + bytes(k)) * scale);
  }
}

/** Gradient of max pooling: dy goes to the first largest value of its window. */
export function maxPoolGradient(x: usize, dy: usize, dx: usize, n: i32, ih: i32, iw: i32, c: i32, oh: i32, ow: i32, kh: i32, kw: i32, sh: i32, sw: i32, top: i32, left: i32): void {
  memory.fill(dx, 0, bytes(n * ih * iw * c));
  const row = bytes(iw * c), column = bytes(c);
  for (let image = 0; image < n; image++) for (let h = 0; h < oh; h++) for (let w = 0; w < ow; w++) {
    const yp = dy + bytes(((image * oh + h) * ow + w) * c);
    const h0 = max(0, h * sh - top), h1 = min(ih, h * sh - top + kh), w0 = max(0, w * sw - left), w1 = min(iw, w * sw - left + kw);
    let k = 0;
    if (h1 - h0 == 2 && w1 - w0 == 2) {
      const corner = bytes(((image * ih + h0) * iw + w0) * c);
      for (; k + 4 <= c; k += 4) {
        const o = corner + bytes(k);
        const p0 = read(x + o), p1 = read(x + o + column), p2 = read(x + o + row), p3 = read(x + o + row + column);
        const most = f32x4.max(f32x4.max(p0, p1), f32x4.max(p2, p3));
        let rest = read(yp + bytes(k));
        const e0 = f32x4.eq(p0, most), g0 = v128.and(rest, e0); rest = v128.andnot(rest, e0);
        const e1 = f32x4.eq(p1, most), g1 = v128.and(rest, e1); rest = v128.andnot(rest, e1);
        const e2 = f32x4.eq(p2, most), g2 = v128.and(rest, e2); rest = v128.andnot(rest, e2);
        v128.store(dx + o, f32x4.add(read(dx + o), g0));
        v128.store(dx + o + column, f32x4.add(read(dx + o + column), g1));
        v128.store(dx + o + row, f32x4.add(read(dx + o + row), g2));
        v128.store(dx + o + row + column, f32x4.add(read(dx + o + row + column), rest));
      }
    }
    for (; k < c; k++) {
      let best: usize = 0, most: f32 = 0, found = false;
      for (let y = h0; y < h1; y++) for (let z = w0; z < w1; z++) {
        const o = bytes(((image * ih + y) * iw + z) * c + k), value = load<f32>(x + o);
        if (!found || value > most) { most = value; best = o; found = true; }
      }
      if (found) store<f32>(dx + best, load<f32>(dx + best) + load<f32>(yp + bytes(k)));
    }
  }
}

/** y = (x − mean) · inverse · gamma + beta, with the mean of x[m,c] given; writes variance (biased) and 1/√(variance + ε). */
export function batchNorm(x: usize, gamma: usize, beta: usize, mean: usize, y: usize, variance: usize, inverse: usize, m: i32, c: i32, epsilon: f32): void {
  memory.fill(variance, 0, bytes(c));
  const step = bytes(c);
  for (let r0 = 0; r0 < m; r0 += 64) {
    const r1 = min(r0 + 64, m);
    let k = 0;
    for (; k + 4 <= c; k += 4) {
      const at = bytes(k), level = read(mean + at);
      let s = f32x4.splat(0), p = x + (<usize>r0) * step + at;
      for (let r = r0; r < r1; r++) { const d = f32x4.sub(read(p), level); s = madd(s, d, d); p += step; }
      v128.store(variance + at, f32x4.add(read(variance + at), s));
    }
    for (; k < c; k++) {
      const at = bytes(k), level = load<f32>(mean + at);
      let s: f32 = 0, p = x + (<usize>r0) * step + at;
      for (let r = r0; r < r1; r++) { const d = load<f32>(p) - level; s += d * d; p += step; }
      store<f32>(variance + at, load<f32>(variance + at) + s);
    }
  }
  for (let k = 0; k < c; k++) {
    const v: f32 = load<f32>(variance + bytes(k)) / <f32>m;
    store<f32>(variance + bytes(k), v);
    store<f32>(inverse + bytes(k), <f32>1 / sqrt<f32>(v + epsilon));
  }
  for (let r = 0; r < m; r++) {
    const from = x + (<usize>r) * step, to = y + (<usize>r) * step;
    let k = 0;
    for (; k + 4 <= c; k += 4) {
      const at = bytes(k), scale = f32x4.mul(read(inverse + at), read(gamma + at));
      v128.store(to + at, madd(read(beta + at), f32x4.sub(read(from + at), read(mean + at)), scale));
    }
    for (; k < c; k++) {
      const at = bytes(k);
      store<f32>(to + at, load<f32>(beta + at) + (load<f32>(from + at) - load<f32>(mean + at)) * (load<f32>(inverse + at) * load<f32>(gamma + at)));
    }
  }
}

/**
 * With x̂ = (x − mean) · inverse and the mean over all rows:
 * dbeta = Σ dy, dgamma = Σ dy · x̂, dx = gamma · inverse · (dy − mean(dy) − x̂ · mean(dy · x̂)); dbeta is given.
 */
export function batchNormGradient(x: usize, dy: usize, gamma: usize, mean: usize, inverse: usize, dbeta: usize, dx: usize, dgamma: usize, m: i32, c: i32): void {
  memory.fill(dgamma, 0, bytes(c));
  const step = bytes(c), part: f32 = <f32>1 / <f32>m;
  for (let r0 = 0; r0 < m; r0 += 64) {
    const r1 = min(r0 + 64, m);
    let k = 0;
    for (; k + 4 <= c; k += 4) {
      const at = bytes(k), level = read(mean + at);
      let s = f32x4.splat(0), p = x + (<usize>r0) * step + at, q = dy + (<usize>r0) * step + at;
      for (let r = r0; r < r1; r++) { s = madd(s, read(q), f32x4.sub(read(p), level)); p += step; q += step; }
      v128.store(dgamma + at, madd(read(dgamma + at), s, read(inverse + at)));
    }
    for (; k < c; k++) {
      const at = bytes(k), level = load<f32>(mean + at);
      let s: f32 = 0, p = x + (<usize>r0) * step + at, q = dy + (<usize>r0) * step + at;
      for (let r = r0; r < r1; r++) { s += load<f32>(q) * (load<f32>(p) - level); p += step; q += step; }
      store<f32>(dgamma + at, load<f32>(dgamma + at) + s * load<f32>(inverse + at));
    }
  }
  const parts = f32x4.splat(part);
  for (let r = 0; r < m; r++) {
    const from = x + (<usize>r) * step, slope = dy + (<usize>r) * step, to = dx + (<usize>r) * step;
    let k = 0;
    for (; k + 4 <= c; k += 4) {
      const at = bytes(k), inv = read(inverse + at);
      const hat = f32x4.mul(f32x4.sub(read(from + at), read(mean + at)), inv);
      const level = f32x4.mul(madd(read(dbeta + at), hat, read(dgamma + at)), parts);
      v128.store(to + at, f32x4.mul(f32x4.sub(read(slope + at), level), f32x4.mul(inv, read(gamma + at))));
    }
    for (; k < c; k++) {
      const at = bytes(k), inv = load<f32>(inverse + at);
      const hat: f32 = (load<f32>(from + at) - load<f32>(mean + at)) * inv;
      const level: f32 = (load<f32>(dbeta + at) + hat * load<f32>(dgamma + at)) * part;
      store<f32>(to + at, (load<f32>(slope + at) - level) * (inv * load<f32>(gamma + at)));
    }
  }
}

/** dx = dy where y > 0, else 0. */
export function reluGradient(dy: usize, y: usize, dx: usize, size: i32): void {
  const zero = f32x4.splat(0);
  let k = 0;
  for (; k + 4 <= size; k += 4) v128.store(dx + bytes(k), v128.and(read(dy + bytes(k)), f32x4.gt(read(y + bytes(k)), zero)));
  for (; k < size; k++) store<f32>(dx + bytes(k), load<f32>(y + bytes(k)) > 0 ? load<f32>(dy + bytes(k)) : 0);
}

/** One step of Adam over one weight, all of `size` values; new values go to places of their own. */
export function adam(w: usize, m: usize, v: usize, g: usize, w1: usize, m1: usize, v1: usize, size: i32, rate: f32, rest1: f32, rest2: f32, epsilon: f32): void {
  const r1 = f32x4.splat(rest1), r2 = f32x4.splat(rest2), lr = f32x4.splat(rate), eps = f32x4.splat(epsilon);
  let k = 0;
  for (; k + 4 <= size; k += 4) {
    const at = bytes(k), grad = read(g + at);
    const first = madd(read(m + at), f32x4.sub(grad, read(m + at)), r1);
    const second = madd(read(v + at), f32x4.sub(f32x4.mul(grad, grad), read(v + at)), r2);
    v128.store(m1 + at, first); v128.store(v1 + at, second);
    v128.store(w1 + at, f32x4.sub(read(w + at), f32x4.div(f32x4.mul(first, lr), f32x4.add(f32x4.sqrt(second), eps))));
  }
  for (; k < size; k++) {
    const at = bytes(k), grad = load<f32>(g + at);
    const first: f32 = load<f32>(m + at) + (grad - load<f32>(m + at)) * rest1;
    const second: f32 = load<f32>(v + at) + (grad * grad - load<f32>(v + at)) * rest2;
    store<f32>(m1 + at, first); store<f32>(v1 + at, second);
    store<f32>(w1 + at, load<f32>(w + at) - (first * rate) / (sqrt<f32>(second) + epsilon));
  }
}
