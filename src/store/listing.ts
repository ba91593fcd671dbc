import { existsSync } from 'node:fs';
import type { TreeDigest } from '../digest.ts';
import { readSealed, writeSealed } from './keepsakes.ts';
import { layout } from './layout.ts';
import { readTree } from './tree.ts';
import { bestEffort } from './write.ts';

/** Digests of the files of a folder by path; of a file that is not in a folder, its own by ''. */
export type Listing = ReadonlyMap<string, string>;

/** Remembers what was in a user's folder, so that what changed there can be told by name. */
export function keepListing(root: string, digest: string, files: Listing): void {
  const path = layout.listing(root, digest);
  if (files.has('') || existsSync(path)) return;
  bestEffort(() => writeSealed(root, path, { files: [...files] }));
}

/** What was in a folder, an artifact or a user's; `null`: not known any more, or it is a file. */
export function listingOf(root: string, digest: string): Listing | null {
  const files = new Map<string, string>();
  if (listTree(root, digest as TreeDigest, '', files)) return files;
  const kept = readSealed<{ readonly files: readonly (readonly [string, string])[] }>(
    layout.listing(root, digest),
  );
  return kept === null ? null : new Map(kept.files);
}

/** Whether all of it is in the store. */
function listTree(root: string, digest: TreeDigest, path: string, files: Map<string, string>): boolean {
  const node = readTree(root, digest);
  if (node === null) return false;
  return Object.entries(node).every(([name, entry]) => {
    if (entry.kind === 'folder') return listTree(root, entry.digest, `${path}${name}/`, files);
    files.set(path + name, entry.digest);
    return true;
  });
}
