import { type Component, readJpegHead } from './jpeg-head.ts';
import { heap, imageKernels } from './kernels.ts';
import type { Picture } from './picture.ts';

/** Larger pictures are left to libvips, so that the heap, which never shrinks, stays small. */
const LARGEST = 25_000_000;
/** Bytes of a Huffman table, and of what the kernel is told of a component: see kernels.as. */
const TABLE = 4096 + 144 + 256;
const COMPONENT = 160;
/** What a kernel may read beyond the end of a scan, of a row of samples and of a row of pixels, bytes. */
const BEYOND = 4096;

/**
 * Decodes a JPEG of the common kind (see `readJpegHead`) to RGB; null for all others, and for files with anything wrong
 * in them. In a third of the time that sharp takes, most of which goes into setting up a pipeline, and to the same
 * bytes: a test holds this.
 */
export function decodeJpeg(bytes: Uint8Array): Picture | null {
  const head = readJpegHead(bytes);
  if (head === null || head.width * head.height > LARGEST || head.width * head.height === 0) return null;
  const { width, height, components } = head;
  const [luma, blue, red] = components as [Component, Component?, Component?];
  const narrow = Math.ceil(width / luma.h); // samples of chroma in a row
  const low = Math.ceil(height / luma.v);
  if (luma.h === 2 && narrow <= 2) return null; // libjpeg has another way for these
  const across = Math.ceil(width / (8 * luma.h));
  const down = Math.ceil(height / (8 * luma.v));

  const kernels = imageKernels();
  let next = kernels.free();
  const take = (size: number): number => {
    const at = next;
    next += Math.ceil(size / 16) * 16;
    return at;
  };
  const told = take(3 * COMPONENT);
  const spec = take(16 + 256);
  const tables = components.map(() => [take(TABLE), take(TABLE)] as const);
  const file = take(bytes.length - head.scan);
  const scan = take(bytes.length - head.scan + BEYOND);
  const planes = components.map(({ h, v }) => {
    const stride = across * h * 8;
    return { stride, at: take(stride * down * v * 8 + BEYOND) };
  });
  const wide = [take(across * 16 + BEYOND), take(across * 16 + BEYOND)] as const;
  const pixels = take(width * height * 3 + BEYOND);
  const memory = heap(kernels, next);

  memory.set(bytes.subarray(head.scan), file);
  const end = kernels.unstuff(file, file + bytes.length - head.scan, scan);
  if (end === 0) return null;
  memory.fill(0, end, end + BEYOND);
  const view = new DataView(memory.buffer);
  for (const [i, { h, v, dc, ac, factors }] of components.entries()) {
    const at = told + i * COMPONENT;
    const [forDc, forAc] = tables[i]!;
    for (const [table, place] of [
      [dc, forDc],
      [ac, forAc],
    ] as const) {
      memory.set(table, spec);
      if (kernels.huffmanTable(spec, place) === 0) return null;
    }
    for (const [word, value] of [h, v, forDc, forAc, planes[i]!.at, planes[i]!.stride, 0].entries())
      view.setInt32(at + 4 * word, value, true);
    for (const [k, factor] of factors.entries()) view.setInt16(at + 32 + 2 * k, factor, true);
  }
  if (kernels.decodeScan(scan, end, told, components.length, across, down) === 0) return null;

  for (let row = 0; row < height; row++) {
    const to = pixels + row * width * 3;
    const y = planes[0]!.at + row * planes[0]!.stride;
    if (blue === undefined || red === undefined) {
      kernels.grey(y, width, to);
      continue;
    }
    const own = luma.v === 2 ? row >> 1 : row;
    const beside = Math.min(Math.max(row & 1 ? own + 1 : own - 1, 0), low - 1);
    const [cb, cr] = [1, 2].map((i) => {
      const { at, stride } = planes[i]!;
      if (luma.h === 1) return at + own * stride;
      kernels.widen(at + own * stride, luma.v === 2 ? at + beside * stride : 0, narrow, wide[i - 1]!);
      return wide[i - 1]!;
    }) as [number, number];
    kernels.colour(y, cb, cr, width, to);
  }
  return { width, height, data: memory.slice(pixels, pixels + width * height * 3) };
}
