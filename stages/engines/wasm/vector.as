// What the kernels share. Pointers are byte offsets; all values are float32.

@inline export function bytes(floats: i32): usize { return (<usize>floats) << 2; }
@inline export function read(at: usize): v128 { return v128.load(at); }
@inline export function madd(sum: v128, a: v128, b: v128): v128 { return f32x4.add(sum, f32x4.mul(a, b)); }
@inline export function ceilDiv(a: i32, b: i32): i32 { return (a + b - 1) / b; }

// No memory.copy and memory.fill: they look at the size of the memory that a thread knew when it last asked.
export function copy(from: usize, to: usize, floats: i32): void {
  let k = 0;
  for (; k + 16 <= floats; k += 16) {
    const a = read(from), b = v128.load(from, 16), c = v128.load(from, 32), d = v128.load(from, 48);
    v128.store(to, a); v128.store(to, b, 16); v128.store(to, c, 32); v128.store(to, d, 48);
    from += 64; to += 64;
  }
  for (; k + 4 <= floats; k += 4) { v128.store(to, read(from)); from += 16; to += 16; }
  for (; k < floats; k++) { store<f32>(to, load<f32>(from)); from += 4; to += 4; }
}

export function clear(to: usize, floats: i32): void {
  const zero = f32x4.splat(0);
  let k = 0;
  for (; k + 4 <= floats; k += 4) { v128.store(to, zero); to += 16; }
  for (; k < floats; k++) { store<f32>(to, 0); to += 4; }
}

/** Stores the first `count` of eight values. */
export function storePart(to: usize, low: v128, high: v128, count: i32): void {
  if (count >= 4) { v128.store(to, low); to += 16; count -= 4; low = high; }
  if (count > 0) store<f32>(to, f32x4.extract_lane(low, 0));
  if (count > 1) store<f32>(to, f32x4.extract_lane(low, 1), 4);
  if (count > 2) store<f32>(to, f32x4.extract_lane(low, 2), 8);
}

/**
 * 1 / (1 + e^−x) of four values, by additions, multiplications and one division only, so that its bits are the same
 * everywhere. e^−|x| is 2^n · e^t with |t| ≤ ln 2 / 2, e^t by a polynomial of degree 5 (its minimax on that range).
 */
@inline export function sigmoid4(x: v128): v128 {
  const z = f32x4.neg(f32x4.abs(x));
  const magic = f32x4.splat(12582912); // 1.5 · 2^23: adding it rounds to a whole number
  const whole = f32x4.add(f32x4.mul(z, f32x4.splat(1.44269504)), magic);
  const power = i32x4.shl(i32x4.add(whole, i32x4.splat(127)), 23); // 2^n as bits
  const n = f32x4.sub(whole, magic);
  let t = f32x4.sub(z, f32x4.mul(n, f32x4.splat(0.693145752)));
  t = f32x4.sub(t, f32x4.mul(n, f32x4.splat(1.42860677e-6)));
  let p = f32x4.splat(0.00828929059);
  p = madd(f32x4.splat(0.0418978221), p, t);
  p = madd(f32x4.splat(0.166676521), p, t);
  p = madd(f32x4.splat(0.499991506), p, t);
  p = madd(f32x4.splat(0.999999702), p, t);
  let e = madd(power, f32x4.mul(p, t), power);
  e = v128.andnot(e, f32x4.lt(z, f32x4.splat(-87.33654)));
  const f = f32x4.div(e, f32x4.add(e, f32x4.splat(1)));
  return v128.bitselect(f, f32x4.sub(f32x4.splat(1), f), f32x4.lt(x, f32x4.splat(0)));
}
