import type { TreeDigest } from '../../digest.ts';
import { lookAt } from '../artifact.ts';
import { layout } from '../layout.ts';
import type { StageRecord } from '../record.ts';
import { readTree } from '../tree.ts';
import { SourceDamaged } from './objects.ts';
import type { Content, ContentId } from './signed-result.ts';

/** Files up to this size are packed: each request costs about what a hundred kilobytes do. */
export const SMALL = 1 << 20;
/** What a pack holds on average. */
const PACK = 8 << 20;
/** And at most, or it is not taken in. */
export const LARGEST_PACK = 256 << 20;

/** Where a content lies in a store. */
export const pathOfContent = (root: string, { kind, digest }: ContentId): string =>
  kind === 'blob' ? layout.blob(root, digest) : layout.tree(root, digest);

/** All that a record's outputs and log are made of, each once. Throws `SourceDamaged` where some of it is not there. */
export function contentsOf(root: string, record: StageRecord): readonly Content[] {
  const found = new Map<string, Content>();
  const walk = (digest: TreeDigest): void => {
    if (found.has(digest)) return;
    const node = readTree(root, digest);
    const path = layout.tree(root, digest);
    if (node === null) throw new SourceDamaged(path);
    found.set(digest, { kind: 'tree', digest, bytes: sizeOf(path) });
    for (const entry of Object.values(node))
      if (entry.kind === 'folder') walk(entry.digest);
      else found.set(entry.digest, { kind: 'blob', digest: entry.digest, bytes: entry.bytes });
  };
  for (const artifact of Object.values(record.outputs))
    if (artifact.kind === 'folder') walk(artifact.digest);
    else found.set(artifact.digest, { kind: 'blob', digest: artifact.digest, bytes: artifact.bytes });
  if (record.log !== null)
    found.set(record.log, { kind: 'blob', digest: record.log, bytes: sizeOf(layout.blob(root, record.log)) });
  return [...found.values()];
}

function sizeOf(path: string): number {
  const stats = lookAt(path);
  if (stats === null) throw new SourceDamaged(path);
  return stats.size;
}

export interface Divided {
  readonly alone: readonly Content[];
  /** Each in the order in which it is packed. */
  readonly packs: readonly (readonly Content[])[];
}

/**
 * Which contents travel alone and which together. Small ones go by the first bits of their digests, so that of a folder
 * in which one file of ten thousand changed nearly all packs are as they were, and all who pack it make the same packs.
 */
export function divide(contents: readonly Content[]): Divided {
  const small = contents.filter(({ bytes }) => bytes <= SMALL);
  const total = small.reduce((sum, { bytes }) => sum + bytes, 0);
  let count = 1;
  while (count * PACK < total) count *= 2;
  const packs: Content[][] = Array.from({ length: count }, () => []);
  for (const content of small) packs[Number.parseInt(content.digest.slice(0, 8), 16) % count]!.push(content);
  return {
    alone: contents.filter(({ bytes }) => bytes > SMALL).sort(byDigest),
    packs: packs.filter((pack) => pack.length > 0).map((pack) => pack.sort(byDigest)),
  };
}

const byDigest = (a: Content, b: Content): number => (a.digest < b.digest ? -1 : 1);
