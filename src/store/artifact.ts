import { lstatSync, readdirSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import type { BlobDigest, TreeDigest } from '../digest.ts';
import { layout } from './layout.ts';
import type { Artifact } from './record.ts';
import type { StatIndex } from './stat-index.ts';
import { readTree, type TreeEntry } from './tree.ts';

/** A place whose bytes, or whose absence, do not fit a digest. */
export interface Damage {
  readonly damaged: string;
  readonly what: 'missing' | 'changed' | 'extra';
}

/** Name in the stat index of a blob and all its hard links. */
export const blobName = (digest: BlobDigest): string => `blob:${digest}`;

/** Where a name of the stat index lies. */
export function pathOfName(root: string, name: string): string {
  return name.startsWith('blob:') ? layout.blob(root, name.slice('blob:'.length) as BlobDigest) : name;
}

/** Whether `path` is a plain file with the bytes of `digest`; one stat if the index knows it. */
export async function checkFile(index: StatIndex, path: string, digest: BlobDigest): Promise<Damage | null> {
  const stats = lookAt(path);
  if (stats === null) return { damaged: path, what: 'missing' };
  if (!stats.isFile()) return { damaged: path, what: 'changed' };
  const name = blobName(digest);
  if (index.lookup(name, stats) === digest) return null;
  index.forget(name);
  try {
    if ((await index.digest(name, path, stats)) === digest) return null;
  } catch (error) {
    if (!UNREADABLE.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
  index.forget(name);
  return { damaged: path, what: 'changed' };
}

/** What the system says of a file that may not, or can't, be read any more. */
const UNREADABLE: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EIO', 'ENOENT']);

/** Whether the folder at `path` is laid out as its tree says: nothing changed, missing or added. */
export async function checkFolder(
  root: string,
  index: StatIndex,
  path: string,
  digest: TreeDigest,
): Promise<Damage | null> {
  const node = readTree(root, digest);
  if (node === null) return { damaged: layout.tree(root, digest), what: 'missing' };
  const names = listed(path);
  if (names === null) return { damaged: path, what: 'changed' };
  const extra = names.find((name) => !Object.hasOwn(node, name));
  if (extra !== undefined) return { damaged: join(path, extra), what: 'extra' };
  for (const [name, entry] of Object.entries(node)) {
    const at = join(path, name);
    const damage =
      entry.kind === 'file'
        ? await checkFile(index, at, entry.digest)
        : await checkFolder(root, index, at, entry.digest);
    if (damage !== null) return damage;
  }
  return null;
}

/**
 * The first thing wrong with an artifact, laid out or not; `null` when all its bytes are there and fit. Changes nothing.
 * Costs one stat a file for what the stat index knows.
 */
export async function checkArtifact(
  root: string,
  index: StatIndex,
  artifact: Artifact,
): Promise<Damage | null> {
  if (artifact.kind === 'file') return checkFile(index, layout.blob(root, artifact.digest), artifact.digest);
  return checkEntry(root, index, { kind: 'folder', digest: artifact.digest });
}

async function checkEntry(root: string, index: StatIndex, entry: TreeEntry): Promise<Damage | null> {
  if (entry.kind === 'file') return checkFile(index, layout.blob(root, entry.digest), entry.digest);
  const node = readTree(root, entry.digest);
  if (node === null) return { damaged: layout.tree(root, entry.digest), what: 'missing' };
  for (const below of Object.values(node)) {
    const damage = await checkEntry(root, index, below);
    if (damage !== null) return damage;
  }
  return null;
}

export function lookAt(path: string): Stats | null {
  return lstatSync(path, { throwIfNoEntry: false }) ?? null;
}

function listed(path: string): string[] | null {
  try {
    return lookAt(path)?.isDirectory() ? readdirSync(path) : null;
  } catch {
    return null;
  }
}
