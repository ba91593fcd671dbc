import { join } from 'node:path';
import { ok, type Result } from '../failure.ts';
import { bytesBelow } from '../store/bytes-below.ts';
import { takeInventory } from '../store/inventory.ts';
import { neededKeys } from '../store/last-runs.ts';
import { existingStore, type Where } from './workspace.ts';

export interface Usage {
  readonly root: string;
  readonly stages: readonly {
    readonly stage: string;
    readonly records: number;
    readonly files: number;
    readonly bytes: number;
    /** Of files that nothing else has. */
    readonly own: number;
  }[];
  /** All files of results, each once. */
  readonly bytes: number;
  /** Of them, what the last run of a profile needs. */
  readonly needed: number;
  /** Of them, what no record speaks of. */
  readonly unused: number;
  /** Folders beside them. */
  readonly beside: readonly { readonly folder: string; readonly bytes: number }[];
}

/** `bloodline du`: what takes the room in the store, by stage; files that several results share count once in all. */
export function du(where: Where): Result<Usage> {
  const there = existingStore(where);
  if (!there.ok) return there;
  const root = there.value;
  const { records, blobs, reach } = takeInventory(root);
  const keys = neededKeys(root);
  const byStage = new Map<string, { records: number; blobs: Set<string> }>();
  const stagesOf = new Map<string, Set<string>>();
  const needed = new Set<string>();
  for (const { record } of records) {
    const stage = byStage.get(record.stage) ?? { records: 0, blobs: new Set<string>() };
    byStage.set(record.stage, stage);
    stage.records += 1;
    for (const digest of reach(record).blobs) {
      stage.blobs.add(digest);
      const users = stagesOf.get(digest) ?? new Set<string>();
      stagesOf.set(digest, users.add(record.stage));
      if (keys.has(record.key)) needed.add(digest);
    }
  }
  const bytesOf = (digests: Iterable<string>): number => {
    let sum = 0;
    for (const digest of digests) sum += blobs.get(digest as never)?.bytes ?? 0;
    return sum;
  };
  const stages = [...byStage].map(([stage, its]) => ({
    stage,
    records: its.records,
    files: its.blobs.size,
    bytes: bytesOf(its.blobs),
    own: bytesOf([...its.blobs].filter((digest) => stagesOf.get(digest)?.size === 1)),
  }));
  return ok({
    root,
    stages: stages.sort((a, b) => b.bytes - a.bytes || (a.stage < b.stage ? -1 : 1)),
    bytes: bytesOf(blobs.keys()),
    needed: bytesOf(needed),
    unused: bytesOf([...blobs.keys()].filter((digest) => !stagesOf.has(digest))),
    beside: BESIDE.map((folder) => ({ folder, bytes: bytesBelow(join(root, folder)) })).filter(
      ({ bytes }) => bytes > 0,
    ),
  });
}

/** Not `checkouts`: its files are links to those of results. */
const BESIDE = ['trees', 'records', 'runs', 'checkpoints', 'damaged', 'partial', 'code', 'builds', 'tmp'];
