import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EvaluatedData } from './evaluation.ts';

/** What `split.json` says of the data set that was divided. */
export function readSplitData(folder: string): EvaluatedData {
  const { dataset, classes, counts } = JSON.parse(readFileSync(join(folder, 'split.json'), 'utf8')) as {
    readonly dataset: { readonly name: string; readonly synthetic: boolean };
    readonly classes: readonly string[];
    readonly counts: { readonly train: Readonly<Record<string, number>> };
  };
  return { name: dataset.name, synthetic: dataset.synthetic, classes, training: counts.train };
}
