/**
 * How products and convolutions are cut into items for the kernels. The cuts depend on the shapes alone: numbers of
 * threads and cores must not be seen in the bytes.
 */
import type { Heap } from './heap.ts';

/** All in pixels; `top` and `left` are the zeros before the image. */
export interface Window {
  readonly n: number;
  readonly ih: number;
  readonly iw: number;
  readonly ci: number;
  readonly oh: number;
  readonly ow: number;
  readonly co: number;
  readonly kh: number;
  readonly kw: number;
  readonly stride: number;
  readonly top: number;
  readonly left: number;
}

/** Items that a call should have at least, so that many threads find work. */
const MANY = 32;
/** Pixels of an item: enough to be worth the reading of a panel of weights. */
const PIXELS = 64;
const PANEL = 8;

const up = (a: number, b: number): number => Math.ceil(a / b);
/** Panels that an item does, so that there are many items. */
const panelsOf = (all: number, items: number): number => up(all, Math.min(all, up(MANY, items)));
const isProduct = ({ kh, kw, stride, top, left, ih, iw, oh, ow }: Window): boolean =>
  kh === 1 && kw === 1 && stride === 1 && top === 0 && left === 0 && ih === oh && iw === ow;

export interface Extra {
  /** Place of a value for each output channel; 0: none. */
  readonly bias?: number;
  /** Whether what is below zero becomes zero. */
  readonly relu?: boolean;
}

/** y[m,n] = a[m,k] · b[k,n], or · b[n,k] turned. All are places. */
export function multiplyMatrices(
  heap: Heap,
  [a, b, y]: readonly [number, number, number],
  { m, k, n, turned, bias = 0, relu = false }: { m: number; k: number; n: number; turned: boolean } & Extra,
): void {
  const { threads } = heap;
  const panels = up(n, PANEL);
  heap.within((k + 1) * panels * PANEL, (packed) => {
    const pack = k * n > 65536 ? threads.run : threads.runHere;
    if (turned) pack('packTurned', panels, b, packed, 1, n, k);
    else pack('packColumns', panels, b, packed, k, n);
    const offset = packBias(heap, bias, packed, k * panels * PANEL, n);
    const rows = Math.min(PIXELS, up(m, 4) * 4);
    const blocks = up(m, rows);
    const each = panelsOf(panels, blocks);
    const run = m * k * n > 100_000 ? threads.run : threads.runHere;
    run('product', blocks * up(panels, each), ...[a, packed, offset, y, m, k, n, rows, each, relu ? 1 : 0]);
  });
}

/** A bias behind the packed weights, filled up to whole panels; its place, or 0 where there is none. */
function packBias({ threads }: Heap, bias: number, packed: number, floats: number, n: number): number {
  if (bias === 0) return 0;
  const at = packed + floats * 4;
  threads.runHere('packColumns', up(n, PANEL), bias, at, 1, n);
  return at;
}

/** y = x ∗ w + bias */
export function convolve(
  heap: Heap,
  [x, w, y]: readonly [number, number, number],
  window: Window,
  extra: Extra = {},
): void {
  const { n, ih, iw, ci, oh, ow, co, kh, kw, stride, top, left } = window;
  if (isProduct(window)) {
    multiplyMatrices(heap, [x, w, y], { m: n * oh * ow, k: ci, n: co, turned: false, ...extra });
    return;
  }
  const k = kh * kw * ci;
  const panels = up(co, PANEL);
  heap.within((k + 1) * panels * PANEL, (packed) => {
    heap.threads.run('packColumns', panels, w, packed, k, co);
    const offset = packBias(heap, extra.bias ?? 0, packed, k * panels * PANEL, co);
    slide(
      heap,
      [x, packed, offset, y],
      { n, ih, iw, ci, oh, ow, co, kh, kw, stride, spread: 1, top, left },
      extra,
    );
  });
}

/** dx of dy for y = x ∗ w: a convolution of dy, spread out by the stride, with the filter turned by half a turn. */
export function convolveBack(
  heap: Heap,
  [dy, w, dx]: readonly [number, number, number],
  window: Window,
): void {
  const { n, ih, iw, ci, oh, ow, co, kh, kw, stride, top, left } = window;
  if (isProduct(window)) {
    multiplyMatrices(heap, [dy, w, dx], { m: n * oh * ow, k: co, n: ci, turned: true });
    return;
  }
  const panels = up(ci, PANEL);
  heap.within(kh * kw * co * panels * PANEL, (packed) => {
    heap.threads.run('packTurned', panels, w, packed, kh * kw, ci, co);
    slide(heap, [dy, packed, 0, dx], {
      ...{ n, ih: oh, iw: ow, ci: co, oh: ih, ow: iw, co: ci, kh, kw },
      ...{ stride: 1, spread: stride, top: kh - 1 - top, left: kw - 1 - left },
    });
  });
}

function slide(
  heap: Heap,
  places: readonly [number, number, number, number],
  { n, ih, iw, ci, oh, ow, co, kh, kw, stride, spread, top, left }: Window & { readonly spread: number },
  { relu = false }: Extra = {},
): void {
  const panels = up(co, PANEL);
  const rows = Math.max(1, Math.min(oh, Math.round((2 * PIXELS) / ow)));
  const items = n * up(oh, rows);
  const each = panelsOf(panels, items);
  const size = ((rows - 1) * stride + kh) * ((ow - 1) * stride + kw) * ci;
  heap.within(size * heap.threads.count, (scratch) => {
    heap.threads.run(
      'convolution',
      items * up(panels, each),
      ...[...places, ih, iw, ci, oh, ow, co, kh, kw, stride, spread, top, left, rows, each],
      ...[relu ? 1 : 0, scratch, size * 4],
    );
  });
}

/** dw of x and dy for y = x ∗ w. */
export function convolveFilter(
  heap: Heap,
  [x, dy, dw]: readonly [number, number, number],
  window: Window,
): void {
  const flat = isProduct(window);
  const { n, ih, iw, oh, ow } = flat ? asLine(window) : window;
  const { ci, co, kh, kw, stride, top, left } = window;
  const [iBlock, oBlock] = [Math.min(32, up(ci, 4) * 4), Math.min(64, up(co, PANEL) * PANEL)];
  const groups = up(ci, iBlock) * up(co, oBlock);
  const rows = Math.max(1, Math.min(oh, Math.round(256 / ow)));
  const blocks = n * up(oh, rows);
  const chunk = up(blocks, Math.min(blocks, up(MANY, groups)));
  const chunks = up(blocks, chunk);
  const taps = kh * kw;
  const [iTiles, oTiles] = [iBlock / 4, oBlock / PANEL];
  const xPanel = ((rows - 1) * stride + kh) * ((ow - 1) * stride + kw) * 4;
  const size = taps * iTiles * oTiles * 32 + iTiles * xPanel + oTiles * rows * ow * PANEL;
  const weights = taps * ci * co;
  const { threads } = heap;
  heap.within(size * threads.count, (scratch) => {
    const run = (out: number): void =>
      threads.run(
        'filterGradient',
        chunks * groups,
        ...[x, dy, out, n, ih, iw, ci, oh, ow, co, kh, kw, stride, top, left, rows, chunk, iBlock, oBlock],
        ...[scratch, size * 4],
      );
    if (chunks === 1) return run(dw);
    heap.within(chunks * weights, (parts) => {
      run(parts);
      sumParts(heap, parts, dw, { outer: 1, count: chunks, size: weights });
    });
  });
}

/** The pixels of all images one below the other: where there is no neighbourhood nothing else matters. */
function asLine({ n, oh, ow }: Window): Pick<Window, 'n' | 'ih' | 'iw' | 'oh' | 'ow'> {
  const pixels = n * oh * ow;
  return { n: 1, ih: pixels, iw: 1, oh: pixels, ow: 1 };
}

/** out[outer,size] = scale · Σ parts[outer,count,size] */
export function sumParts(
  { threads }: Heap,
  parts: number,
  out: number,
  { outer, count, size, scale = 1 }: { outer: number; count: number; size: number; scale?: number },
): void {
  const run = outer * count * size > 65536 ? threads.run : threads.runHere;
  run('addUp', outer * up(size, 4096), parts, out, count, size, scale);
}
