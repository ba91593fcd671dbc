/**
 * Fields with boxes in Pascal VOC form: `Annotations/*.xml`, `JPEGImages/`, and the source's own split from
 * `ImageSets/Main/{train,val,test}.txt` where they are there. BCCD is laid out so.
 *
 * A box is taken from xmin to xmax and from ymin to ymax as they stand (VOC's own devkit counts from 1 and includes
 * the last pixel; most tools do not, and the difference of a pixel is less than the care with which boxes are drawn).
 * No patients are known: each field is a group.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StageError } from 'bloodline-ml/stage';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { DatasetFormat, SourceCell } from '../imaging/dataset-format.ts';
import { isFile, isFolder, isImage, list } from '../imaging/folder.ts';
import type { Part } from '../imaging/samples.ts';

export const format = 'pascal-voc';
export const needsSource = true;
export const options = {};

// Entities are off: an annotation needs none, and a file from elsewhere must not be able to swell.
const parser = new XMLParser({
  processEntities: false,
  parseTagValue: false,
  isArray: (name) => name === 'object',
});

export const read: DatasetFormat['read'] = async function* ({ source, expect, ignored, problem }) {
  const root = vocRoot(source!);
  const parts = readParts(root, problem);
  const pictures = list(join(root, 'JPEGImages'));
  const notes = list(join(root, 'Annotations'));
  for (const name of pictures.hidden) ignored('hidden', `JPEGImages/${name}`);
  for (const name of notes.hidden) ignored('hidden', `Annotations/${name}`);
  for (const name of notes.files) if (!/\.xml$/i.test(name)) ignored('foreign', `Annotations/${name}`);
  const annotated = new Set(notes.files.filter((name) => /\.xml$/i.test(name)).map(stem));

  expect(pictures.files.length);
  const seen = new Set<string>();
  for (const name of pictures.files) {
    const path = `JPEGImages/${name}`;
    if (!isImage(name)) {
      ignored('foreign', path);
      continue;
    }
    const own = stem(name);
    seen.add(own);
    if (!annotated.has(own)) {
      problem(path, 'has no annotation, left out');
      continue;
    }
    const file = `Annotations/${own}.xml`;
    const cells = readCells(readFileSync(join(root, file), 'utf8'), (message) => problem(file, message));
    yield { path, bytes: readFileSync(join(root, path)), cells, part: parts?.get(own) ?? null };
  }
  for (const own of annotated)
    if (!seen.has(own)) problem(`Annotations/${own}.xml`, 'its image is missing, left out');
};

const stem = (name: string): string => name.replace(/\.[^.]*$/, '');

/** The folder itself, or the one inside it (a clone of the repository has BCCD/ inside). */
function vocRoot(source: string): string {
  const holds = (folder: string): boolean =>
    isFolder(join(folder, 'Annotations')) && isFolder(join(folder, 'JPEGImages'));
  if (!isFolder(source))
    throw new StageError('pascal-voc reads a folder, and the source is a file.', 'Unpack it first.');
  if (holds(source)) return source;
  const inner = list(source).folders.filter((name) => holds(join(source, name)));
  if (inner.length === 1) return join(source, inner[0]!);
  throw new StageError(
    'The source has no folders Annotations/ and JPEGImages/.',
    'Give the folder that holds both; for BCCD that is BCCD/ inside the repository.',
  );
}

/** null where the source has no split of its own. */
function readParts(root: string, problem: (path: string, message: string) => void): Map<string, Part> | null {
  const parts = new Map<string, Part>();
  const files = { train: 'train', val: 'validation', test: 'test' } as const;
  for (const [name, part] of Object.entries(files)) {
    const file = join(root, 'ImageSets', 'Main', `${name}.txt`);
    if (!isFile(file)) continue;
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      const image = line.trim().split(/\s+/)[0]!;
      if (image === '') continue;
      const known = parts.get(image);
      if (known !== undefined && known !== part)
        problem(`ImageSets/Main/${name}.txt`, `${image} stands in ${known} already; the later part is taken`);
      parts.set(image, part);
    }
  }
  return parts.size > 0 ? parts : null;
}

interface VocObject {
  readonly name?: string;
  readonly bndbox?: Readonly<Record<'xmin' | 'ymin' | 'xmax' | 'ymax', string>>;
}

/** Reports an object that cannot be understood, and goes on. */
function readCells(xml: string, problem: (message: string) => void): SourceCell[] {
  const valid = XMLValidator.validate(xml);
  if (valid !== true) {
    problem(`line ${valid.err.line}: ${valid.err.msg}`);
    return [];
  }
  const { annotation } = parser.parse(xml) as { annotation?: { object?: readonly VocObject[] } };
  const cells: SourceCell[] = [];
  for (const [i, { name, bndbox }] of (annotation?.object ?? []).entries()) {
    const label = typeof name === 'string' ? name.trim() : '';
    const edges = [bndbox?.xmin, bndbox?.ymin, bndbox?.xmax, bndbox?.ymax].map((text) =>
      text === undefined || text === '' ? Number.NaN : Number(text),
    ) as [number, number, number, number];
    if (label === '' || edges.some((value) => !Number.isFinite(value))) {
      problem(`object ${i + 1} has no ${label === '' ? 'name' : 'box in numbers'}, left out`);
      continue;
    }
    const [left, top, right, bottom] = edges;
    cells.push({ label, box: [left, top, right - left, bottom - top] });
  }
  return cells;
}
