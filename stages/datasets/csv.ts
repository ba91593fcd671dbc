/**
 * A table with a row a cell: image, label, and where they are there box, group and part. The source is the folder
 * with the table and the images; image paths start at the table's folder (or at `options.images` inside the source).
 *
 * Columns by their usual names, or by the options below:
 *   image, file, filename, path · label, class, cell_type · group, patient, smear, slide · part, split, set
 *   box: xmin ymin xmax ymax, or x y width height (w h), in pixels, or all as fractions of the image
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { StageError } from 'bloodline-ml/stage';
import { parse } from 'csv-parse/sync';
import type { DatasetFormat, SourceCell } from '../imaging/dataset-format.ts';
import { filesBelow, isFile, isFolder, isImage } from '../imaging/folder.ts';
import type { Box, Part } from '../imaging/samples.ts';

export const format = 'csv';
export const needsSource = true;
export const options = {
  image: 'Column with the image’s path.',
  label: 'Column with the class.',
  group: 'Column with the patient or smear.',
  part: 'Column with train, validation or test.',
  file: 'Which table, where the source has several.',
  images: 'Folder inside the source that image paths start at; the table’s folder if not given.',
  delimiter: 'Between two fields; a comma if not given, a tab in .tsv files.',
  unit: 'Of boxes: pixels or fractions; fractions if not given and no number is above 1.',
};

const USUAL = {
  image: ['image', 'file', 'filename', 'path', 'image_path'],
  label: ['label', 'class', 'cell_type', 'class_name'],
  group: ['group', 'patient', 'patient_id', 'smear', 'slide'],
  part: ['part', 'split', 'set'],
} as const;

const BOXES: readonly { names: readonly string[]; edges: boolean }[] = [
  { names: ['xmin', 'ymin', 'xmax', 'ymax'], edges: true },
  { names: ['x1', 'y1', 'x2', 'y2'], edges: true },
  { names: ['x', 'y', 'width', 'height'], edges: false },
  { names: ['x', 'y', 'w', 'h'], edges: false },
];

const PART_NAMES: Readonly<Record<string, Part | null>> = {
  '': null,
  train: 'train',
  training: 'train',
  val: 'validation',
  valid: 'validation',
  validation: 'validation',
  test: 'test',
  testing: 'test',
};

/** Bad lines that are named; a person mends them all at once. */
const MOST_TOLD = 20;

interface Line {
  readonly image: string;
  readonly cell: SourceCell;
  readonly part: Part | null;
  readonly line: number;
}

export const read: DatasetFormat['read'] = async function* ({ source, options, expect, ignored, problem }) {
  const root = source!;
  if (!isFolder(root))
    throw new StageError(
      'csv reads a folder that holds the table and the images, and the source is a file.',
      'Give the folder: only what lies inside the source is part of the key.',
    );
  const table = findTable(root, options.file);
  const lines = readTable(readFileSync(join(root, table), 'utf8'), table, options);
  const base = typeof options.images === 'string' ? options.images : dirname(table);

  const byImage = new Map<string, Line[]>();
  for (const line of lines) {
    const path = join(base, line.image).split('\\').join('/');
    const known = byImage.get(path);
    if (known) known.push(line);
    else byImage.set(path, [line]);
  }
  for (const { path, hidden } of filesBelow(root)) {
    if (hidden) ignored('hidden', path);
    else if (path !== table && !byImage.has(path)) {
      if (isImage(path)) problem(path, `stands in no row of ${table}, left out`);
      else ignored('foreign', path);
    }
  }
  refuse(
    [...byImage].flatMap(([, rows]) => {
      const parts = [...new Set(rows.map(({ part }) => part))];
      const other = rows.find(({ part }) => part !== parts[0]);
      return other === undefined
        ? []
        : [`${table}, line ${other.line}: ${other.image} stands in two parts, ${parts.join(' and ')}.`];
    }),
  );
  expect(byImage.size);
  for (const [path, rows] of byImage) {
    if (path.startsWith('..') || !isFile(join(root, path))) {
      problem(
        path,
        `named in line ${rows[0]!.line} of ${table}, is not there; left out with ${rows.length} cells`,
      );
      continue;
    }
    yield {
      path,
      bytes: readFileSync(join(root, path)),
      cells: rows.map(({ cell }) => cell),
      part: rows[0]!.part,
    };
  }
};

/** Stops on mistakes in the table, told together. */
function refuse(problems: readonly string[], help?: string): void {
  if (problems.length === 0) return;
  const more = problems.length > MOST_TOLD ? [`… and ${problems.length - MOST_TOLD} more.`] : [];
  throw new StageError([...problems.slice(0, MOST_TOLD), ...more].join('\n'), help);
}

function findTable(root: string, wanted: unknown): string {
  if (typeof wanted === 'string') {
    if (isFile(join(root, wanted))) return wanted;
    throw new StageError(`options.file names ${wanted}, which is not in the source.`);
  }
  const tables = [...filesBelow(root)].filter(({ path, hidden }) => !hidden && /\.(csv|tsv)$/i.test(path));
  if (tables.length === 1) return tables[0]!.path;
  throw new StageError(
    tables.length === 0
      ? 'There is no .csv file in the source.'
      : `There are ${tables.length} tables in the source: ${tables.map(({ path }) => path).join(', ')}.`,
    tables.length === 0 ? 'Put the table into the folder with the images.' : 'Say which with options.file.',
  );
}

function readTable(text: string, table: string, options: Readonly<Record<string, unknown>>): Line[] {
  let records: { record: Record<string, string>; info: { lines: number } }[];
  const broken: string[] = [];
  const skip = (error?: Error): undefined => {
    broken.push(`${table}: ${error?.message}`);
  };
  try {
    records = parse(text, {
      skip_records_with_error: true,
      on_skip: skip,
      bom: true,
      columns: (head: string[]) => head.map((name) => name.trim()),
      delimiter:
        typeof options.delimiter === 'string' ? options.delimiter : /\.tsv$/i.test(table) ? '\t' : ',',
      info: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as typeof records;
  } catch (error) {
    skip(error as Error);
    records = [];
  }
  refuse(broken, 'Mend these lines; fields that hold a comma go in quotes.');
  if (records.length === 0) throw new StageError(`${table} has no rows below its head.`);
  const head = Object.keys(records[0]!.record);
  const named = (column: keyof typeof USUAL): string | undefined => {
    const wanted = options[column];
    if (typeof wanted === 'string') {
      if (head.includes(wanted)) return wanted;
      throw new StageError(
        `${table} has no column ${wanted}, which options.${column} names; it has ${head.join(', ')}.`,
      );
    }
    return head.find((name) => (USUAL[column] as readonly string[]).includes(name.toLowerCase()));
  };
  const needed = (column: 'image' | 'label'): string => {
    const name = named(column);
    if (name !== undefined) return name;
    throw new StageError(
      `${table}, line 1: expected a column for the ${column} (${USUAL[column].join(', ')}), got ${head.join(', ')}.`,
      `Say which with options.${column}.`,
    );
  };
  const [image, label, group, part] = [needed('image'), needed('label'), named('group'), named('part')];
  const lower = new Map(head.map((name) => [name.toLowerCase(), name]));
  const boxes = BOXES.find(({ names }) => names.every((name) => lower.has(name)));

  const problems: string[] = [];
  const lines = records.map(({ record, info }): Line => {
    const wrong = (message: string) => problems.push(`${table}, line ${info.lines}: ${message}`);
    const partName = (part === undefined ? '' : record[part]!).toLowerCase();
    const itsPart = PART_NAMES[partName];
    if (itsPart === undefined)
      wrong(`expected train, validation or test in ${part}, got ${JSON.stringify(record[part!])}.`);
    for (const column of [image, label]) if (record[column] === '') wrong(`${column} is empty.`);
    const box = boxes === undefined ? null : readBox(boxes, record, lower, wrong);
    const itsGroup = group === undefined ? '' : record[group]!;
    return {
      image: record[image]!,
      cell: { label: record[label]!, box, ...(itsGroup === '' ? {} : { group: itsGroup }) },
      part: itsPart ?? null,
      line: info.lines,
    };
  });
  refuse(problems);
  return inUnit(lines, options.unit);
}

/** null where all four are empty: the whole image. */
function readBox(
  { names, edges }: (typeof BOXES)[number],
  record: Record<string, string>,
  lower: ReadonlyMap<string, string>,
  wrong: (message: string) => void,
): Box | null {
  const texts = names.map((name) => record[lower.get(name)!]!);
  if (texts.every((text) => text === '')) return null;
  const numbers = texts.map((text, i) => {
    const value = text === '' ? Number.NaN : Number(text);
    if (!Number.isFinite(value)) wrong(`expected ${names[i]} to be a number, got ${JSON.stringify(text)}.`);
    return value;
  }) as [number, number, number, number];
  const [a, b, c, d] = numbers;
  return edges ? [a, b, c - a, d - b] : [a, b, c, d];
}

function inUnit(lines: readonly Line[], unit: unknown): Line[] {
  if (unit !== undefined && unit !== 'pixels' && unit !== 'fractions')
    throw new StageError(`expected options.unit to be pixels or fractions, got ${JSON.stringify(unit)}.`);
  const boxed = lines.filter(({ cell }) => cell.box !== null);
  const small = boxed.length > 0 && boxed.every(({ cell }) => cell.box!.every((value) => value <= 1));
  if (unit === 'pixels' || (unit === undefined && !small)) return [...lines];
  return lines.map((line) => ({ ...line, cell: { ...line.cell, unit: 'fractions' as const } }));
}
