import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { list } from '../store/list.ts';
import { readRunFile } from './run-file.ts';

/** So many runs of others are looked past; a run that finds nothing to do stays quick. */
const LOOKED_AT = 20;

/** The page of the newest run of this pipeline with this profile that ended well; null where there is none. */
export function lastPage(runsFolder: string, { name, profile }: Pipeline): string | null {
  // Names of runs sort by time.
  const newest = [...list(runsFolder)].sort().reverse().slice(0, LOOKED_AT);
  for (const run of newest) {
    const page = join(runsFolder, run, 'index.html');
    const file = readRunFile(runsFolder, run);
    if (file?.ok && file.pipeline === name && file.profile === profile && existsSync(page)) return page;
  }
  return null;
}
