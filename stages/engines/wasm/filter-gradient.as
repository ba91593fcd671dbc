import { bytes, ceilDiv, clear, madd, read } from './vector';

/**
 * dw[a,b,i,o] = Σ x[n, y·stride+a−top, x·stride+b−left, i] · dy[n,y,x,o], for all n, y, x of one chunk of the rows.
 *
 * An item is a chunk, a block of input channels and a block of output channels. It goes through its rows a few at a
 * time, copies them to its scratch as panels of 4 (x, with the zeros around) and 8 (dy) channels, and adds to tiles of 4
 * by 8 sums. The chunks, whose number depends on the shapes alone, are added up by `addUp`.
 */
export function filterGradient(item: i32, thread: i32, x: usize, dy: usize, out: usize, n: i32, ih: i32, iw: i32, ci: i32, oh: i32, ow: i32, co: i32, kh: i32, kw: i32, stride: i32, top: i32, left: i32, rows: i32, chunk: i32, iBlock: i32, oBlock: i32, scratch: usize, size: usize): void {
  const iGroups = ceilDiv(ci, iBlock), oGroups = ceilDiv(co, oBlock), groups = iGroups * oGroups;
  const part = item / groups, group = item - part * groups;
  const i0 = (group / oGroups) * iBlock, i1 = min(i0 + iBlock, ci), o0 = (group % oGroups) * oBlock, o1 = min(o0 + oBlock, co);
  const iTiles = ceilDiv(i1 - i0, 4), oTiles = ceilDiv(o1 - o0, 8), taps = kh * kw;
  const sums = scratch + <usize>thread * size, xs = sums + bytes(taps * iTiles * oTiles * 32);
  const width = (ow - 1) * stride + kw, xPanel = bytes(((rows - 1) * stride + kh) * width * 4), ys = xs + <usize>iTiles * xPanel, yPanel = bytes(rows * ow * 8);
  clear(sums, taps * iTiles * oTiles * 32);
  const blocks = ceilDiv(oh, rows), end = min((part + 1) * chunk, n * blocks);
  for (let block = part * chunk; block < end; block++) {
    const image = block / blocks, h0 = (block - image * blocks) * rows, h1 = min(h0 + rows, oh);
    panels4(x + bytes(image * ih * iw * ci + i0), xs, xPanel, h0 * stride - top, -left, (h1 - h0 - 1) * stride + kh, width, ih, iw, ci, i1 - i0);
    panels8(dy + bytes((image * oh + h0) * ow * co + o0), ys, yPanel, (h1 - h0) * ow, co, o1 - o0);
    // Without a neighbourhood all rows are one.
    const lines = kw == 1 && stride == 1 ? 1 : h1 - h0, run = kw == 1 && stride == 1 ? (h1 - h0) * ow : ow;
    for (let a = 0; a < kh; a++) for (let b = 0; b < kw; b++) for (let i = 0; i < iTiles; i++) for (let o = 0; o < oTiles; o++)
      addTile(sums + bytes((((a * kw + b) * iTiles + i) * oTiles + o) * 32), xs + <usize>i * xPanel + bytes((a * width + b) * 4), ys + <usize>o * yPanel, lines, run, <usize>(stride * 16), <usize>(width * stride * 16));
  }
  const to = out + bytes(part * taps * ci * co);
  for (let t = 0; t < taps; t++) for (let i = i0; i < i1; i++) for (let o = o0; o < o1; o++)
    store<f32>(to + bytes((t * ci + i) * co + o), load<f32>(sums + bytes(((t * iTiles + ((i - i0) >> 2)) * oTiles + ((o - o0) >> 3)) * 32 + ((i - i0) & 3) * 8 + ((o - o0) & 7))));
}

/** sums[4][8] += Σ x[pixel][4] · y[pixel][8] over `lines` lines of `run` pixels. */
function addTile(sums: usize, x: usize, y: usize, lines: i32, run: i32, xStep: usize, xLine: usize): void {
  let c00 = read(sums), c01 = v128.load(sums, 16), c10 = v128.load(sums, 32), c11 = v128.load(sums, 48);
  let c20 = v128.load(sums, 64), c21 = v128.load(sums, 80), c30 = v128.load(sums, 96), c31 = v128.load(sums, 112);
  for (let line = 0; line < lines; line++) {
    let p = x;
    const end = y + <usize>run * 32;
    for (; y < end; y += 32) {
      const y0 = read(y), y1 = v128.load(y, 16);
      let s = v128.load32_splat(p);
      c00 = madd(c00, s, y0); c01 = madd(c01, s, y1); s = v128.load32_splat(p, 4);
      c10 = madd(c10, s, y0); c11 = madd(c11, s, y1); s = v128.load32_splat(p, 8);
      c20 = madd(c20, s, y0); c21 = madd(c21, s, y1); s = v128.load32_splat(p, 12);
      c30 = madd(c30, s, y0); c31 = madd(c31, s, y1);
      p += xStep;
    }
    x += xLine;
  }
  v128.store(sums, c00); v128.store(sums, c01, 16); v128.store(sums, c10, 32); v128.store(sums, c11, 48);
  v128.store(sums, c20, 64); v128.store(sums, c21, 80); v128.store(sums, c30, 96); v128.store(sums, c31, 112);
}

function panels4(from: usize, to: usize, panel: usize, top: i32, left: i32, height: i32, width: i32, ih: i32, iw: i32, c: i32, count: i32): void {
  const zero = f32x4.splat(0);
  for (let k = 0; k < count; k += 4) {
    let at = to + <usize>(k >> 2) * panel;
    const whole = k + 4 <= count;
    for (let r = 0; r < height; r++) {
      const h = top + r;
      if (<u32>h >= <u32>ih) { for (let q = 0; q < width; q++) { v128.store(at, zero); at += 16; } continue; }
      const line = from + bytes(h * iw * c + k);
      for (let q = 0; q < width; q++) {
        const w = left + q, source = line + bytes(w * c);
        if (<u32>w >= <u32>iw) v128.store(at, zero);
        else if (whole) v128.store(at, read(source));
        else for (let l = 0; l < 4; l++) store<f32>(at + bytes(l), k + l < count ? load<f32>(source + bytes(l)) : 0);
        at += 16;
      }
    }
  }
}

function panels8(from: usize, to: usize, panel: usize, pixels: i32, c: i32, count: i32): void {
  for (let k = 0; k < count; k += 8) {
    let at = to + <usize>(k >> 3) * panel, source = from + bytes(k);
    if (k + 8 <= count) for (let p = 0; p < pixels; p++) {
      v128.store(at, read(source)); v128.store(at, v128.load(source, 16), 16);
      at += 32; source += bytes(c);
    } else for (let p = 0; p < pixels; p++) {
      for (let l = 0; l < 8; l++) store<f32>(at + bytes(l), k + l < count ? load<f32>(source + bytes(l)) : 0);
      at += 32; source += bytes(c);
    }
  }
}

/** out[outer][c] = scale · Σ parts[outer][part][c], part by part; an item is up to 4,096 of c in one of outer. */
export function addUp(item: i32, thread: i32, parts: usize, out: usize, count: i32, c: i32, scale: f32): void {
  const groups = ceilDiv(c, 4096), outer = item / groups, k0 = (item - outer * groups) * 4096, k1 = min(k0 + 4096, c);
  const from = parts + bytes(outer * count * c), to = out + bytes(outer * c), factor = f32x4.splat(scale);
  let k = k0;
  for (; k + 4 <= k1; k += 4) {
    let s = read(from + bytes(k));
    for (let p = 1; p < count; p++) s = f32x4.add(s, read(from + bytes(p * c + k)));
    v128.store(to + bytes(k), f32x4.mul(s, factor));
  }
  for (; k < k1; k++) {
    let s = load<f32>(from + bytes(k));
    for (let p = 1; p < count; p++) s += load<f32>(from + bytes(p * c + k));
    store<f32>(to + bytes(k), s * scale);
  }
}
