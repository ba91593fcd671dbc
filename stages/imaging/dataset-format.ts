import type { Box, Part } from './samples.ts';

/** A cell as the source gives it: nothing checked yet. */
export interface SourceCell {
  readonly label: string;
  /** Pixels of the upright image; may be degenerate or lie outside. null: the whole image. */
  readonly box: Box | null;
  /** What the box counts in; pixels if nothing is said. */
  readonly unit?: 'pixels' | 'fractions';
  readonly group?: string;
}

/** An image as the source gives it; `bytes` is a whole image file, readable or not. */
export interface SourceImage {
  /** Unique in the data set, with `/` between folders. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly cells: readonly SourceCell[];
  readonly part: Part | null;
}

/** What a format's reader is given. */
export interface ReadContext {
  /** Folder or file with the data; null only where the format says `needsSource = false`. */
  readonly source: string | null;
  /** The user's settings for this format. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Says how many images will come, as soon as that is known; only for showing progress. */
  expect(images: number): void;
  /** Counts a file that is no part of the data set: nothing is left out in silence. */
  ignored(why: 'hidden' | 'foreign', path: string): void;
  /** Reports something wrong with the source that leaves a cell or an image out. */
  problem(path: string, message: string): void;
}

/** What a file in `stages/datasets/` exports. */
export interface DatasetFormat {
  /** Name of the format, as in `dataset.json`. */
  readonly format: string;
  /** False for one that makes its own images. */
  readonly needsSource: boolean;
  /** The options it takes, each with what it means. */
  readonly options: Readonly<Record<string, string>>;
  /** Licence of what it makes itself. */
  readonly licence?: string;
  /** Yields images in an order that depends on nothing but the data. Throws a StageError where the source is not of this format. */
  read(context: ReadContext): AsyncIterable<SourceImage>;
}
