/** Pictures of single cells for a page: small JPEGs, each held once. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { cropSquare, type Square } from '../imaging/crop.ts';
import { decode } from '../imaging/decode.ts';
import type { PixelsReader } from '../imaging/pixels.ts';
import { resampler } from '../imaging/resample.ts';
import type { Box, Sample } from '../imaging/samples.ts';
import { ShardReader } from '../imaging/shards.ts';
import type { Prediction } from './evaluation.ts';
import type { HeatMap } from './grad-cam.ts';
import { overlaid } from './heat.ts';
import { confidence, noteworthy, type Why } from './noteworthy.ts';

/** Side of a cell's picture, and of what is around it, pixels. */
const CELL = 72;
const AROUND = 240;
/** How much of the source image is shown around a box, in longer sides of it. */
const SURROUNDINGS = 5;
/** Pictures behind one number of a confusion matrix; more are not looked at. */
export const PEEK = 6;
/** Noteworthy cells of each kind and model. */
const SHOWN = 12;

/** Where a cell comes from. */
export interface CellSource {
  readonly image: string;
  readonly box: Box | null;
  /** What lies around it; the frame in shares of the picture. */
  readonly around: {
    readonly jpeg: string;
    readonly frame: readonly [number, number, number, number];
  } | null;
}

export interface ShownCell {
  readonly id: string;
  readonly why: Why;
  readonly label: string;
  readonly predicted: string;
  /** Calibrated, of the answer and of the truth. */
  readonly confidence: number;
  readonly ofTruth: number;
  /** The cell with its Grad-CAM map over it, as base64; null where there is no map. */
  readonly heat: string | null;
}

export interface Gallery {
  /** By cell: base64 of a JPEG. */
  readonly cells: ReadonlyMap<string, string>;
  readonly sources: ReadonlyMap<string, CellSource>;
  /** In the order of the models. */
  readonly models: readonly {
    readonly shown: readonly ShownCell[];
    /** By truth and answer: some of its cells, the surest first. */
    readonly peeks: readonly (readonly (readonly string[])[])[];
  }[];
}

/**
 * Looks cells up that a person should see.
 *
 * @param models each with the folder of its evaluation: `maps.json` is read there.
 * @param images shards of the source images; null: cells are shown without their surroundings.
 */
export async function gallery({
  models,
  classes,
  rows,
  samples,
  pixels,
  images,
}: {
  readonly models: readonly { readonly predictions: readonly Prediction[]; readonly folder: string }[];
  readonly classes: readonly string[];
  /** Row of `pixels.npy` by cell. */
  readonly rows: ReadonlyMap<string, number>;
  readonly samples: readonly Sample[];
  readonly pixels: PixelsReader;
  readonly images: string | null;
}): Promise<Gallery> {
  const { size } = pixels.description;
  const square = new Uint8Array(pixels.rowBytes);
  const render = resampler(CELL);
  const cellOf = (id: string): Uint8Array => {
    pixels.read([rows.get(id)!], square);
    const cell = new Uint8Array(CELL * CELL * 3);
    render({ width: size, height: size, data: square }, { x: 0, y: 0, side: size }, undefined, cell);
    return cell;
  };
  const cells = new Map<string, string>();
  const sources = new Map<string, CellSource>();
  const found: Gallery['models'][number][] = [];
  for (const { predictions, folder } of models) {
    const maps = readMaps(folder);
    const byId = new Map(predictions.map((prediction) => [prediction.id, prediction]));
    const shown: ShownCell[] = [];
    for (const { id, why } of noteworthy(predictions, SHOWN)) {
      const prediction = byId.get(id)!;
      const { label, predicted, calibrated } = prediction;
      const map = maps[id];
      shown.push({
        id,
        why,
        label,
        predicted,
        confidence: confidence(prediction),
        ofTruth: calibrated[classes.indexOf(label)]!,
        heat: map === undefined ? null : await jpeg(overlaid(cellOf(id), CELL, map), CELL),
      });
      const sample = samples[rows.get(id)!]!;
      sources.set(id, { image: sample.image, box: sample.box, around: null });
    }
    const peeks = classes.map((label) =>
      classes.map((predicted) =>
        predictions
          .filter((of) => of.label === label && of.predicted === predicted)
          .sort((a, b) => confidence(b) - confidence(a))
          .slice(0, PEEK)
          .map(({ id }) => id),
      ),
    );
    for (const id of [...shown.map((cell) => cell.id), ...peeks.flat(2)])
      if (!cells.has(id)) cells.set(id, await jpeg(cellOf(id), CELL));
    found.push({ shown, peeks });
  }
  if (images !== null) await addSurroundings(sources, samples, rows, images);
  return { cells, sources, models: found };
}

const readMaps = (folder: string): Readonly<Record<string, HeatMap>> => {
  const file = join(folder, 'maps.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
};

async function addSurroundings(
  sources: Map<string, CellSource>,
  samples: readonly Sample[],
  rows: ReadonlyMap<string, number>,
  folder: string,
): Promise<void> {
  const shards = new ShardReader(folder);
  const render = resampler(AROUND);
  for (const [id, source] of sources) {
    const { image, box } = samples[rows.get(id)!]!;
    const picture = await decode(await shards.read(image));
    const own = cropSquare(box, picture.width, picture.height);
    const around = surroundings(box, own, picture.width, picture.height);
    const pixels = new Uint8Array(AROUND * AROUND * 3);
    render(picture, around, undefined, pixels);
    const [x, y, w, h] = box ?? [own.x, own.y, own.side, own.side];
    sources.set(id, {
      ...source,
      around: {
        jpeg: await jpeg(pixels, AROUND),
        frame: [(x - around.x) / around.side, (y - around.y) / around.side, w / around.side, h / around.side],
      },
    });
  }
  await shards.close();
}

function surroundings(box: Box | null, own: Square, width: number, height: number): Square {
  if (box === null) return own;
  const side = Math.min(width, height, SURROUNDINGS * Math.max(box[2], box[3]));
  const inside = (centre: number, limit: number): number =>
    Math.min(Math.max(centre - side / 2, 0), limit - side);
  return { x: inside(box[0] + box[2] / 2, width), y: inside(box[1] + box[3] / 2, height), side };
}

/** libjpeg-turbo's own encoder, whose bytes do not depend on the CPU. */
async function jpeg(pixels: Uint8Array, side: number): Promise<string> {
  const image = sharp(pixels, { raw: { width: side, height: side, channels: 3 } });
  const bytes = await image.jpeg({ quality: 80, mozjpeg: false, chromaSubsampling: '4:4:4' }).toBuffer();
  return bytes.toString('base64');
}
