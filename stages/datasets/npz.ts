/**
 * Arrays in NumPy's .npz form as MedMNIST lays them out: `train_images` (N × H × W or N × H × W × 3, uint8) and
 * `train_labels` (N or N × 1, integers), likewise `val_…` and `test_…`; or `images` and `labels` without parts. The
 * source is the file, or a folder with one such file. Each image is kept as PNG.
 */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { StageError } from 'bloodline-ml/stage';
import { unzipSync } from 'fflate';
import type { DatasetFormat, SourceImage } from '../imaging/dataset-format.ts';
import { isFolder, list } from '../imaging/folder.ts';
import { parseNpyHead } from '../imaging/npy.ts';
import { encodePng } from '../imaging/png.ts';
import type { Part } from '../imaging/samples.ts';

export const format = 'npz';
export const needsSource = true;
export const options = { labels: 'Names of the classes 0, 1, …; BloodMNIST’s are known.' };

/** From medmnist/info.py, BloodMNIST. */
const BLOODMNIST = [
  'basophil',
  'eosinophil',
  'erythroblast',
  'immature granulocytes',
  'lymphocyte',
  'monocyte',
  'neutrophil',
  'platelet',
];

const SETS: readonly { prefix: string; part: Part | null; folder: string }[] = [
  { prefix: 'train_', part: 'train', folder: 'train/' },
  { prefix: 'val_', part: 'validation', folder: 'validation/' },
  { prefix: 'test_', part: 'test', folder: 'test/' },
  { prefix: '', part: null, folder: '' },
];

export const read: DatasetFormat['read'] = async function* ({ source, options, expect, ignored }) {
  const file = findArchive(source!, ignored);
  const archive = readFileSync(file);
  const names: string[] = [];
  try {
    unzipSync(archive, {
      filter: ({ name }) => {
        names.push(name.replace(/\.npy$/, ''));
        return false;
      },
    });
  } catch (error) {
    throw new StageError(`${basename(file)} is no zip archive: ${(error as Error).message}`);
  }
  const sets = SETS.filter(({ prefix }) => names.includes(`${prefix}images`));
  if (sets.length === 0)
    throw new StageError(
      `${basename(file)} has no array train_images or images; it has ${names.join(', ') || 'none'}.`,
    );
  const labelNames = Array.isArray(options.labels)
    ? options.labels.map(String)
    : /^bloodmnist/i.test(basename(file))
      ? BLOODMNIST
      : null;
  let images = 0;
  for (const { prefix, part, folder } of sets) {
    // One array at a time is unpacked, so that the memory in use is one array's.
    const labels = readLabels(unpack(archive, `${prefix}labels`, basename(file)), `${prefix}labels`);
    images += labels.length;
    expect(images);
    const pixels = unpack(archive, `${prefix}images`, basename(file));
    yield* readImages(
      pixels,
      `${prefix}images`,
      labels,
      (number) => {
        const name = labelNames === null ? String(number) : labelNames[number];
        if (name === undefined)
          throw new StageError(
            `${prefix}labels has a ${number}, and options.labels has ${labelNames!.length} names.`,
          );
        return name;
      },
      folder,
      part,
    );
  }
};

function findArchive(source: string, ignored: (why: 'hidden' | 'foreign', path: string) => void): string {
  if (!isFolder(source)) return source;
  const { files, folders, hidden } = list(source);
  const archives = files.filter((name) => /\.npz$/i.test(name));
  for (const name of hidden) ignored('hidden', name);
  for (const name of files) if (!archives.includes(name)) ignored('foreign', name);
  for (const name of folders) ignored('foreign', `${name}/`);
  if (archives.length === 1) return join(source, archives[0]!);
  throw new StageError(
    `Expected one .npz file in the source, got ${archives.length}.`,
    'Give the file itself as source.',
  );
}

function unpack(archive: Uint8Array, array: string, file: string): Uint8Array {
  const found = unzipSync(archive, { filter: ({ name }) => name === `${array}.npy` })[`${array}.npy`];
  if (!found) throw new StageError(`${file} has no array ${array}.`);
  return found;
}

function readLabels(bytes: Uint8Array, array: string): number[] {
  const { descr, shape, offset } = parseNpyHead(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, bytes.byteLength - offset);
  const readers: Readonly<Record<string, readonly [number, (at: number) => number]>> = {
    '|u1': [1, (at) => view.getUint8(at)],
    '|i1': [1, (at) => view.getInt8(at)],
    '<u2': [2, (at) => view.getUint16(at, true)],
    '<i2': [2, (at) => view.getInt16(at, true)],
    '<u4': [4, (at) => view.getUint32(at, true)],
    '<i4': [4, (at) => view.getInt32(at, true)],
    '<u8': [8, (at) => Number(view.getBigUint64(at, true))],
    '<i8': [8, (at) => Number(view.getBigInt64(at, true))],
  };
  const reader = readers[descr];
  const one = shape.length === 1 || (shape.length === 2 && shape[1] === 1);
  if (!reader || !one)
    throw new StageError(`expected ${array} to be N or N × 1 integers, got ${descr} ${shape.join(' × ')}.`);
  return Array.from({ length: shape[0]! }, (_, i) => reader[1](i * reader[0]));
}

function* readImages(
  bytes: Uint8Array,
  array: string,
  labels: readonly number[],
  nameOf: (label: number) => string,
  folder: string,
  part: Part | null,
): Iterable<SourceImage> {
  const { descr, shape, offset, fortranOrder } = parseNpyHead(bytes);
  const [count = 0, height = 0, width = 0, channels = 1] = shape;
  const understood =
    descr === '|u1' &&
    !fortranOrder &&
    (shape.length === 3 || (shape.length === 4 && (channels === 3 || channels === 1)));
  if (!understood)
    throw new StageError(
      `expected ${array} to be N × H × W or N × H × W × 3 bytes in C order, got ${descr} ${shape.join(' × ')}.`,
    );
  if (count !== labels.length)
    throw new StageError(`${array} has ${count} images and ${labels.length} labels.`);
  const size = height * width * channels;
  for (let i = 0; i < count; i++) {
    const pixels = bytes.subarray(offset + i * size, offset + (i + 1) * size);
    const data = channels === 3 ? pixels : new Uint8Array(size * 3);
    if (channels !== 3) for (let at = 0; at < size; at++) data.fill(pixels[at]!, 3 * at, 3 * at + 3);
    const path = `${folder}${String(i).padStart(6, '0')}.png`;
    yield {
      path,
      bytes: encodePng({ width, height, data }),
      cells: [{ label: nameOf(labels[i]!), box: null }],
      part,
    };
  }
}
