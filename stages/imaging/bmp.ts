import type { Picture } from './picture.ts';

/**
 * Decodes a Windows bitmap, which sharp cannot: uncompressed, 8 (palette), 24 or 32 bits a pixel, rows from the
 * bottom up or from the top down. Throws an Error that says what is not understood.
 *
 * Layout: https://learn.microsoft.com/windows/win32/gdi/bitmap-storage
 */
export function decodeBmp(bytes: Uint8Array, maxPixels: number): Picture {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 54) throw new Error('a BMP file that is cut short');
  const start = view.getUint32(10, true);
  const headSize = view.getUint32(14, true);
  const width = view.getInt32(18, true);
  const signedHeight = view.getInt32(22, true); // negative: from the top down
  const height = Math.abs(signedHeight);
  const bits = view.getUint16(28, true);
  const compression = view.getUint32(30, true);
  // 3 says where each colour's bits lie; with 32 bits that is, in all files met, where they lie anyway.
  if (
    headSize < 40 ||
    ![8, 24, 32].includes(bits) ||
    !(compression === 0 || (compression === 3 && bits === 32))
  )
    throw new Error(
      `a BMP file of ${bits} bits, compression ${compression}: only plain 8, 24 and 32 bits are read`,
    );
  if (width <= 0 || height === 0) throw new Error('a BMP file without pixels');
  if (width * height > maxPixels) throw new Error('more pixels than are allowed');
  const stride = Math.ceil((width * bits) / 32) * 4;
  if (start + stride * height > bytes.length) throw new Error('a BMP file that is cut short');
  const palette = 14 + headSize;
  const data = new Uint8Array(width * height * 3);
  for (let y = 0, to = 0; y < height; y++) {
    const row = start + (signedHeight < 0 ? y : height - 1 - y) * stride;
    for (let x = 0; x < width; x++, to += 3) {
      const at = bits === 8 ? palette + bytes[row + x]! * 4 : row + (x * bits) / 8;
      data[to] = bytes[at + 2]!; // stored blue, green, red
      data[to + 1] = bytes[at + 1]!;
      data[to + 2] = bytes[at]!;
    }
  }
  return { width, height, data };
}
