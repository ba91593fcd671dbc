import { crewFor } from './crew.ts';
import { cropSquare } from './crop.ts';
import { decode } from './decode.ts';
import { PixelsWriter } from './pixels.ts';
import type { Recipe } from './recipe.ts';
import { resampler } from './resample.ts';
import type { Box } from './samples.ts';

/** An image file and the rows of `pixels.npy` that show cells of it. */
export interface RenderJob {
  readonly bytes: Uint8Array;
  readonly rows: readonly {
    readonly row: number;
    readonly box: Box | null;
    readonly recipe?: Recipe | undefined;
  }[];
}

/** Decodes an image once, renders its cells and writes each to its row of the pixels that were begun in `pixels`. */
export const openRenderers = crewFor(
  import.meta.url,
  'rendering',
  ({ pixels, size }: { readonly pixels: string; readonly size: number }) => {
    const render = resampler(size);
    const square = new Uint8Array(size * size * 3);
    const writer = PixelsWriter.begun(pixels, size);
    return async ({ bytes, rows }: RenderJob): Promise<void> => {
      const picture = await decode(bytes);
      for (const { row, box, recipe } of rows) {
        render(picture, cropSquare(box, picture.width, picture.height), recipe, square);
        writer.write(row, square);
      }
    };
  },
);
