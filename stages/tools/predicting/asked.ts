import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { StageError } from 'bloodline-ml/stage';
import { parse } from 'csv-parse/sync';
import { type Box, byCodeUnit } from '../../imaging/samples.ts';

/** A cell to be named: a whole image, or a box of it. */
export interface Asked {
  /** Path as given, for people. */
  readonly image: string;
  readonly file: string;
  readonly boxes: readonly AskedBox[] | null;
}
export interface AskedBox {
  /** Whatever the table calls it; its number in the image otherwise. */
  readonly id: string;
  readonly box: Box;
  readonly unit: 'pixels' | 'fractions';
}

/** Files themselves, and all files of folders in a fixed order; hidden ones are left out. One folder is held at a time. */
function* filesOf(paths: readonly string[]): Generator<string> {
  for (const path of paths) {
    const kind = statSync(path, { throwIfNoEntry: false });
    if (!kind?.isDirectory()) yield path;
    else yield* filesBelow(path);
  }
}

function* filesBelow(folder: string): Generator<string> {
  const entries: Dirent[] = readdirSync(folder, { withFileTypes: true });
  entries.sort((a, b) => byCodeUnit(a.name, b.name));
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else if (entry.isFile() || statSync(path, { throwIfNoEntry: false })?.isFile()) yield path;
  }
}

const EDGES = ['xmin', 'ymin', 'xmax', 'ymax'];
const SIDES = [
  ['x', 'y', 'width', 'height'],
  ['x', 'y', 'w', 'h'],
];

/**
 * A table of boxes: CSV with `image` and `xmin,ymin,xmax,ymax` or `x,y,width,height` (pixels, or fractions of the image
 * where none is above 1), and `id` if there is one; or JSON lines with `image`, `box: [x, y, width, height]`, as
 * `samples.jsonl` has them. By image, paths as they stand there. Throws a StageError where it is neither.
 */
function readBoxes(file: string): Map<string, AskedBox[]> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').replace(/^\ufeff/, '');
  } catch (error) {
    throw new StageError(`The boxes cannot be read: ${(error as Error).message}.`);
  }
  const rows = text.trimStart().startsWith('{') ? fromJsonLines(text, file) : fromTable(text, file);
  const byImage = new Map<string, AskedBox[]>();
  const fractions = rows.length > 0 && rows.every(({ box }) => box.every((side) => side <= 1));
  for (const { image, id, box } of rows) {
    const own = byImage.get(image) ?? [];
    byImage.set(image, own);
    own.push({ id: id ?? String(own.length), box, unit: fractions ? 'fractions' : 'pixels' });
  }
  return byImage;
}

interface Row {
  readonly image: string;
  readonly id: string | undefined;
  readonly box: Box;
}

function fromJsonLines(text: string, file: string): Row[] {
  return text.split('\n').flatMap((line, i): Row[] => {
    if (line.trim() === '') return [];
    try {
      const { image, id, box } = JSON.parse(line) as { image?: string; id?: string; box?: number[] | null };
      if (box === null) return [];
      if (typeof image === 'string' && box?.length === 4 && box.every(Number.isFinite))
        return [{ image, id, box: box as unknown as Box }];
    } catch {}
    throw new StageError(
      `${file}, line ${i + 1}: expected an object with "image" and "box": [x, y, width, height], got ${line.slice(0, 60)}`,
    );
  });
}

function fromTable(text: string, file: string): Row[] {
  let rows: Record<string, string>[];
  try {
    rows = parse(text, {
      columns: (head: string[]) => head.map((name) => name.trim().toLowerCase()),
      skip_empty_lines: true,
      trim: true,
      delimiter: file.endsWith('.tsv') ? '\t' : ',',
    }) as Record<string, string>[];
  } catch (error) {
    throw new StageError(`${file} is no table: ${(error as Error).message}.`);
  }
  if (rows.length === 0) throw new StageError(`${file} has no rows.`);
  const has = (names: readonly string[]): boolean => names.every((name) => name in rows[0]!);
  const sides = SIDES.find(has);
  const image = ['image', 'file', 'filename', 'path'].find((name) => name in rows[0]!);
  if (image === undefined || (sides === undefined && !has(EDGES)))
    throw new StageError(
      `${file} has the columns ${Object.keys(rows[0]!).join(', ')}.`,
      'It needs image, and xmin, ymin, xmax, ymax or x, y, width, height.',
    );
  return rows.map((row, i): Row => {
    const numbers = (sides ?? EDGES).map((name) => (row[name] === '' ? Number.NaN : Number(row[name])));
    if (!numbers.every(Number.isFinite))
      throw new StageError(`${file}, row ${i + 1}: a side of the box is no number.`);
    const [a, b, c, d] = numbers as [number, number, number, number];
    return { image: row[image]!, id: row['id'], box: sides ? [a, b, c, d] : [a, b, c - a, d - b] };
  });
}

/**
 * What is to be named, from the start each time it is called. With boxes, the images of the table, looked for below the
 * paths given (else beside the table); of images given that it does not name, nothing is asked.
 */
export function asked(paths: readonly string[], boxesFile: string | null): () => Generator<Asked> {
  if (boxesFile === null)
    return function* () {
      for (const file of filesOf(paths)) yield { image: file, file, boxes: null };
    };
  const boxes = readBoxes(boxesFile);
  const roots = paths.length === 0 ? [dirname(resolve(boxesFile))] : paths;
  return () => inTable(boxes, roots);
}

function* inTable(boxes: ReadonlyMap<string, AskedBox[]>, roots: readonly string[]): Generator<Asked> {
  for (const [image, own] of boxes) {
    const file =
      roots
        .flatMap((root) =>
          statSync(root, { throwIfNoEntry: false })?.isDirectory()
            ? [join(root, image)]
            : root === image || root.endsWith(`/${image}`)
              ? [root]
              : [],
        )
        .find((path) => statSync(path, { throwIfNoEntry: false })?.isFile()) ?? join(roots[0]!, image);
    yield { image, file, boxes: own };
  }
}
