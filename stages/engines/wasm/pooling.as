import { bytes, clear, read } from './vector';

/** Gradient of max pooling: dy goes to the first largest value of its window. An item is an image. */
export function maxPoolGradient(item: i32, thread: i32, x: usize, dy: usize, dx: usize, ih: i32, iw: i32, c: i32, oh: i32, ow: i32, kh: i32, kw: i32, sh: i32, sw: i32, top: i32, left: i32): void {
  const image = item;
  clear(dx + bytes(image * ih * iw * c), ih * iw * c);
  const row = bytes(iw * c), column = bytes(c);
  for (let h = 0; h < oh; h++) for (let w = 0; w < ow; w++) {
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

/** y = the largest value of each window that lies in the image, none beyond its edges. An item is an image. */
export function maxPool(item: i32, thread: i32, x: usize, y: usize, ih: i32, iw: i32, c: i32, oh: i32, ow: i32, size: i32, stride: i32): void {
  const column = bytes(c), row = bytes(iw * c);
  for (let h = 0; h < oh; h++) for (let w = 0; w < ow; w++) {
    const from = x + bytes(((item * ih + h * stride) * iw + w * stride) * c), to = y + bytes(((item * oh + h) * ow + w) * c);
    let k = 0;
    for (; k + 4 <= c; k += 4) {
      let most = read(from + bytes(k));
      for (let a = 0; a < size; a++) for (let b = 0; b < size; b++) most = f32x4.max(most, read(from + <usize>a * row + <usize>b * column + bytes(k)));
      v128.store(to + bytes(k), most);
    }
    for (; k < c; k++) {
      let most = load<f32>(from + bytes(k));
      for (let a = 0; a < size; a++) for (let b = 0; b < size; b++) most = max<f32>(most, load<f32>(from + <usize>a * row + <usize>b * column + bytes(k)));
      store<f32>(to + bytes(k), most);
    }
  }
}
