import { cropSquare } from './crop.ts';
import { decode } from './decode.ts';
import type { Picture } from './picture.ts';
import { resampler } from './resample.ts';
import type { Sample } from './samples.ts';
import { ShardReader } from './shards.ts';

/** Side of a cell on the sheet, and what lies between two, pixels. */
const CELL = 64;
const GAP = 4;
const COLUMNS = 10;
/** Originals at the left of a class's row; the rest are copies. */
const ORIGINALS = 3;

/** A picture to look at: a row a class, in class order, first some originals, then some augmented copies. */
export async function contactSheet(
  images: string,
  classes: readonly string[],
  originals: readonly Sample[],
  copies: readonly Sample[],
): Promise<Picture> {
  const width = COLUMNS * (CELL + GAP) + GAP;
  const height = classes.length * (CELL + GAP) + GAP;
  const sheet = { width, height, data: new Uint8Array(width * height * 3).fill(255) };
  const shards = new ShardReader(images);
  const render = resampler(CELL);
  const cell = new Uint8Array(CELL * CELL * 3);
  for (const [row, label] of classes.entries()) {
    const plain = spread(
      originals.filter((sample) => sample.label === label),
      ORIGINALS,
    );
    const made = spread(
      copies.filter((sample) => sample.label === label),
      COLUMNS - ORIGINALS,
    );
    for (const [column, { image, box, recipe }] of [...plain, ...made].entries()) {
      const picture = await decode(await shards.read(image));
      render(picture, cropSquare(box, picture.width, picture.height), recipe, cell);
      const left = GAP + column * (CELL + GAP);
      const top = GAP + row * (CELL + GAP);
      for (let y = 0; y < CELL; y++)
        sheet.data.set(cell.subarray(y * CELL * 3, (y + 1) * CELL * 3), ((top + y) * width + left) * 3);
    }
  }
  await shards.close();
  return sheet;
}

/** Some of the items, evenly taken from first to last. */
function spread<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  return Array.from({ length: count }, (_, i) => items[Math.floor((i * items.length) / count)]!);
}
