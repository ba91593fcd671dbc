import { readFileSync, readlinkSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import {
  type BlobDigest,
  type CacheKey,
  type OutputsDigest,
  sha256OfJson,
  type TreeDigest,
} from '../digest.ts';
import { checkFolder, lookAt } from './artifact.ts';
import { hashFile, md5OfFile } from './hash-file.ts';
import { readJson, readSealed } from './keepsakes.ts';
import { layout } from './layout.ts';
import { list } from './list.ts';
import type { Artifact, StageRecord } from './record.ts';
import { outputsDigest, readFitting, recordText } from './records.ts';
import { setAside } from './set-aside.ts';
import type { StatIndex } from './stat-index.ts';
import { readTree, type TreeNode } from './tree.ts';
import { writeWhole } from './write.ts';

/** Something in a store that is not as it should be. */
export interface Wrong {
  /** Relative to the store. */
  readonly path: string;
  /** What it is, without a full stop. */
  readonly message: string;
  /** Puts it right, or out of the way: what is lost is made again when it is needed. `null`: nobody can make it again. */
  readonly repair: (() => void) | null;
}

export interface Verified {
  readonly wrong: readonly Wrong[];
  readonly files: number;
  readonly bytes: number;
  readonly records: number;
}

/** Files read at once. */
const AT_ONCE = 4;
const HEX = /^[0-9a-f]+$/;

/**
 * Reads every byte of a store and holds it against its digest, then all that refers to something against what is
 * there. Believes no index. Changes nothing; what runs meanwhile may be told as wrong in what it is just writing.
 */
export async function verifyStore(
  root: string,
  index: StatIndex,
  onProgress: (files: number, bytes: number) => void = () => {},
): Promise<Verified> {
  const wrong: Wrong[] = [];
  const tell: Tell = (path, message, repair = () => void setAside(root, path)) => {
    wrong.push({ path: relative(root, path), message, repair });
  };

  const blobs = await wholeBlobs(root, tell, onProgress);
  const trees = wholeTrees(root, blobs, tell);
  const isWhole = ({ kind, digest }: Artifact): boolean =>
    kind === 'file' ? blobs.sizes.has(digest) : trees.has(digest);
  const records = checkRecords(root, isWhole, blobs.sizes, tell);
  checkHistories(root, records, tell);
  await checkCheckouts(root, index, trees, tell);
  checkLinks(root, blobs.sizes, trees, tell);
  checkUrls(root, blobs.sizes, tell);
  checkKept(root, tell);
  return { wrong, files: blobs.sizes.size, bytes: blobs.bytes, records: records.length };
}

type Tell = (path: string, message: string, repair?: Wrong['repair']) => void;

async function wholeBlobs(root: string, tell: Tell, onProgress: (files: number, bytes: number) => void) {
  const sizes = new Map<string, number>();
  let bytes = 0;
  const todo = [...entries(join(root, 'blobs'), 2)];
  const work = async (): Promise<void> => {
    for (let path = todo.pop(); path !== undefined; path = todo.pop()) {
      const [folder, name] = relative(join(root, 'blobs'), path).split('/');
      const digest = `${folder}${name}`;
      const stats = lookAt(path);
      if (name === undefined || digest.length !== 64 || !HEX.test(digest)) {
        tell(path, 'does not belong there');
        continue;
      }
      if (stats === null) continue;
      if (!stats.isFile()) {
        tell(path, 'is no file');
        continue;
      }
      const found = await attempt(() => hashFile(path, stats.size));
      if (found instanceof Error) tell(path, `can't be read: ${found.message}`);
      else if (found !== digest) tell(path, 'has other bytes than its name says');
      else {
        sizes.set(digest, stats.size);
        bytes += stats.size;
        onProgress(sizes.size, bytes);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { sizes, bytes };
}

/** Digests of folders of which all is there, at any depth. */
function wholeTrees(root: string, blobs: { sizes: ReadonlyMap<string, number> }, tell: Tell) {
  const nodes = new Map<string, TreeNode>();
  for (const path of entries(join(root, 'trees'), 2)) {
    const digest = relative(join(root, 'trees'), path)
      .replace('/', '')
      .replace(/\.json$/, '') as TreeDigest;
    const node = HEX.test(digest) && path.endsWith('.json') ? readTree(root, digest) : null;
    if (node === null) tell(path, 'has other bytes than its name says');
    else nodes.set(digest, node);
  }
  const whole = new Map<string, boolean>();
  const isWhole = (digest: string): boolean => {
    const before = whole.get(digest);
    if (before !== undefined) return before;
    const node = nodes.get(digest);
    const now =
      node !== undefined &&
      Object.values(node).every((entry) =>
        entry.kind === 'file' ? blobs.sizes.has(entry.digest) : isWhole(entry.digest),
      );
    whole.set(digest, now);
    return now;
  };
  return new Set([...nodes.keys()].filter(isWhole));
}

function checkRecords(
  root: string,
  isWhole: (artifact: Artifact) => boolean,
  blobs: ReadonlyMap<string, number>,
  tell: Tell,
): readonly StageRecord[] {
  const found: StageRecord[] = [];
  for (const path of entries(join(root, 'records'), 2)) {
    const [key, file] = relative(join(root, 'records'), path).split('/') as [CacheKey, string | undefined];
    // A cache; what it lacks is looked for in the folders.
    if (key === 'index' && file === undefined && lookAt(path)?.isFile()) continue;
    const outputs = (file ?? '').replace(/\.json$/, '') as OutputsDigest;
    const record = HEX.test(key) && HEX.test(outputs) ? readFitting(root, key, outputs) : null;
    if (record === null) {
      tell(path, 'is no record, or not as it was written');
      continue;
    }
    if (sha256OfJson(record.parts) !== key || outputsDigest(record.outputs) !== outputs) {
      tell(path, 'is not the record that its name says');
      continue;
    }
    const gone = Object.entries(record.outputs).filter(([, artifact]) => !isWhole(artifact));
    if (gone.length > 0) {
      const names = gone.map(([name]) => name).join(', ');
      tell(path, `is the record of ${record.stage}, whose ${names} is damaged or gone`);
      continue;
    }
    found.push(record);
    if (record.log !== null && !blobs.has(record.log))
      tell(path, `is the record of ${record.stage}, whose log is damaged or gone`, () =>
        writeWhole(root, path, recordText(key, { ...record, log: null })),
      );
  }
  return found;
}

/** Each line names a record that is there, and each record stands in the history of its stage. */
function checkHistories(root: string, records: readonly StageRecord[], tell: Tell): void {
  const line = (record: StageRecord) => `${record.key} ${outputsDigest(record.outputs)}`;
  const there = new Set(records.map(line));
  const expected = new Map<string, StageRecord[]>();
  for (const path of entries(join(root, 'history'), 1)) expected.set(path, []);
  for (const record of records) {
    const path = layout.history(root, record.stage);
    expected.set(path, [...(expected.get(path) ?? []), record]);
  }
  for (const [path, its] of expected) {
    const text = attemptSync(() => readFileSync(path, 'utf8'));
    const lines = typeof text === 'string' ? text.split('\n').filter((each) => each !== '') : [];
    const kept = lines.filter((each) => there.has(each));
    const known = new Set(lines);
    const missing = its.filter((record) => !known.has(line(record)));
    if (kept.length === lines.length && missing.length === 0) continue;
    const message = `is a history that lacks ${missing.length} records and names ${lines.length - kept.length} that are damaged or gone`;
    tell(path, message, () => {
      if (lookAt(path)?.isDirectory()) setAside(root, path);
      const added = missing.sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1)).map(line);
      writeWhole(root, path, [...added, ...kept].map((each) => `\n${each}`).join(''));
    });
  }
}

async function checkCheckouts(root: string, index: StatIndex, trees: ReadonlySet<string>, tell: Tell) {
  for (const name of list(join(root, 'checkouts'))) {
    const path = join(root, 'checkouts', name);
    if (!HEX.test(name) || !trees.has(name)) {
      tell(path, 'is a folder laid out from files that are damaged or gone');
      continue;
    }
    // The blobs were read a moment ago, and most files here are links to them.
    const damage = await checkFolder(root, index, path, name as TreeDigest);
    if (damage !== null)
      tell(
        damage.damaged,
        `does not fit the folder that it is laid out as (${damage.what})`,
        () => void setAside(root, path),
      );
  }
}

/** One to a folder that is not laid out at the moment is as it should be: the next run lays it out. */
function checkLinks(
  root: string,
  blobs: ReadonlyMap<string, number>,
  trees: ReadonlySet<string>,
  tell: Tell,
) {
  for (const stage of list(join(root, 'latest')))
    for (const output of list(join(root, 'latest', stage))) {
      const path = join(root, 'latest', stage, output);
      const to = attemptSync(() => readlinkSync(path));
      const [, kind, digest = ''] =
        typeof to === 'string' ? (/^\.\.\/\.\.\/(blobs|checkouts)\/([0-9a-f/]+)$/.exec(to) ?? []) : [];
      if (kind === 'blobs' ? !blobs.has(digest.replace('/', '')) : !trees.has(digest))
        tell(path, 'is no link to an output that is there', () =>
          rmSync(path, { recursive: true, force: true }),
        );
    }
}

function checkUrls(root: string, blobs: ReadonlyMap<string, number>, tell: Tell): void {
  for (const name of list(join(root, 'urls'))) {
    const path = join(root, 'urls', name);
    const [, algorithm, hex] = /^(md5|sha256)-([0-9a-f]+)\.json$/i.exec(name) ?? [];
    const artifact = readJson<Artifact>(path);
    const digest = artifact?.kind === 'file' && typeof artifact.digest === 'string' ? artifact.digest : '';
    if (algorithm === undefined || hex === undefined || !blobs.has(digest))
      tell(path, 'is a download that is damaged or gone');
    else if (
      (algorithm === 'md5' ? md5OfFile(layout.blob(root, digest as BlobDigest)) : digest) !==
      hex.toLowerCase()
    )
      tell(path, 'is a download with other bytes than its name says');
  }
}

/** What was found out about programs and runs: damage costs the time to find it out again, and is no less damage. */
function checkKept(root: string, tell: Tell): void {
  for (const folder of ['descriptions', 'builds', 'pipelines'])
    for (const path of entries(join(root, folder), 1))
      if (path.endsWith('.json') && readSealed(path) === null) tell(path, 'is not as it was written');
  for (const path of entries(layout.championsFolder(root), 1))
    if (readSealed(path) === null)
      tell(
        path,
        'is a list of champions, and not as it was written: put a backup in its place, or remove it',
        null,
      );
  for (const run of list(join(root, 'runs'))) {
    const path = join(root, 'runs', run, 'run.json');
    if (lookAt(path) !== null && readJson(path) === null) tell(path, 'is no JSON');
  }
}

/** What lies so many folders deep, whatever it is, and files on the way there. */
function* entries(folder: string, depth: number): Generator<string> {
  for (const name of list(folder)) {
    const path = join(folder, name);
    if (depth > 1 && lookAt(path)?.isDirectory()) yield* entries(path, depth - 1);
    else yield path;
  }
}

async function attempt<T>(work: () => Promise<T>): Promise<T | Error> {
  try {
    return await work();
  } catch (error) {
    return error as Error;
  }
}

function attemptSync<T>(work: () => T): T | Error {
  try {
    return work();
  } catch (error) {
    return error as Error;
  }
}
