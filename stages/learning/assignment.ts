import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readJsonLines } from '../imaging/samples.ts';
import type { Examples } from './batches.ts';

/** A line of `assignment.jsonl`. */
export interface Assignment {
  /** Row of `pixels.npy`. */
  readonly row: number;
  readonly id: string;
  /** Index of the class. */
  readonly label: number;
  readonly group: string;
  readonly part: 'train' | 'validation' | 'test' | 'unused';
  readonly augmented: boolean;
}

/** What `split` wrote, part by part, in the order of the rows. */
export interface Assigned {
  readonly classes: readonly string[];
  readonly train: Cells;
  readonly validation: Cells;
  readonly test: Cells;
  /** Copies outside training, originals that balancing left over, and what a leak took out. */
  readonly unused: Cells;
}

/** Examples with the line of each. */
export type Cells = Examples & { readonly cells: readonly Assignment[] };

export function readAssignment(folder: string): Assigned {
  const lines = readJsonLines<Assignment>(join(folder, 'assignment.jsonl'));
  const { classes } = JSON.parse(readFileSync(join(folder, 'split.json'), 'utf8')) as { classes: string[] };
  const part = (wanted: Assignment['part']) => {
    const cells = lines.filter((line) => line.part === wanted);
    return { cells, rows: cells.map(({ row }) => row), labels: cells.map(({ label }) => label) };
  };
  return {
    classes,
    train: part('train'),
    validation: part('validation'),
    test: part('test'),
    unused: part('unused'),
  };
}
