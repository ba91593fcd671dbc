import { crc32 } from '../../stages/imaging/crc32.ts';
import { encodePng } from '../../stages/imaging/png.ts';

/** An image file of a single pixel. */
export const pixel = encodePng({ width: 1, height: 1, data: Uint8Array.of(0xc8, 0xb4, 0xc0) });

/** A file whose head says 20,000 × 20,000: whoever reads on asks for 1.2 GB. */
export function huge(): Buffer {
  const file = Buffer.from(pixel);
  file.writeUInt32BE(20_000, 16);
  file.writeUInt32BE(20_000, 20);
  file.writeUInt32BE(crc32(file.subarray(12, 29)), 29);
  return file;
}
