import { bytes, ceilDiv, madd, read } from './vector';

// Convolutions with one filter a channel.

/**
 * y[n,h,w,c] = Σ x[n, h·sh+a−top, w·sw+b−left, c] · f[a,b,c]; with `back` its gradient, where x is dy, y is dx and the
 * sum is over the outputs that a pixel went into. An item is `rows` rows of an image.
 */
export function depthwise(item: i32, thread: i32, x: usize, f: usize, y: usize, ih: i32, iw: i32, c: i32, oh: i32, ow: i32, kh: i32, kw: i32, stride: i32, top: i32, left: i32, rows: i32, back: i32): void {
  const blocks = ceilDiv(oh, rows), image = item / blocks, h0 = (item - image * blocks) * rows, h1 = min(h0 + rows, oh);
  const from = x + bytes(image * ih * iw * c), column = bytes(c), row = bytes(iw * c);
  for (let h = h0; h < h1; h++) {
    // The taps a0, a0 + aStep … below a1 read the rows of x from h2 on, `down` further each.
    let a0 = 0, a1 = kh, aStep = 1, h2 = 0, down = row;
    if (back) {
      aStep = stride; a0 = (h + top) % stride; h2 = (h + top - a0) / stride; down = <usize>-row;
      if (h2 >= ih) { a0 += (h2 - ih + 1) * stride; h2 = ih - 1; }
      a1 = min(kh, h + top + 1);
    } else {
      h2 = h * stride - top;
      if (h2 < 0) { a0 = -h2; h2 = 0; }
      a1 = min(kh, ih - h * stride + top);
    }
    for (let w = 0; w < ow; w++) {
      let b0 = 0, b1 = kw, bStep = 1, w2 = 0, right = column;
      if (back) {
        bStep = stride; b0 = (w + left) % stride; w2 = (w + left - b0) / stride; right = <usize>-column;
        if (w2 >= iw) { b0 += (w2 - iw + 1) * stride; w2 = iw - 1; }
        b1 = min(kw, w + left + 1);
      } else {
        w2 = w * stride - left;
        if (w2 < 0) { b0 = -w2; w2 = 0; }
        b1 = min(kw, iw - w * stride + left);
      }
      const first = from + bytes((h2 * iw + w2) * c), to = y + bytes(((image * oh + h) * ow + w) * c);
      const fDown = bytes(aStep * kw * c), fRight = bytes(bStep * c), f0 = f + bytes((a0 * kw + b0) * c);
      let k = 0;
      for (; k + 16 <= c; k += 16) {
        let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0, line = first + bytes(k), weights = f0 + bytes(k);
        for (let a = a0; a < a1; a += aStep) {
          let p = line, q = weights;
          for (let b = b0; b < b1; b += bStep) {
            s0 = madd(s0, read(p), read(q)); s1 = madd(s1, v128.load(p, 16), v128.load(q, 16));
            s2 = madd(s2, v128.load(p, 32), v128.load(q, 32)); s3 = madd(s3, v128.load(p, 48), v128.load(q, 48));
            p += right; q += fRight;
          }
          line += down; weights += fDown;
        }
        const o = to + bytes(k);
        v128.store(o, s0); v128.store(o, s1, 16); v128.store(o, s2, 32); v128.store(o, s3, 48);
      }
      for (; k + 4 <= c; k += 4) {
        let s = f32x4.splat(0), line = first + bytes(k), weights = f0 + bytes(k);
        for (let a = a0; a < a1; a += aStep) {
          let p = line, q = weights;
          for (let b = b0; b < b1; b += bStep) { s = madd(s, read(p), read(q)); p += right; q += fRight; }
          line += down; weights += fDown;
        }
        v128.store(to + bytes(k), s);
      }
      for (; k < c; k++) {
        let s: f32 = 0, line = first + bytes(k), weights = f0 + bytes(k);
        for (let a = a0; a < a1; a += aStep) {
          let p = line, q = weights;
          for (let b = b0; b < b1; b += bStep) { s += load<f32>(p) * load<f32>(q); p += right; q += fRight; }
          line += down; weights += fDown;
        }
        store<f32>(to + bytes(k), s);
      }
    }
  }
}

/** First and one past the last output column whose input column (column × stride + tap − pad) lies in the image. */
@inline function firstColumn(tap: i32, pad: i32, stride: i32): i32 { return pad - tap > 0 ? (pad - tap + stride - 1) / stride : 0; }
@inline function endColumn(tap: i32, pad: i32, stride: i32, width: i32, outWidth: i32): i32 {
  return width - 1 - tap + pad >= 0 ? min(outWidth, (width - 1 - tap + pad) / stride + 1) : 0;
}

/**
 * parts[n][a,b,c] = Σ x[n, y·stride+a−top, x·stride+b−left, c] · dy[n,y,x,c]; an item is a block of channels of an
 * image, and images are added up by `addUp`.
 */
export function depthwiseFilterGradient(item: i32, thread: i32, x: usize, dy: usize, parts: usize, ih: i32, iw: i32, c: i32, oh: i32, ow: i32, kh: i32, kw: i32, stride: i32, top: i32, left: i32, block: i32): void {
  const blocks = ceilDiv(c, block), image = item / blocks, k0 = (item - image * blocks) * block, k1 = min(k0 + block, c);
  const xStep = bytes(stride * c), yStep = bytes(c), to = parts + bytes(image * kh * kw * c);
  for (let a = 0; a < kh; a++) for (let b = 0; b < kw; b++) {
    const tap = to + bytes((a * kw + b) * c), w0 = firstColumn(b, left, stride), w1 = endColumn(b, left, stride, iw, ow);
    const h0 = firstColumn(a, top, stride), h1 = endColumn(a, top, stride, ih, oh);
    const xFirst = x + bytes(((image * ih + h0 * stride + a - top) * iw + w0 * stride + b - left) * c);
    const yFirst = dy + bytes(((image * oh + h0) * ow + w0) * c), xLine = bytes(stride * iw * c), yLine = bytes(ow * c);
    let k = k0;
    for (; k + 16 <= k1; k += 16) {
      let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0, p0 = xFirst + bytes(k), q0 = yFirst + bytes(k);
      for (let h = h0; h < h1; h++) {
        let p = p0, q = q0;
        for (let w = w0; w < w1; w++) {
          s0 = madd(s0, read(p), read(q)); s1 = madd(s1, v128.load(p, 16), v128.load(q, 16));
          s2 = madd(s2, v128.load(p, 32), v128.load(q, 32)); s3 = madd(s3, v128.load(p, 48), v128.load(q, 48));
          p += xStep; q += yStep;
        }
        p0 += xLine; q0 += yLine;
      }
      const o = tap + bytes(k);
      v128.store(o, s0); v128.store(o, s1, 16); v128.store(o, s2, 32); v128.store(o, s3, 48);
    }
    for (; k + 4 <= k1; k += 4) {
      let s = f32x4.splat(0), p0 = xFirst + bytes(k), q0 = yFirst + bytes(k);
      for (let h = h0; h < h1; h++) {
        let p = p0, q = q0;
        for (let w = w0; w < w1; w++) { s = madd(s, read(p), read(q)); p += xStep; q += yStep; }
        p0 += xLine; q0 += yLine;
      }
      v128.store(tap + bytes(k), s);
    }
    for (; k < k1; k++) {
      let s: f32 = 0, p0 = xFirst + bytes(k), q0 = yFirst + bytes(k);
      for (let h = h0; h < h1; h++) {
        let p = p0, q = q0;
        for (let w = w0; w < w1; w++) { s += load<f32>(p) * load<f32>(q); p += xStep; q += yStep; }
        p0 += xLine; q0 += yLine;
      }
      store<f32>(tap + bytes(k), s);
    }
  }
}
