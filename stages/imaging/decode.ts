import sharp from 'sharp';
import type { Picture } from './picture.ts';

/** More pixels than this in one image is refused: 100 megapixels are 300 MB of RGB. */
export const MAX_PIXELS = 100_000_000;

// One thread an image and several images at once is what uses all cores; nothing is decoded twice, so no cache.
sharp.concurrency(1);
sharp.cache(false);

/** An image file as upright 8-bit RGB; alpha is dropped. Throws sharp's error where it cannot be read whole. */
export async function decode(bytes: Uint8Array): Promise<Picture> {
  const image = sharp(bytes, { failOn: 'error', limitInputPixels: MAX_PIXELS, sequentialRead: true });
  const { data, info } = await image
    .autoOrient()
    .removeAlpha()
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  if (info.channels === 3) return { width: info.width, height: info.height, data };
  if (info.channels !== 1) throw new Error(`${info.channels} channels where 1 or 3 were expected`);
  const rgb = new Uint8Array(data.length * 3);
  for (let at = 0; at < data.length; at++) rgb.fill(data[at]!, at * 3, at * 3 + 3);
  return { width: info.width, height: info.height, data: rgb };
}
