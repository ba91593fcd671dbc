import { lstatSync, readFileSync, rmSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import type { BlobDigest, CacheKey, OutputsDigest } from '../digest.ts';
import type { Inventory } from './inventory.ts';
import { layout } from './layout.ts';
import { list } from './list.ts';
import type { StageRecord } from './record.ts';
import { writeWhole } from './write.ts';

export interface Limits {
  /** Results made before are removed; ms since 1970. `null`: none for their age. */
  readonly before: number | null;
  /** The oldest results are removed until files take no more. `null`: none for their size. */
  readonly maxBytes: number | null;
}

/** What would be removed. */
export interface Collection {
  readonly records: readonly { readonly record: StageRecord; readonly outputs: OutputsDigest }[];
  /** Files that no record that stays needs; what a run may be publishing right now is not among them. */
  readonly blobs: readonly BlobDigest[];
  readonly trees: readonly string[];
  /** Folders and files beside them: what was set aside, folders of old runs, code of results that are gone … */
  readonly paths: readonly string[];
  /** Of blobs, and of folders of runs that go with their results or for their size. */
  readonly bytes: number;
  /** Of the blobs and folders of runs that stay. */
  readonly left: number;
  /** Results that stay because the last run of a profile needs them. */
  readonly needed: number;
}

/** A run publishes files before the record that names them. */
const FRESH_MS = 3_600_000;

/** Decides what goes, the oldest first, and never what is needed. Changes nothing. */
export function planCollection(
  root: string,
  { records, blobs, trees, runs, reach }: Inventory,
  needed: ReadonlySet<CacheKey>,
  { before, maxBytes }: Limits,
  now: number,
): Collection {
  const users = new Map<string, number>();
  const count = (digest: string, by: number): number => {
    const after = (users.get(digest) ?? 0) + by;
    users.set(digest, after);
    return after;
  };
  for (const { record } of records) {
    const its = reach(record);
    for (const digest of [...its.blobs, ...its.trees]) count(digest, 1);
  }
  let left = 0;
  for (const [digest, { bytes, since }] of blobs)
    if ((users.get(digest) ?? 0) > 0 || now - since < FRESH_MS) left += bytes;

  for (const bytes of runs.values()) left += bytes;
  const resultsOf = new Map<string, number>();
  for (const { record } of records) resultsOf.set(record.run, (resultsOf.get(record.run) ?? 0) + 1);

  const removed: (typeof records)[number][] = [];
  const pages = new Set<string>();
  const newest = [...runs.keys()].at(-1);
  const removePage = (run: string): void => {
    if (run === newest || !runs.has(run)) return;
    pages.add(run);
    left -= runs.get(run)!;
  };
  const isOver = (): boolean => maxBytes !== null && left > maxBytes;
  const removable = records.filter(({ record }) => !needed.has(record.key));
  for (const one of oldestFirst(
    removable,
    [...runs.keys()].filter((run) => !resultsOf.has(run)),
  )) {
    if (typeof one === 'string') {
      if (isOver()) removePage(one);
      continue;
    }
    const { record } = one;
    if (!(before !== null && Date.parse(record.startedAt) < before) && !isOver()) continue;
    removed.push(one);
    const its = reach(record);
    for (const digest of its.trees) count(digest, -1);
    for (const digest of its.blobs) if (count(digest, -1) === 0) left -= blobs.get(digest)?.bytes ?? 0;
    // The page of a run shows what its results were: it goes with the last of them.
    const others = resultsOf.get(record.run)! - 1;
    resultsOf.set(record.run, others);
    if (others === 0) removePage(record.run);
  }

  // What just lost its last user goes, however fresh; what never had one may be about to get it.
  const goes = (digest: string, since: number): boolean => {
    const by = users.get(digest);
    return by === 0 || (by === undefined && now - since >= FRESH_MS);
  };
  const deadBlobs = [...blobs].filter(([digest, { since }]) => goes(digest, since));
  const deadTrees = [...trees].filter(([digest, { since }]) => goes(digest, since)).map(([digest]) => digest);
  const gone = new Set(removed);
  const staying = records.filter((one) => !gone.has(one)).map(({ record }) => record);
  const paths = [
    ...[...pages].map((run) => join(layout.runs(root), run)),
    ...beside(root, staying, deadTrees, before ?? now - KEPT_MS),
  ];
  let bytes = 0;
  for (const [, { bytes: its }] of deadBlobs) bytes += its;
  for (const run of pages) bytes += runs.get(run)!;
  return {
    records: removed,
    blobs: deadBlobs.map(([digest]) => digest),
    trees: deadTrees,
    paths: [...new Set(paths)],
    bytes,
    left,
    needed: records.length - removable.length,
  };
}

/** Results, and runs that made none, by when they were. */
function oldestFirst(
  records: Inventory['records'],
  runs: readonly string[],
): readonly (Inventory['records'][number] | string)[] {
  // `20260102-030405-77` and `2026-01-02T03:04:05.678Z`.
  const time = (one: Inventory['records'][number] | string): string =>
    typeof one === 'string'
      ? one.replaceAll('-', '').slice(0, 14)
      : one.record.startedAt.replaceAll(/\D/g, '');
  return [...records, ...runs].sort((a, b) => (time(a) < time(b) ? -1 : 1));
}

/** What nobody counts is kept for so long where no age is given. */
const KEPT_MS = 30 * 86_400_000;

function beside(
  root: string,
  staying: readonly StageRecord[],
  deadTrees: readonly string[],
  before: number,
): readonly string[] {
  const isOld = (path: string): boolean => {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    return stats !== undefined && stats.ctimeMs < before;
  };
  const old = (folder: string): string[] =>
    list(join(root, folder))
      .map((name) => join(root, folder, name))
      .filter(isOld);
  const trees = new Set(deadTrees);
  const runs = new Set(staying.map(({ run }) => run));
  const code = new Set(
    staying.flatMap(({ parts }) => [
      ...(parts.program.kind === 'module' ? [parts.program.code] : []),
      ...Object.values(parts.modules),
    ]) as string[],
  );
  const folders = new Set(staying.flatMap(({ parts }) => Object.values(parts.inputs)) as unknown[]);
  return [
    ...list(join(root, 'checkouts'))
      .filter((name) => trees.has(name))
      .map((name) => join(root, 'checkouts', name)),
    // What a process that was killed had not renamed yet.
    ...unnamed(join(root, 'pipelines'), /\.json$/),
    ...unnamed(root, /^(?!stat-index\.jsonl\.)/),
    ...old('damaged'),
    ...old('partial'),
    ...old('checkpoints'),
    // The page of a run shows what its results were: it stays with them.
    ...old('runs').filter((path) => !runs.has(relative(join(root, 'runs'), path))),
    ...old('listings').filter((path) => !folders.has(basename(path, '.json'))),
    ...old('code').filter((path) => !code.has(relative(join(root, 'code'), path).slice(0, 64))),
  ];
}

const unnamed = (folder: string, named: RegExp): string[] =>
  list(folder)
    .filter((name) => !named.test(name))
    .map((name) => join(folder, name));

/** Removes: records first, so that whatever is killed in between leaves nothing that speaks of what is gone. */
export function carryOut(root: string, { records, blobs, trees, paths }: Collection): void {
  for (const { record, outputs } of records) {
    rmSync(layout.record(root, record.key, outputs), { force: true });
    if (list(layout.recordsOfKey(root, record.key)).length === 0)
      rmSync(layout.recordsOfKey(root, record.key), { recursive: true, force: true });
  }
  const gone = new Set(records.map(({ record, outputs }) => `${record.key} ${outputs}`));
  const lists = [
    join(root, 'records', 'index'),
    ...[...new Set(records.map(({ record }) => record.stage))].map((stage) => layout.history(root, stage)),
  ];
  for (const path of gone.size > 0 ? lists : []) without(root, path, gone);
  for (const path of paths) rmSync(path, { recursive: true, force: true });
  for (const digest of trees) rmSync(layout.tree(root, digest as never), { force: true });
  for (const digest of blobs) rmSync(layout.blob(root, digest), { force: true });
  for (const stage of list(join(root, 'latest')))
    for (const output of list(join(root, 'latest', stage)))
      removeDangling(join(root, 'latest', stage, output));
}

/** Takes lines out of a list. */
function without(root: string, path: string, gone: ReadonlySet<string>): void {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return;
  }
  const kept = text.split('\n').filter((line) => line !== '' && !gone.has(line));
  writeWhole(root, path, kept.map((line) => `\n${line}`).join(''));
}

function removeDangling(link: string): void {
  try {
    readFileSync(link);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') rmSync(link, { force: true });
  }
}
