import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { list } from './list.ts';

/** Of a file, or of all files in a folder; 0 where there is nothing. */
export function bytesBelow(path: string): number {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return 0;
  if (!stats.isDirectory()) return stats.size;
  return list(path).reduce((sum, name) => sum + bytesBelow(join(path, name)), 0);
}
