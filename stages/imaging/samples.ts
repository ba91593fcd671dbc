import { readFileSync } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Recipe } from './recipe.ts';

/** x, y, width, height in pixels of the upright image (after EXIF orientation). */
export type Box = readonly [x: number, y: number, width: number, height: number];
export type Part = 'train' | 'validation' | 'test';

/** A labelled cell: one row of `samples.jsonl`. */
export interface Sample {
  readonly id: string;
  readonly label: string;
  /** Path of its image inside the data set. */
  readonly image: string;
  /** Width and height of that image, upright. */
  readonly imageSize: readonly [number, number];
  /** null: the whole image shows the cell. */
  readonly box: Box | null;
  /** What must not be torn apart by a split: patient or smear where known, else the image. */
  readonly group: string;
  /** The source's own split, if it has one. */
  readonly part: Part | null;
  /** What to know of it: `clipped` (its box reached over the edge), `looks-like-another` (its image does). */
  readonly flags: readonly string[];
  /** Rows that balance-augment added: the original's id, the order in which copies are used up, and what is done to them. */
  readonly source?: string;
  readonly rank?: number;
  readonly recipe?: Recipe;
}

/** `dataset.json`. */
export interface Dataset {
  readonly name: string;
  readonly format: string;
  /** Sorted by code unit: the class order of everything downstream. */
  readonly classes: readonly string[];
  readonly synthetic: boolean;
  readonly licence?: string;
}

/** A line of `near-duplicates.jsonl`; `a` < `b`. Distance 0: the same picture. */
export interface NearDuplicate {
  readonly a: string;
  readonly b: string;
  readonly distance: number;
}

/** The rows of JSONL text. An empty one has none. */
export const parseJsonLines = <T>(text: string): T[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);

/** Reads a JSONL file whole. */
export const readJsonLines = <T>(file: string): T[] => parseJsonLines(readFileSync(file, 'utf8'));

export const jsonLines = (rows: readonly unknown[]): string =>
  rows.map((row) => `${JSON.stringify(row)}\n`).join('');

export const readSamples = (folder: string): Sample[] => readJsonLines(join(folder, 'samples.jsonl'));
export const readNearDuplicates = (folder: string): NearDuplicate[] =>
  readJsonLines(join(folder, 'near-duplicates.jsonl'));
export const readDataset = (folder: string): Dataset =>
  JSON.parse(readFileSync(join(folder, 'dataset.json'), 'utf8')) as Dataset;

/** Writes a samples folder: rows, what the data set is, and which of its images look alike. */
export async function writeSamples(
  folder: string,
  content: { samples: readonly Sample[]; dataset: Dataset; nearDuplicates: readonly NearDuplicate[] },
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'samples.jsonl'), jsonLines(content.samples));
  await writeFile(join(folder, 'dataset.json'), `${JSON.stringify(content.dataset, null, 2)}\n`);
  await writeFile(join(folder, 'near-duplicates.jsonl'), jsonLines(content.nearDuplicates));
}

/** The same data set with other rows. */
export async function writeSamplesLike(
  folder: string,
  original: string,
  samples: readonly Sample[],
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'samples.jsonl'), jsonLines(samples));
  for (const name of ['dataset.json', 'near-duplicates.jsonl'])
    await copyFile(join(original, name), join(folder, name));
}

/** Order by code unit, the same in every locale. */
export const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
