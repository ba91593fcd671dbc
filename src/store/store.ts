import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { BlobDigest, CacheKey, CodeDigest } from '../digest.ts';
import { type Failure, fail, ok, type Result } from '../failure.ts';
import type { UrlDigest } from '../pipeline/pipeline.ts';
import type { StageDescription } from '../stage/description.ts';
import { checkArtifact, checkFile, checkFolder, type Damage, pathOfName } from './artifact.ts';
import { checkout, setAsideDamaged } from './checkout.ts';
import { digestPath, type Unreadable } from './digest-path.ts';
import { findDownload, keepDownload } from './downloads.ts';
import { placeCode, readDescription, writeDescription } from './keepsakes.ts';
import { showLatest, showsLatest } from './latest.ts';
import { fileName, layout } from './layout.ts';
import { keepListing, type Listing } from './listing.ts';
import { type Held, type Holder, type LockWait, liveHolders, tryLock, waitForLock } from './lock.ts';
import { asStoreFailure, type Publication, publish } from './publish.ts';
import type { Artifact, StageRecord } from './record.ts';
import { openRecordIndex } from './record-index.ts';
import { readRecord, recordsOfKey, recordsOfStage, writeRecord } from './records.ts';
import { dropCheckpoints, openScratchPool, sweepScratch } from './scratch.ts';
import { openStatIndex, type StatIndex } from './stat-index.ts';
import { whyNoFolder } from './why-no-folder.ts';
import { bestEffort } from './write.ts';

/**
 * A store on this machine's disk. Everything in it can be made again; several processes may use it at once.
 *
 * Where a method says nothing else, a disk that is full or read-only is thrown as the error of the file system:
 * `asStoreFailure` makes a failure of it.
 */
export interface Store {
  readonly root: string;
  /** Where runs keep their logs, events and pages: `<root>/runs`. */
  readonly runsFolder: string;
  /** Why nothing can be written to it; null where it can. */
  readonly readOnly: Failure | null;
  readonly index: StatIndex;

  /** The record to use for a key: the oldest readable one all of whose bytes are there and fit. Changes nothing. */
  find(key: CacheKey): Promise<StageRecord | null>;
  /** All readable records of a key, oldest first, whether or not their artifacts are still there. */
  records(key: CacheKey): readonly StageRecord[];
  /** Records that a stage instance (`name@coordinates`) made, latest first. */
  recordsOf(stage: string, limit?: number): readonly StageRecord[];
  publish(publication: Publication): Promise<Result<StageRecord>>;
  /** Makes a record visible that came from elsewhere, after all its files. */
  putRecord(record: StageRecord): void;

  /** Absolute path of an artifact, ready to be read; each byte fits. Damage is set aside and named in the error. */
  checkout(artifact: Artifact): Promise<Result<string, Damage>>;
  /** After a stage ran: whether an artifact that `checkout` handed out is still as it was. Damage is set aside. */
  verifyInput(artifact: Artifact): Promise<Damage | null>;
  /** What is wrong with an artifact, if anything; changes nothing. */
  check(artifact: Artifact): Promise<Damage | null>;
  /** Whether all outputs of a record are there, each byte as it should be; changes nothing. */
  isWhole(record: StageRecord): Promise<boolean>;
  /** Sets aside all bytes of an artifact that do not fit; returns the paths where they were. */
  setAsideDamaged(artifact: Artifact): Promise<readonly string[]>;

  /** Digest of a user's file or folder by content, through the stat index. Links are followed. */
  digestPath(path: string, files?: Map<string, string>): Promise<Result<string, Unreadable>>;
  /** Remembers what was in a user's folder. */
  keepListing(digest: string, files: Listing): void;

  findUrl(url: UrlDigest): Promise<string | null>;
  /** Takes in what was fetched and found to fit; returns its path. */
  putUrl(url: UrlDigest, fetched: { readonly path: string; readonly sha256: BlobDigest }): Promise<string>;

  /** Where a download is built up, to be gone on with after an interruption. */
  partialFile(url: UrlDigest): string;

  /** Waits until nobody else on this store works at what the name says; `null` after an abort. */
  lock(name: string, run: string, wait: LockWait): Promise<Held | null>;
  /** Or who has it. */
  tryLock(name: string, run: string): Held | Holder;

  description(source: CodeDigest): StageDescription | null;
  putDescription(source: CodeDigest, description: StageDescription): void;
  /** Path of a bundle inside `project` (the pipeline's root), so that its packages are found; its source map beside it. */
  putCode(project: string, code: CodeDigest, text: string, map?: string): string;

  /** For one execution: an empty folder on the store's file system, with an empty folder `outputs` in it. */
  scratch(): string;
  /** Takes the folder of an execution that ended well back, emptied; one that failed is removed by the caller. */
  giveBackScratch(path: string): void;
  /** Removes the folders that were given back. Call it when a run ends. */
  closeScratch(): void;
  /** Removes what processes that are gone left in `tmp/` and `locks/`. */
  sweepScratch(): void;
  /** The folder that outlives a failed attempt of this key on this engine. It is not made: few stages need it. */
  checkpointFolder(key: CacheKey, engine: string): string;
  dropCheckpoints(key: CacheKey): void;

  /** Shows a stage's outputs under `latest/<stage>/`. Two looks an output where they are shown already. */
  latest(stage: string, record: StageRecord): Promise<Result<void, Damage>>;
  /** Writes the stat index. Call it once at the end of a verb; `publish` does it by itself. */
  save(): void;
  /** Takes out of the stat index what is of files that are gone. */
  pruneIndex(): void;
}

/**
 * Opens the store in a folder, made if missing. One that can't be written to is opened all the same: what is in it can
 * be looked at and handed on. Fails with `store-unusable` where there can be none.
 */
export async function openStore(folder: string): Promise<Result<Store>> {
  const root = resolve(folder);
  const refused = whyNoFolder(layout.tmp(root));
  if (refused === null) mkdirSync(layout.tmp(root), { recursive: true });
  else if (refused.code === 'ENOTDIR') return fail(asStoreFailure(refused));
  const readOnly = refused === null ? null : asStoreFailure(refused);
  const index = openStatIndex(layout.statIndex(root), (name) => !existsSync(pathOfName(root, name)));

  const recordIndex = openRecordIndex(root);
  const pool = openScratchPool(root);

  const isWhole = async (record: StageRecord): Promise<boolean> => {
    for (const artifact of Object.values(record.outputs)) {
      if ((await checkArtifact(root, index, artifact)) !== null) return false;
    }
    return true;
  };

  // Stages that start side by side often share an input: it is laid out once, not once for each of them.
  const underway = new Map<string, Promise<Result<string, Damage>>>();
  const checkoutOnce: Store['checkout'] = (artifact) => {
    const before = underway.get(artifact.digest);
    if (before !== undefined) return before;
    const now = checkout(root, index, artifact).finally(() => underway.delete(artifact.digest));
    underway.set(artifact.digest, now);
    return now;
  };

  const store: Store = {
    root,
    runsFolder: layout.runs(root),
    readOnly,
    index,
    async find(key) {
      for (const outputs of recordIndex.of(key)) {
        const record = readRecord(root, key, outputs);
        if (record !== null && (await isWhole(record))) return record;
      }
      for (const record of recordsOfKey(root, key)) if (await isWhole(record)) return record;
      return null;
    },
    records: (key) => recordsOfKey(root, key),
    recordsOf: (stage, limit = 20) => recordsOfStage(root, stage, limit),
    publish: (publication) => publish(root, index, recordIndex, publication),
    putRecord: (record) => writeRecord(root, recordIndex, record),
    checkout: checkoutOnce,
    async verifyInput(artifact) {
      const damage =
        artifact.kind === 'file'
          ? await checkFile(index, layout.blob(root, artifact.digest), artifact.digest)
          : await checkFolder(root, index, layout.checkout(root, artifact.digest), artifact.digest);
      if (damage !== null) await setAsideDamaged(root, index, artifact);
      return damage;
    },
    check: (artifact) => checkArtifact(root, index, artifact),
    isWhole,
    setAsideDamaged: (artifact) => setAsideDamaged(root, index, artifact),
    digestPath: (path, files) => digestPath(index, path, files),
    keepListing: (digest, files) => keepListing(root, digest, files),
    findUrl: (url) => findDownload(root, index, url),
    putUrl: (url, fetched) => keepDownload(root, index, url, fetched),
    partialFile: ({ algorithm, hex }) => layout.partial(root, algorithm, hex),
    tryLock: (name, run) => tryLock({ root, name, run }),
    lock: (name, run, wait) => waitForLock({ root, name, run }, wait),
    description: (source) => readDescription(root, source),
    putDescription: (source, description) => writeDescription(root, source, description),
    putCode: (project, code, text, map) => placeCode(root, project, { code, text, map }),
    scratch: pool.take,
    giveBackScratch: pool.giveBack,
    closeScratch: pool.close,
    sweepScratch() {
      sweepScratch(root);
      liveHolders(root);
    },
    checkpointFolder: (key, engine) => join(layout.checkpoints(root, key), fileName(engine)),
    dropCheckpoints: (key) => dropCheckpoints(root, key),
    async latest(stage, record) {
      if (readOnly !== null || showsLatest(root, stage, record.outputs)) return ok(undefined);
      for (const artifact of Object.values(record.outputs)) {
        const laidOut = await checkoutOnce(artifact);
        if (!laidOut.ok) return laidOut;
      }
      showLatest(root, stage, record.outputs);
      return ok(undefined);
    },
    save: () => bestEffort(() => index.save()),
    pruneIndex: () => bestEffort(() => index.prune()),
  };
  return ok(store);
}
