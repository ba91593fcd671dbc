import { createHash } from 'node:crypto';
import type { PixelsReader } from '../imaging/pixels.ts';

/** sha256 of rows, in the order given: whether two programs saw the same pictures. */
export function rowsDigest(pixels: PixelsReader, rows: readonly number[]): string {
  const hash = createHash('sha256');
  const row = new Uint8Array(pixels.rowBytes);
  for (const at of rows) {
    pixels.read([at], row);
    hash.update(row);
  }
  return hash.digest('hex');
}
