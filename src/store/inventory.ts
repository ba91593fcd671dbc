import { join } from 'node:path';
import type { BlobDigest, CacheKey, OutputsDigest, TreeDigest } from '../digest.ts';
import { lookAt } from './artifact.ts';
import { bytesBelow } from './bytes-below.ts';
import { layout } from './layout.ts';
import { list } from './list.ts';
import type { StageRecord } from './record.ts';
import { readFitting } from './records.ts';
import { readTree, type TreeNode } from './tree.ts';

/** A file or node of the store that is there: its size, and when it came there. */
export interface There {
  readonly bytes: number;
  /** ms since 1970. */
  readonly since: number;
}

/** All that is in a store by content, and the records that speak of it. */
export interface Inventory {
  readonly records: readonly { readonly record: StageRecord; readonly outputs: OutputsDigest }[];
  readonly blobs: ReadonlyMap<BlobDigest, There>;
  readonly trees: ReadonlyMap<TreeDigest, There>;
  /** The folders of runs, with pages and logs, by the bytes in them; oldest first. */
  readonly runs: ReadonlyMap<string, number>;
  /** The blobs and trees that a record needs, its log too, each once, whether there or not. */
  readonly reach: (record: StageRecord) => {
    readonly blobs: ReadonlySet<BlobDigest>;
    readonly trees: ReadonlySet<TreeDigest>;
  };
}

/** Lists; reads no blob. */
export function takeInventory(root: string): Inventory {
  const records = list(join(root, 'records')).flatMap((key) =>
    list(join(root, 'records', key)).flatMap((name) => {
      const outputs = name.replace(/\.json$/, '') as OutputsDigest;
      const record = readFitting(root, key as CacheKey, outputs);
      return record === null ? [] : [{ record, outputs }];
    }),
  );
  const nodes = new Map<TreeDigest, TreeNode | null>();
  const node = (digest: TreeDigest): TreeNode | null => {
    const before = nodes.get(digest);
    if (before !== undefined) return before;
    const now = readTree(root, digest);
    nodes.set(digest, now);
    return now;
  };
  return {
    records,
    blobs: filed<BlobDigest>(join(root, 'blobs')),
    trees: filed<TreeDigest>(join(root, 'trees')),
    // Their names sort by time.
    runs: new Map(
      [...list(layout.runs(root))].sort().map((run) => [run, bytesBelow(join(layout.runs(root), run))]),
    ),
    reach(record) {
      const blobs = new Set<BlobDigest>();
      const trees = new Set<TreeDigest>();
      const walk = (digest: TreeDigest): void => {
        if (trees.has(digest)) return;
        trees.add(digest);
        for (const entry of Object.values(node(digest) ?? {}))
          if (entry.kind === 'file') blobs.add(entry.digest);
          else walk(entry.digest);
      };
      for (const artifact of Object.values(record.outputs))
        if (artifact.kind === 'file') blobs.add(artifact.digest);
        else walk(artifact.digest);
      if (record.log !== null) blobs.add(record.log);
      return { blobs, trees };
    },
  };
}

/** What lies in `ab/cdef…`, by its digest. */
function filed<D extends string>(folder: string): ReadonlyMap<D, There> {
  const found = new Map<D, There>();
  for (const two of list(folder))
    for (const name of list(join(folder, two))) {
      const stats = lookAt(join(folder, two, name));
      // The ctime tells when it was renamed to its place; the mtime, when the stage wrote it.
      if (stats !== null)
        found.set(`${two}${name.replace(/\.json$/, '')}` as D, { bytes: stats.size, since: stats.ctimeMs });
    }
  return found;
}
