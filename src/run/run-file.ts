import { join } from 'node:path';
import type { CacheKey } from '../digest.ts';
import { readJson } from '../store/keepsakes.ts';
import type { StageRecord } from '../store/record.ts';
import { outputsDigest } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import type { RunFile } from './run.ts';

/** What a run came to; `null` where there is no such run, or one that was killed and left no file or half of one. */
export function readRunFile(runsFolder: string, id: string): RunFile | null {
  return /^[\w-]+$/.test(id) ? readJson<RunFile>(join(runsFolder, id, 'run.json')) : null;
}

/** The records that a run made or used, as far as they are still there. */
export const recordsOfRun = (store: Store, { stages }: RunFile): readonly StageRecord[] =>
  stages.flatMap((stage) => recordOfRun(store, stage) ?? []);

/** The record that a run made or used: of several results for one key the one with its bytes. */
export function recordOfRun(
  store: Store,
  { key, outputs }: Pick<RunFile['stages'][number], 'key' | 'outputs'>,
): StageRecord | null {
  if (key === null) return null;
  return store.records(key as CacheKey).find((record) => outputsDigest(record.outputs) === outputs) ?? null;
}
