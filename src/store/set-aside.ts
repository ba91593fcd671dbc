import { mkdirSync, renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { layout } from './layout.ts';
import { temporaryName } from './temporary.ts';

/**
 * Moves what does not fit its digest under `damaged/`, where a person can look at it and no stage will.
 * Returns where it went, `null` if it was gone already.
 */
export function setAside(root: string, path: string): string | null {
  const name = `${basename(dirname(path))}-${basename(path)}`;
  const to = join(layout.damaged(root), `${basename(temporaryName(root))}-${name}`);
  mkdirSync(layout.damaged(root), { recursive: true });
  try {
    renameSync(path, to);
    return to;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
