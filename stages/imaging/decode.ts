import type Sharp from 'sharp';
import { decodeBmp } from './bmp.ts';
import { imageKind } from './image-kind.ts';
import type { Picture } from './picture.ts';

/** More pixels than this in one image is refused: 100 megapixels are 300 MB of RGB. */
export const MAX_PIXELS = 100_000_000;

let loaded: Promise<typeof Sharp> | undefined;

/** Loaded when first wanted: most pictures do without. */
async function loadSharp(): Promise<typeof Sharp> {
  const { default: sharp } = await import('sharp');
  // One thread an image and several images at once is what uses all cores; nothing is decoded twice, so no cache.
  sharp.concurrency(1);
  sharp.cache(false);
  return sharp;
}

/**
 * An image file as upright 8-bit RGB; alpha is dropped. Throws an Error whose message says why it cannot be read.
 *
 * The message is ours: libvips puts its own together from all threads, other ones each time.
 */
export async function decode(bytes: Uint8Array): Promise<Picture> {
  if (bytes.length === 0) throw new Error('an empty file');
  const kind = imageKind(bytes);
  if (kind === null) throw new Error('no image of a kind that is known');
  if (kind === 'BMP') return decodeBmp(bytes, MAX_PIXELS);
  try {
    return await decodeBySharp(bytes);
  } catch (error) {
    const large = /pixel limit/.test((error as Error).message);
    const message = large ? await tooLarge(bytes) : `a ${kind} file that is cut short or damaged`;
    throw new Error(message, { cause: error });
  }
}

/** Only the head of the file is read for this. */
async function tooLarge(bytes: Uint8Array): Promise<string> {
  loaded ??= loadSharp();
  const sharp = await loaded;
  const { width, height } = await sharp(bytes, { limitInputPixels: false }).metadata();
  return `${width} × ${height} pixels, more than the ${MAX_PIXELS / 1e6} million that are read; cut it into fields`;
}

async function decodeBySharp(bytes: Uint8Array): Promise<Picture> {
  loaded ??= loadSharp();
  const sharp = await loaded;
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
