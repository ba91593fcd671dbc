import { chmodSync, constants, copyFileSync, lstatSync, renameSync, rmSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import type { BlobDigest, CacheKey } from '../digest.ts';
import { type Failure, fail, ok, type Result } from '../failure.ts';
import type { JsonObject } from '../json.ts';
import { blobName, checkFile, lookAt } from './artifact.ts';
import { entryNames, Unusable } from './entry-names.ts';
import { flush } from './flush.ts';
import { hashFile } from './hash-file.ts';
import { layout } from './layout.ts';
import type { Artifact, KeyParts, StageRecord } from './record.ts';
import type { RecordIndex } from './record-index.ts';
import { outputsDigest, writeRecord } from './records.ts';
import { setAside } from './set-aside.ts';
import { type StatIndex, untilSettled } from './stat-index.ts';
import { temporaryName } from './temporary.ts';
import { type TreeEntry, writeTree } from './tree.ts';
import { bestEffort, moveInto } from './write.ts';

/** What an execution that ended well hands to the store. */
export interface Publication {
  readonly key: CacheKey;
  readonly parts: KeyParts;
  readonly stage: string;
  /** Absolute path of each declared output, under the store's scratch folder: its files are moved, not copied. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly metrics: Readonly<Record<string, number>>;
  readonly facts: JsonObject;
  readonly warnings: readonly string[];
  /** Absolute path of the log, `null` if none; it is moved too. */
  readonly logFile: string | null;
  readonly run: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly ms: number;
  /** Whether all of it is to be on the disk, safe from a power loss, when it is published. */
  readonly durable?: boolean;
}

/**
 * Hashes outputs and makes them visible: blobs first, trees next, the record last, each by rename. Whoever is killed
 * in between leaves bytes that nobody refers to, and no record.
 *
 * Fails with `output-missing`, with `output-unusable` for links and special files, and with `store-unusable`.
 */
export async function publish(
  root: string,
  index: StatIndex,
  recordIndex: RecordIndex,
  publication: Publication,
): Promise<Result<StageRecord>> {
  const { outputs, logFile, durable = false, ...rest } = publication;
  const into: Into = { root, index, paths: [], moved: [] };
  try {
    const scans: [string, Scanned][] = [];
    for (const [output, path] of Object.entries(outputs)) {
      scans.push([output, await scan(root, path)]);
    }
    const artifacts: [string, Artifact][] = [];
    for (const [output, scanned] of scans) artifacts.push([output, await store(into, scanned)]);
    const log = logFile === null || lookAt(logFile) === null ? null : await scan(root, logFile);
    const record: StageRecord = {
      format: 1,
      ...rest,
      outputs: Object.fromEntries(artifacts),
      log: log?.kind === 'file' ? ((await store(into, log)).digest as BlobDigest) : null,
    };
    if (durable) await flush(into.paths);
    writeRecord(root, recordIndex, record);
    if (durable)
      await flush([
        layout.record(root, record.key, outputsDigest(record.outputs)),
        layout.history(root, record.stage),
      ]);
    bestEffort(() => index.save());
    return ok(record);
  } catch (error) {
    // What nobody refers to would keep the disk full.
    if (isFull(error)) for (const path of into.moved) rmSync(path, { force: true });
    return fail(asFailure(error, publication));
  }
}

/** Where something is being published. */
interface Into {
  readonly root: string;
  readonly index: StatIndex;
  /** Gets the paths in the store that hold it. */
  readonly paths: string[];
  /** Gets those that were not there before. */
  readonly moved: string[];
}

type Scanned =
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly digest: BlobDigest;
      readonly stats: Stats;
    }
  | { readonly kind: 'folder'; readonly entries: readonly (readonly [string, Scanned])[] };

/** Hashes everything before anything is moved, so that an unusable output leaves the store as it was. */
async function scan(root: string, path: string): Promise<Scanned> {
  let stats = lookAt(path);
  if (stats === null) throw new Unusable(path, MISSING);
  if (stats.isFile()) {
    // A hard link to a file elsewhere: whoever writes there later must not write into the store.
    if (stats.nlink > 1) stats = ownCopy(root, path);
    chmodSync(path, 0o444);
    return { kind: 'file', path, digest: await hashFile(path, stats.size), stats };
  }
  if (!stats.isDirectory()) throw new Unusable(path, `is ${kindOf(stats)}, not a file or a folder`);
  const entries: [string, Scanned][] = [];
  for (const name of entryNames(path)) entries.push([name, await scan(root, join(path, name))]);
  return { kind: 'folder', entries };
}

const MISSING = 'is missing';

function ownCopy(root: string, path: string): Stats {
  // Not beside it: a longer name may be too long there, or taken.
  const copy = temporaryName(root);
  copyFileSync(path, copy, constants.COPYFILE_EXCL);
  renameSync(copy, path);
  return lstatSync(path);
}

/** Moves what was scanned into the store. */
async function store(into: Into, scanned: Scanned): Promise<Artifact> {
  if (scanned.kind === 'file') {
    await storeFile(into, scanned);
    return { kind: 'file', digest: scanned.digest, files: 1, bytes: scanned.stats.size };
  }
  const node: [string, TreeEntry][] = [];
  let [files, bytes] = [0, 0];
  for (const [name, below] of scanned.entries) {
    const { files: its, ...entry } = await store(into, below);
    files += its;
    bytes += entry.bytes;
    node.push([name, entry.kind === 'file' ? entry : { kind: 'folder', digest: entry.digest }]);
  }
  const digest = writeTree(into.root, Object.fromEntries(node));
  into.paths.push(layout.tree(into.root, digest));
  return { kind: 'folder', digest, files, bytes };
}

type ScannedFile = Extract<Scanned, { kind: 'file' }>;

async function storeFile(
  { root, index, paths, moved }: Into,
  { path, digest, stats }: ScannedFile,
): Promise<void> {
  const blob = layout.blob(root, digest);
  paths.push(blob);
  if (lookAt(blob) !== null) {
    if ((await checkFile(index, blob, digest)) === null) return;
    setAside(root, blob);
  }
  moveInto(path, blob);
  moved.push(blob);
  const now = lookAt(blob);
  // Renaming changes the ctime, by our own doing; anything else that changed means that it must be read again.
  if (now !== null && now.mtimeMs === stats.mtimeMs && now.size === stats.size && now.ino === stats.ino)
    index.remember(blobName(digest), digest, now);
}

/** Takes one file, whose digest is known, into the store as a blob; `path` is moved. */
export async function adoptFile(
  root: string,
  index: StatIndex,
  path: string,
  digest: BlobDigest,
): Promise<Artifact> {
  const stats = lstatSync(path);
  chmodSync(path, 0o444);
  await untilSettled(stats.mtimeMs);
  return store({ root, index, paths: [], moved: [] }, { kind: 'file', path, digest, stats });
}

function kindOf(stats: Stats): string {
  if (stats.isSymbolicLink()) return 'a symbolic link';
  if (stats.isSocket()) return 'a socket';
  if (stats.isFIFO()) return 'a named pipe';
  return 'a device';
}

function asFailure(error: unknown, { stage, outputs }: Publication): Failure {
  if (error instanceof Unusable) {
    const output =
      Object.keys(outputs).find((name) => `${error.path}/`.startsWith(`${outputs[name]}/`)) ?? 'log';
    if (error.message === MISSING && error.path === outputs[output]) {
      return { reason: 'output-missing', stage, output };
    }
    return { reason: 'output-unusable', stage, output, path: error.path, message: error.message };
  }
  return asStoreFailure(error);
}

/** Whether the disk, or what this user may have of it, is used up. */
export const isFull = (error: unknown): boolean =>
  ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '');

/** The file system's own words, with what to do where there is something. A bug is thrown on. */
export function asStoreFailure(error: unknown): Failure {
  const { code, path, message } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  const help = HELP[code];
  return { reason: 'store-unusable', path: path ?? '', message, ...(help === undefined ? {} : { help }) };
}

const HELP: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full: make room and run again; what was done is kept.',
  EDQUOT: 'Your quota is used up: make room and run again; what was done is kept.',
  EROFS: 'The file system is read-only.',
  EACCES: 'You may not write there.',
  EPERM: 'You may not write there.',
  ENOTDIR: 'Something that should be a folder is a file.',
};
