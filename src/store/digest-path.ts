import { type Stats, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fail, ok, type Result } from '../failure.ts';
import { entryNames, Unusable } from './entry-names.ts';
import type { StatIndex } from './stat-index.ts';
import { type TreeEntry, treeDigest } from './tree.ts';

/** A user's file or folder cannot be hashed. */
export interface Unreadable {
  readonly path: string;
  readonly message: string;
}

/** Left behind by file managers, in folders that a person merely looked at. Everything else counts, hidden or not. */
const LITTER = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini']);

/**
 * Digest of a user's file or folder by content: that of a blob for a file, of a tree node for a folder, so that it
 * equals that of an artifact with the same bytes. Symbolic links are followed (data folders are often linked).
 * Every file costs one stat; its bytes are read only if the stat index does not know it unchanged.
 * @param files gets the digest of each file by its path in the folder; that of a file alone by ''.
 */
export async function digestPath(
  index: StatIndex,
  path: string,
  files?: Map<string, string>,
): Promise<Result<string, Unreadable>> {
  const top = resolve(path);
  const found = files && ((at: string, digest: string) => files.set(relative(top, at), digest));
  try {
    return ok((await entryOf(index, top, [], found)).digest);
  } catch (error) {
    if (error instanceof Unusable) return fail({ path: error.path, message: error.message });
    const { code, path: at } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return fail({ path: at ?? path, message: MESSAGES[code] ?? (error as Error).message });
  }
}

const MESSAGES: Readonly<Record<string, string>> = {
  ENOENT: 'is not there, or is a link to nothing',
  EACCES: 'may not be read',
  EPERM: 'may not be read',
  ELOOP: 'is a link that leads back to itself',
  ENAMETOOLONG: 'has too long a name',
};

async function entryOf(
  index: StatIndex,
  path: string,
  above: readonly string[],
  found: ((path: string, digest: string) => void) | undefined,
): Promise<TreeEntry> {
  const stats = statSync(path);
  if (stats.isFile()) {
    // Awaiting only for what must be read keeps a walk over thousands of known files in one turn.
    const digest = index.lookup(path, stats) ?? (await index.digest(path, path, stats));
    found?.(path, digest);
    return { kind: 'file', digest, bytes: stats.size };
  }
  if (!stats.isDirectory()) throw new Unusable(path, 'is neither a file nor a folder');
  const self = identity(stats);
  if (above.includes(self)) throw new Unusable(path, 'is a link to a folder that it lies in');
  const entries: [string, TreeEntry][] = [];
  for (const name of entryNames(path)) {
    if (LITTER.has(name)) continue;
    entries.push([name, await entryOf(index, join(path, name), [...above, self], found)]);
  }
  return { kind: 'folder', digest: treeDigest(Object.fromEntries(entries)) };
}

const identity = (stats: Stats): string => `${stats.dev}:${stats.ino}`;
