import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EvaluatedData } from '../judging/evaluation.ts';

/** What came of balancing, as `split.json` tells it. */
export interface Balance {
  /** Training cells of each class before and after, and how many of those are copies. */
  readonly before: Readonly<Record<string, number>>;
  readonly after: Readonly<Record<string, number>>;
  readonly augmented: Readonly<Record<string, number>>;
}
export interface SplitSummary {
  readonly counts: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly groups: Readonly<Record<string, number>>;
  readonly balance: Balance;
  readonly leaks: {
    readonly found: readonly { readonly a: string; readonly b: string }[];
    readonly dropped: number;
    readonly groupsChecked: number;
    readonly pairsChecked: number;
  };
}

export const readSplitSummary = (folder: string): SplitSummary =>
  JSON.parse(readFileSync(join(folder, 'split.json'), 'utf8')) as SplitSummary;

/** What `split.json` says of the data set that was divided. */
export function readSplitData(folder: string): EvaluatedData {
  const { dataset, classes, counts } = JSON.parse(readFileSync(join(folder, 'split.json'), 'utf8')) as {
    readonly dataset: { readonly name: string; readonly synthetic: boolean; readonly licence?: string };
    readonly classes: readonly string[];
    readonly counts: { readonly train: Readonly<Record<string, number>> };
  };
  return { ...dataset, classes, training: counts.train };
}
