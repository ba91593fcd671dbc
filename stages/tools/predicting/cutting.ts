import { readFile } from 'node:fs/promises';
import { clip, inPixels } from '../../imaging/boxes.ts';
import { crewFor } from '../../imaging/crew.ts';
import { cropSquare, type Square } from '../../imaging/crop.ts';
import { decode } from '../../imaging/decode.ts';
import { type Resampler, resampler } from '../../imaging/resample.ts';
import type { Box } from '../../imaging/samples.ts';
import type { Asked, AskedBox } from './asked.ts';

export interface Unnamed {
  readonly image: string;
  readonly id: string | null;
  readonly message: string;
}

/** A cell as the network takes it. */
export interface Cut {
  readonly image: string;
  readonly id: string | null;
  readonly box: Box | null;
  readonly pixels: Uint8Array;
}

/** Decodes an image once and cuts its cells as resize-normalize does. */
async function cutOut(
  { image, file, boxes }: Asked,
  size: number,
  render: Resampler,
): Promise<(Cut | Unnamed)[]> {
  let picture: Awaited<ReturnType<typeof decode>>;
  try {
    picture = await decode(await readFile(file));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : message;
    return [{ image, id: null, message: why }];
  }
  const { width, height } = picture;
  const cell = (square: Square): Uint8Array => {
    const pixels = new Uint8Array(size * size * 3);
    render(picture, square, undefined, pixels);
    return pixels;
  };
  if (boxes === null) return [{ image, id: null, box: null, pixels: cell(cropSquare(null, width, height)) }];
  return boxes.map((asked): Cut | Unnamed => {
    const box = inImage(asked, width, height);
    if (box !== null) return { image, id: asked.id, box, pixels: cell(cropSquare(box, width, height)) };
    const message = `the box ${asked.box.join(', ')} has nothing of the image (${width} × ${height}) in it`;
    return { image, id: asked.id, message };
  });
}

/** Clipped to the image; null where nothing is left. */
function inImage(asked: AskedBox, width: number, height: number): Box | null {
  const box = clip(inPixels(asked, width, height), width, height);
  return box[2] >= 1 && box[3] >= 1 ? box : null;
}

/** Threads that do so, where there are enough images for them. */
export const openCutters = crewFor(import.meta.url, 'cutting', ({ size }: { readonly size: number }) => {
  const render = resampler(size);
  return (asked: Asked) => cutOut(asked, size, render);
});
