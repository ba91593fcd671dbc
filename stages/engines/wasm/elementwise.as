import { bytes, ceilDiv, madd, read, sigmoid4 } from './vector';

// Value by value; an item is `block` of `size` values, and `block` is a multiple of 4.

/** y = max(x, 0) */
export function relu(item: i32, thread: i32, x: usize, y: usize, size: i32, block: i32): void {
  const end = min(size, (item + 1) * block), zero = f32x4.splat(0);
  let k = item * block;
  for (; k + 4 <= end; k += 4) v128.store(y + bytes(k), f32x4.max(read(x + bytes(k)), zero));
  for (; k < end; k++) store<f32>(y + bytes(k), max<f32>(load<f32>(x + bytes(k)), 0));
}

/** dx = dy where y > 0, else 0. */
export function reluGradient(item: i32, thread: i32, dy: usize, y: usize, dx: usize, size: i32, block: i32): void {
  const end = min(size, (item + 1) * block), zero = f32x4.splat(0);
  let k = item * block;
  for (; k + 4 <= end; k += 4) v128.store(dx + bytes(k), v128.and(read(dy + bytes(k)), f32x4.gt(read(y + bytes(k)), zero)));
  for (; k < end; k++) store<f32>(dx + bytes(k), load<f32>(y + bytes(k)) > 0 ? load<f32>(dy + bytes(k)) : 0);
}

@inline function swished(x: v128): v128 { return f32x4.mul(x, sigmoid4(x)); }
@inline function swishSlope(dy: v128, x: v128): v128 {
  const gate = sigmoid4(x), y = f32x4.mul(x, gate);
  return f32x4.mul(dy, f32x4.add(gate, f32x4.sub(y, f32x4.mul(y, gate))));
}

/** y = x · sigmoid(x) */
export function swish(item: i32, thread: i32, x: usize, y: usize, size: i32, block: i32): void {
  const end = min(size, (item + 1) * block);
  let k = item * block;
  for (; k + 4 <= end; k += 4) v128.store(y + bytes(k), swished(read(x + bytes(k))));
  for (; k < end; k++) store<f32>(y + bytes(k), f32x4.extract_lane(swished(f32x4.splat(load<f32>(x + bytes(k)))), 0));
}

/** dx = dy · swish′(x) */
export function swishGradient(item: i32, thread: i32, dy: usize, x: usize, dx: usize, size: i32, block: i32): void {
  const end = min(size, (item + 1) * block);
  let k = item * block;
  for (; k + 4 <= end; k += 4) v128.store(dx + bytes(k), swishSlope(read(dy + bytes(k)), read(x + bytes(k))));
  for (; k < end; k++) store<f32>(dx + bytes(k), f32x4.extract_lane(swishSlope(f32x4.splat(load<f32>(dy + bytes(k))), f32x4.splat(load<f32>(x + bytes(k)))), 0));
}

/** y = sigmoid(x) */
export function sigmoid(item: i32, thread: i32, x: usize, y: usize, size: i32, block: i32): void {
  const end = min(size, (item + 1) * block);
  let k = item * block;
  for (; k + 4 <= end; k += 4) v128.store(y + bytes(k), sigmoid4(read(x + bytes(k))));
  for (; k < end; k++) store<f32>(y + bytes(k), f32x4.extract_lane(sigmoid4(f32x4.splat(load<f32>(x + bytes(k)))), 0));
}

/** y = a + b */
export function add(item: i32, thread: i32, a: usize, b: usize, y: usize, size: i32, block: i32): void {
  const end = min(size, (item + 1) * block);
  let k = item * block;
  for (; k + 4 <= end; k += 4) v128.store(y + bytes(k), f32x4.add(read(a + bytes(k)), read(b + bytes(k))));
  for (; k < end; k++) store<f32>(y + bytes(k), load<f32>(a + bytes(k)) + load<f32>(b + bytes(k)));
}

/** y = a · b */
export function multiply(item: i32, thread: i32, a: usize, b: usize, y: usize, size: i32, block: i32): void {
  const end = min(size, (item + 1) * block);
  let k = item * block;
  for (; k + 4 <= end; k += 4) v128.store(y + bytes(k), f32x4.mul(read(a + bytes(k)), read(b + bytes(k))));
  for (; k < end; k++) store<f32>(y + bytes(k), load<f32>(a + bytes(k)) * load<f32>(b + bytes(k)));
}

/** One step of Adam over one weight; new values may go where the old ones were. */
export function adam(item: i32, thread: i32, w: usize, m: usize, v: usize, g: usize, w1: usize, m1: usize, v1: usize, size: i32, block: i32, rate: f32, rest1: f32, rest2: f32, epsilon: f32): void {
  const end = min(size, (item + 1) * block), r1 = f32x4.splat(rest1), r2 = f32x4.splat(rest2), lr = f32x4.splat(rate), eps = f32x4.splat(epsilon);
  let k = item * block;
  for (; k + 4 <= end; k += 4) {
    const at = bytes(k), grad = read(g + at);
    const first = madd(read(m + at), f32x4.sub(grad, read(m + at)), r1);
    const second = madd(read(v + at), f32x4.sub(f32x4.mul(grad, grad), read(v + at)), r2);
    v128.store(m1 + at, first); v128.store(v1 + at, second);
    v128.store(w1 + at, f32x4.sub(read(w + at), f32x4.div(f32x4.mul(first, lr), f32x4.add(f32x4.sqrt(second), eps))));
  }
  for (; k < end; k++) {
    const at = bytes(k), grad = load<f32>(g + at);
    const first: f32 = load<f32>(m + at) + (grad - load<f32>(m + at)) * rest1;
    const second: f32 = load<f32>(v + at) + (grad * grad - load<f32>(v + at)) * rest2;
    store<f32>(m1 + at, first); store<f32>(v1 + at, second);
    store<f32>(w1 + at, load<f32>(w + at) - (first * rate) / (sqrt<f32>(second) + epsilon));
  }
}

/**
 * y[r][c] = a[r][c] · b[r / inner][c]: what is the same for `inner` rows scales them. An item is `rows` rows.
 */
export function scaleRows(item: i32, thread: i32, a: usize, b: usize, y: usize, m: i32, c: i32, inner: i32, rows: i32): void {
  const r1 = min(m, (item + 1) * rows);
  for (let r = item * rows; r < r1; r++) {
    const from = a + bytes(r * c), by = b + bytes((r / inner) * c), to = y + bytes(r * c);
    let k = 0;
    for (; k + 4 <= c; k += 4) v128.store(to + bytes(k), f32x4.mul(read(from + bytes(k)), read(by + bytes(k))));
    for (; k < c; k++) store<f32>(to + bytes(k), load<f32>(from + bytes(k)) * load<f32>(by + bytes(k)));
  }
}

/** y[r][c] = a[r][c] + b[c]. An item is `rows` rows. */
export function addToRows(item: i32, thread: i32, a: usize, b: usize, y: usize, m: i32, c: i32, rows: i32): void {
  const r1 = min(m, (item + 1) * rows);
  for (let r = item * rows; r < r1; r++) {
    const from = a + bytes(r * c), to = y + bytes(r * c);
    let k = 0;
    for (; k + 4 <= c; k += 4) v128.store(to + bytes(k), f32x4.add(read(from + bytes(k)), read(b + bytes(k))));
    for (; k < c; k++) store<f32>(to + bytes(k), load<f32>(from + bytes(k)) + load<f32>(b + bytes(k)));
  }
}

/** dx = dy · y · (1 − y) with y = sigmoid(x) */
export function sigmoidGradient(item: i32, thread: i32, dy: usize, y: usize, dx: usize, size: i32, block: i32): void {
  const end = min(size, (item + 1) * block), one = f32x4.splat(1);
  let k = item * block;
  for (; k + 4 <= end; k += 4) {
    const s = read(y + bytes(k));
    v128.store(dx + bytes(k), f32x4.mul(read(dy + bytes(k)), f32x4.mul(s, f32x4.sub(one, s))));
  }
  for (; k < end; k++) {
    const s = load<f32>(y + bytes(k));
    store<f32>(dx + bytes(k), load<f32>(dy + bytes(k)) * (s * (<f32>1 - s)));
  }
}

/** y[r][c] = b[r / inner][c], plus a[r][c] where there is an a. An item is `rows` rows. */
export function spreadRows(item: i32, thread: i32, a: usize, b: usize, y: usize, m: i32, c: i32, inner: i32, rows: i32): void {
  const r1 = min(m, (item + 1) * rows);
  for (let r = item * rows; r < r1; r++) {
    const by = b + bytes((r / inner) * c), to = y + bytes(r * c), from = a + bytes(r * c);
    let k = 0;
    if (a) for (; k + 4 <= c; k += 4) v128.store(to + bytes(k), f32x4.add(read(from + bytes(k)), read(by + bytes(k))));
    else for (; k + 4 <= c; k += 4) v128.store(to + bytes(k), read(by + bytes(k)));
    for (; k < c; k++) store<f32>(to + bytes(k), (a ? load<f32>(from + bytes(k)) : 0) + load<f32>(by + bytes(k)));
  }
}

/**
 * For y = x · s, where s[n][c] scales the m rows of its image: dx = dy · s, and parts[n][chunk][c] = Σ dy · x over `rows`
 * rows. An item is a chunk.
 */
export function scaleGradient(item: i32, thread: i32, dy: usize, x: usize, s: usize, dx: usize, parts: usize, m: i32, c: i32, rows: i32): void {
  const chunks = ceilDiv(m, rows), image = item / chunks, r0 = (item - image * chunks) * rows, r1 = min(r0 + rows, m);
  const step = bytes(c), first = (<usize>image * <usize>m + <usize>r0) * step, to = parts + <usize>item * step, by = s + <usize>image * step;
  let k = 0;
  for (; k + 4 <= c; k += 4) {
    const scale = read(by + bytes(k));
    let sum = f32x4.splat(0), at = first + bytes(k);
    for (let r = r0; r < r1; r++) {
      const g = read(dy + at);
      sum = madd(sum, g, read(x + at));
      v128.store(dx + at, f32x4.mul(g, scale));
      at += step;
    }
    v128.store(to + bytes(k), sum);
  }
  for (; k < c; k++) {
    const scale = load<f32>(by + bytes(k));
    let sum: f32 = 0, at = first + bytes(k);
    for (let r = r0; r < r1; r++) {
      const g = load<f32>(dy + at);
      sum += g * load<f32>(x + at);
      store<f32>(dx + at, g * scale);
      at += step;
    }
    store<f32>(to + bytes(k), sum);
  }
}

/** mean = mean · kept + value · rest, in place. */
export function follow(item: i32, thread: i32, mean: usize, value: usize, size: i32, block: i32, kept: f32, rest: f32): void {
  const end = min(size, (item + 1) * block);
  for (let k = item * block; k < end; k++) store<f32>(mean + bytes(k), load<f32>(mean + bytes(k)) * kept + load<f32>(value + bytes(k)) * rest);
}
