import { bytes, ceilDiv, madd, read, sigmoid4 } from './vector';

// Batch norm over the rows of x[m][c], with the activation that follows it: 0 none, 1 relu, 2 swish. Channels are taken
// four at a time; what is left at the end is done on a vector whose upper part is empty.

/** Up to four values; those from `count` on are zero. */
@inline function some(at: usize, count: i32): v128 {
  if (count >= 4) return read(at);
  let v = f32x4.replace_lane(f32x4.splat(0), 0, load<f32>(at));
  if (count > 1) v = f32x4.replace_lane(v, 1, load<f32>(at, 4));
  if (count > 2) v = f32x4.replace_lane(v, 2, load<f32>(at, 8));
  return v;
}
@inline function put(at: usize, v: v128, count: i32): void {
  if (count >= 4) { v128.store(at, v); return; }
  store<f32>(at, f32x4.extract_lane(v, 0));
  if (count > 1) store<f32>(at, f32x4.extract_lane(v, 1), 4);
  if (count > 2) store<f32>(at, f32x4.extract_lane(v, 2), 8);
}

/** parts[item][2][c]: mean, and Σ (x − mean)², of `rows` rows. */
export function statistics(item: i32, thread: i32, x: usize, parts: usize, m: i32, c: i32, rows: i32): void {
  const r0 = item * rows, r1 = min(r0 + rows, m), step = bytes(c), count: f32 = <f32>(r1 - r0);
  const means = parts + bytes(item * 2 * c), squares = means + step;
  for (let k = 0; k < c; k += 4) {
    const wide = c - k, at = bytes(k);
    let s = f32x4.splat(0), p = x + <usize>r0 * step + at;
    for (let r = r0; r < r1; r++) { s = f32x4.add(s, some(p, wide)); p += step; }
    const mean = f32x4.div(s, f32x4.splat(count));
    s = f32x4.splat(0); p = x + <usize>r0 * step + at;
    for (let r = r0; r < r1; r++) { const d = f32x4.sub(some(p, wide), mean); s = madd(s, d, d); p += step; }
    put(means + at, mean, wide); put(squares + at, s, wide);
  }
}

/** Mean, variance (biased) and 1/√(variance + ε) of all rows from those of the parts (Chan et al. 1979). One item. */
export function combineStatistics(item: i32, thread: i32, parts: usize, mean: usize, variance: usize, inverse: usize, m: i32, c: i32, rows: i32, epsilon: f32): void {
  const count = ceilDiv(m, rows), all: f32 = <f32>m;
  for (let k = 0; k < c; k++) {
    let s: f32 = 0, squares: f32 = 0, at = parts + bytes(k);
    for (let p = 0; p < count; p++) s += load<f32>(at + bytes(p * 2 * c)) * <f32>(min(rows, m - p * rows));
    const level: f32 = s / all;
    for (let p = 0; p < count; p++) {
      const d: f32 = load<f32>(at + bytes(p * 2 * c)) - level;
      squares += load<f32>(at + bytes((p * 2 + 1) * c)) + d * d * <f32>(min(rows, m - p * rows));
    }
    store<f32>(mean + bytes(k), level);
    store<f32>(variance + bytes(k), squares / all);
    store<f32>(inverse + bytes(k), <f32>1 / sqrt<f32>(squares / all + epsilon));
  }
}

@inline function activated(z: v128, activation: i32): v128 {
  return activation == 0 ? z : activation == 1 ? f32x4.max(z, f32x4.splat(0)) : f32x4.mul(z, sigmoid4(z));
}
/** dy · activation′(z). */
@inline function slope(dy: v128, z: v128, activation: i32): v128 {
  if (activation == 0) return dy;
  if (activation == 1) return v128.and(dy, f32x4.gt(z, f32x4.splat(0)));
  const gate = sigmoid4(z), y = f32x4.mul(z, gate);
  return f32x4.mul(dy, f32x4.add(gate, f32x4.sub(y, f32x4.mul(y, gate))));
}

/** y = activation((x − mean) · inverse · gamma + beta). An item is `rows` rows. */
export function normalize(item: i32, thread: i32, x: usize, mean: usize, inverse: usize, gamma: usize, beta: usize, y: usize, m: i32, c: i32, rows: i32, activation: i32): void {
  const r0 = item * rows, r1 = min(r0 + rows, m);
  for (let r = r0; r < r1; r++) {
    const from = x + bytes(r * c), to = y + bytes(r * c);
    for (let k = 0; k < c; k += 4) {
      const at = bytes(k), wide = c - k;
      const scale = f32x4.mul(some(inverse + at, wide), some(gamma + at, wide));
      const z = madd(some(beta + at, wide), f32x4.sub(some(from + at, wide), some(mean + at, wide)), scale);
      put(to + at, activated(z, activation), wide);
    }
  }
}

/** parts[item][2][c]: Σ dz and Σ dz · x̂ of `rows` rows, where dz, the gradient before the activation, goes to dz. */
export function normalizeSums(item: i32, thread: i32, x: usize, dy: usize, mean: usize, inverse: usize, gamma: usize, beta: usize, dz: usize, parts: usize, m: i32, c: i32, rows: i32, activation: i32): void {
  const r0 = item * rows, r1 = min(r0 + rows, m), step = bytes(c), sums = parts + bytes(item * 2 * c);
  for (let k = 0; k < c; k += 4) {
    const wide = c - k, at = bytes(k), level = some(mean + at, wide), inv = some(inverse + at, wide);
    const scale = some(gamma + at, wide), offset = some(beta + at, wide), whole = f32x4.mul(inv, scale);
    let s = f32x4.splat(0), t = s, p = x + <usize>r0 * step + at, q = dy + <usize>r0 * step + at, o = dz + <usize>r0 * step + at;
    for (let r = r0; r < r1; r++) {
      const d = f32x4.sub(some(p, wide), level);
      let g = some(q, wide);
      if (activation) { g = slope(g, madd(offset, d, whole), activation); put(o, g, wide); }
      s = f32x4.add(s, g); t = madd(t, g, d);
      p += step; q += step; o += step;
    }
    put(sums + at, s, wide); put(sums + step + at, f32x4.mul(t, inv), wide);
  }
}

/** dx = gamma · inverse · (dz − (Σ dz + x̂ · Σ dz · x̂) / m), sums[2][c] given. An item is `rows` rows; dx may be dz. */
export function normalizeGradient(item: i32, thread: i32, x: usize, dz: usize, mean: usize, inverse: usize, gamma: usize, sums: usize, dx: usize, m: i32, c: i32, rows: i32): void {
  const r0 = item * rows, r1 = min(r0 + rows, m), part = f32x4.splat(<f32>1 / <f32>m), more = sums + bytes(c);
  for (let r = r0; r < r1; r++) {
    const from = x + bytes(r * c), grad = dz + bytes(r * c), to = dx + bytes(r * c);
    for (let k = 0; k < c; k += 4) {
      const at = bytes(k), wide = c - k, inv = some(inverse + at, wide);
      const hat = f32x4.mul(f32x4.sub(some(from + at, wide), some(mean + at, wide)), inv);
      const level = f32x4.mul(madd(some(sums + at, wide), hat, some(more + at, wide)), part);
      put(to + at, f32x4.mul(f32x4.sub(some(grad + at, wide), level), f32x4.mul(inv, some(gamma + at, wide))), wide);
    }
  }
}

/** parts[outer][chunk][c] = Σ over `rows` rows of x[outer][m][c]; an item is a chunk. */
export function columnSums(item: i32, thread: i32, x: usize, parts: usize, m: i32, c: i32, rows: i32): void {
  const chunks = ceilDiv(m, rows), outer = item / chunks, r0 = (item - outer * chunks) * rows, r1 = min(r0 + rows, m);
  const step = bytes(c), from = x + (<usize>outer * <usize>m + <usize>r0) * step, to = parts + <usize>item * step;
  let k = 0;
  for (; k + 8 <= c; k += 8) {
    let s = f32x4.splat(0), t = s, p = from + bytes(k);
    for (let r = r0; r < r1; r++) { s = f32x4.add(s, read(p)); t = f32x4.add(t, v128.load(p, 16)); p += step; }
    v128.store(to + bytes(k), s); v128.store(to + bytes(k), t, 16);
  }
  for (; k < c; k++) {
    let s: f32 = 0, p = from + bytes(k);
    for (let r = r0; r < r1; r++) { s += load<f32>(p); p += step; }
    store<f32>(to + bytes(k), s);
  }
}

/** out[c] = 1/√(variance + ε). One item. */
export function inverseRoot(item: i32, thread: i32, variance: usize, out: usize, c: i32, epsilon: f32): void {
  for (let k = 0; k < c; k++) store<f32>(out + bytes(k), <f32>1 / sqrt<f32>(load<f32>(variance + bytes(k)) + epsilon));
}
