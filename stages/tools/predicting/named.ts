import { readFile } from 'node:fs/promises';
import { cropSquare, type Square } from '../../imaging/crop.ts';
import { decode } from '../../imaging/decode.ts';
import { orderedMap } from '../../imaging/ordered-map.ts';
import { resampler } from '../../imaging/resample.ts';
import type { Box } from '../../imaging/samples.ts';
import { answering } from '../../learning/embedding.ts';
import { distances, type Reference } from '../../learning/familiarity.ts';
import { argMax } from '../../learning/metrics.ts';
import type { LoadedModel } from '../../learning/saved-model.ts';
import { withTemperature } from '../../learning/temperature.ts';
import type { Use } from '../../learning/use.ts';
import type { Asked, AskedBox } from './asked.ts';

/** A cell named. */
export interface Named {
  readonly image: string;
  /** Where a table of boxes was given. */
  readonly id: string | null;
  readonly box: Box | null;
  readonly label: string;
  /** Calibrated probability of the label. */
  readonly confidence: number;
  /** False below the threshold that validation chose; null where none is known. */
  readonly sure: boolean | null;
  /** True where the picture lies farther from the training cells than validation cells do; null where that is not known. */
  readonly unlike: boolean | null;
  readonly distance: number | null;
  /** In class order, calibrated. */
  readonly probabilities: Float64Array;
  /** As the model saw it, size × size × 3; good until the next one. */
  readonly pixels: Uint8Array;
}

export interface Unnamed {
  readonly image: string;
  readonly id: string | null;
  readonly message: string;
}

/** Images computed at once, and images decoded at once. */
const BATCH = 32;
const AT_ONCE = 6;

interface Cut {
  readonly image: string;
  readonly id: string | null;
  readonly box: Box | null;
  readonly pixels: Uint8Array;
}

/**
 * Names cells one batch after another, in the order asked; what cannot be read or cut comes as `Unnamed` and stops
 * nothing. No more than a batch and the images in decoding are held.
 */
export async function* named(
  loaded: LoadedModel,
  use: { readonly use: Use; readonly reference: Reference | null } | null,
  wanted: Iterable<Asked>,
): AsyncGenerator<Named | Unnamed> {
  const { size, classes } = loaded.model;
  const answer = answering(loaded);
  const rowBytes = size * size * 3;
  const batch = new Uint8Array(BATCH * rowBytes);
  let waiting: Cut[] = [];

  function* compute(): Generator<Named> {
    waiting.forEach(({ pixels }, i) => {
      batch.set(pixels, i * rowBytes);
    });
    if (waiting.length === 0) return;
    const { logits, features } = answer(batch.subarray(0, waiting.length * rowBytes));
    const probabilities = withTemperature(logits, classes.length, use?.use.temperature ?? 1);
    const far = use?.reference ? distances(use.reference, features) : null;
    for (const [i, { image, id, box, pixels }] of waiting.entries()) {
      const own = probabilities.slice(i * classes.length, (i + 1) * classes.length);
      const best = argMax(own, 0, classes.length);
      yield {
        image,
        id,
        box,
        label: classes[best]!,
        confidence: own[best]!,
        sure: use === null ? null : use.use.sure !== null && own[best]! >= use.use.sure.threshold,
        unlike: far === null ? null : far[i]! > use!.use.unlike!.threshold,
        distance: far?.[i] ?? null,
        probabilities: own,
        pixels,
      };
    }
    waiting = [];
  }

  for await (const cut of orderedMap(
    wanted,
    () => AT_ONCE,
    (one) => cutOut(one, size),
  )) {
    for (const piece of cut) {
      if ('message' in piece) {
        yield* compute();
        yield piece;
        continue;
      }
      waiting.push(piece);
      if (waiting.length === BATCH) yield* compute();
    }
  }
  yield* compute();
}

/** Decodes an image once and cuts its cells as resize-normalize does. */
async function cutOut({ image, file, boxes }: Asked, size: number): Promise<(Cut | Unnamed)[]> {
  let picture: Awaited<ReturnType<typeof decode>>;
  try {
    picture = await decode(await readFile(file));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : message;
    return [{ image, id: null, message: why }];
  }
  const { width, height } = picture;
  const render = resampler(size);
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
function inImage({ box, unit }: AskedBox, width: number, height: number): Box | null {
  const [x, y, w, h] =
    unit === 'fractions' ? [box[0] * width, box[1] * height, box[2] * width, box[3] * height] : box;
  const [left, top] = [Math.max(x, 0), Math.max(y, 0)];
  const [right, bottom] = [Math.min(x + w, width), Math.min(y + h, height)];
  return right - left >= 1 && bottom - top >= 1 ? [left, top, right - left, bottom - top] : null;
}
