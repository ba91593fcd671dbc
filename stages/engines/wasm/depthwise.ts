/** How convolutions with one filter a channel are cut into items; see convolutions.ts. */
import { sumParts, type Window } from './convolutions.ts';
import type { Heap } from './heap.ts';

/** Values of an item. */
const SIZE = 32768;

export function depthwise(
  { threads }: Heap,
  [x, f, y]: readonly [number, number, number],
  { n, ih, iw, ci, oh, ow, kh, kw, stride, top, left }: Window,
): void {
  const rows = rowsOf(oh, ow * ci);
  const shape = [ih, iw, ci, oh, ow, kh, kw, stride, top, left, rows, 0];
  threads.run('depthwise', n * Math.ceil(oh / rows), x, f, y, ...shape);
}

/** dx of dy. */
export function depthwiseBack(
  { threads }: Heap,
  [dy, f, dx]: readonly [number, number, number],
  { n, ih, iw, ci, oh, ow, kh, kw, stride, top, left }: Window,
): void {
  const rows = rowsOf(ih, iw * ci);
  const shape = [oh, ow, ci, ih, iw, kh, kw, stride, top, left, rows, 1];
  threads.run('depthwise', n * Math.ceil(ih / rows), dy, f, dx, ...shape);
}

/** df of x and dy. */
export function depthwiseFilter(
  heap: Heap,
  [x, dy, df]: readonly [number, number, number],
  { n, ih, iw, ci, oh, ow, kh, kw, stride, top, left }: Window,
): void {
  const block = 64;
  heap.within(n * kh * kw * ci, (parts) => {
    const shape = [ih, iw, ci, oh, ow, kh, kw, stride, top, left, block];
    heap.threads.run('depthwiseFilterGradient', n * Math.ceil(ci / block), x, dy, parts, ...shape);
    sumParts(heap, parts, df, { outer: 1, count: n, size: kh * kw * ci });
  });
}

const rowsOf = (height: number, line: number): number =>
  Math.max(1, Math.min(height, Math.round(SIZE / line)));
