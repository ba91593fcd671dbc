import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { createTarDecoder, type ParsedTarEntry } from 'modern-tar';
import type { PublicKey } from '../../pipeline/pipeline.ts';
import { type Arrival, gather, openArrival } from '../remote/arrival.ts';
import { LARGEST_PACK } from '../remote/contents.ts';
import {
  type Content,
  contentName,
  LONGEST_RESULT,
  packName,
  readResult,
  readResultName,
  type SharedResult,
} from '../remote/signed-result.ts';
import type { Store } from '../store.ts';
import { temporaryName } from '../temporary.ts';
import { LONGEST_MANIFEST, MANIFEST, type Manifest, readManifest } from './manifest.ts';

/** The archive is not what it should be; nothing of it counts. */
export class ArchiveRefused extends Error {
  /** Whether only who signed it speaks against it. */
  readonly byStranger: boolean;
  constructor(message: string, byStranger = false) {
    super(message);
    this.byStranger = byStranger;
  }
}

export interface Unarchived {
  readonly run: string;
  readonly results: number;
  readonly bytes: number;
}

/** What is still to come, by name; whatever else comes is refused. */
interface Awaited {
  readonly packs: Map<string, SharedResult['packs'][number]>;
  readonly alone: Map<string, Content>;
  /** Below the run's folder. */
  readonly files: Map<string, Manifest['files'][number]>;
}

/**
 * Takes an archive into a store. Each entry is one that the results and the list before it announced, a plain file of
 * the size announced, and its bytes fit their digest; no name in the archive becomes a path. Records become visible at
 * the end, when all is there: an archive that is refused half-way leaves bytes that nobody refers to.
 * @param trusted who may have signed; `null` takes what nobody signed too.
 */
export async function readArchive(
  store: Store,
  file: string,
  trusted: readonly PublicKey[] | null,
): Promise<Unarchived> {
  const arrival = openArrival(store.root, store.index);
  const runFolder = temporaryName(store.root);
  const awaited: Awaited = { packs: new Map(), alone: new Map(), files: new Map() };
  const results: SharedResult[] = [];
  let manifest: Manifest | null = null;
  let bytes = 0;
  mkdirSync(runFolder, { recursive: true });
  try {
    for await (const entry of entriesOf(file)) {
      const { name, size } = entry.header;
      bytes += size;
      if (entry.header.type !== 'file')
        throw new ArchiveRefused(`${quoted(name)} is a ${entry.header.type}, not a file`);
      if (manifest === null) manifest = await manifestOf(entry, trusted, awaited);
      else if (results.length < manifest.results) results.push(await resultOf(entry, trusted, awaited));
      else await contentOf(entry, { arrival, runFolder, awaited });
    }
    const [missing] = [...awaited.packs.keys(), ...awaited.alone.keys(), ...awaited.files.keys()];
    if (manifest === null || results.length < manifest.results) throw new ArchiveRefused('it ends too early');
    if (missing !== undefined) throw new ArchiveRefused(`it ends too early: ${missing} is not in it`);
    await arrival.settle();
    for (const { record } of results)
      if (!(await store.isWhole(record)))
        throw new ArchiveRefused(`files of ${quoted(record.stage)} are not in it`);
    for (const { record } of results) store.putRecord(record);
    const to = join(store.runsFolder, manifest.run);
    mkdirSync(store.runsFolder, { recursive: true });
    // A run of that name that is here stays.
    if (!existsSync(to)) renameSync(runFolder, to);
    return { run: manifest.run, results: results.length, bytes };
  } finally {
    rmSync(runFolder, { recursive: true, force: true });
  }
}

/** Entries of a tar; what is no tar is refused. */
async function* entriesOf(file: string): AsyncIterable<ParsedTarEntry> {
  const bytes = createReadStream(file, { highWaterMark: 1 << 20 });
  const entries = Readable.toWeb(bytes).pipeThrough(createTarDecoder({ strict: true }));
  try {
    yield* inWords(entries);
  } finally {
    bytes.destroy();
  }
}

const bodyOf = ({ body }: ParsedTarEntry): AsyncIterable<Uint8Array> => inWords(body);

/** What the decoder throws is the archive's fault; what has a code is the disk's. */
async function* inWords<T>(parts: AsyncIterable<T>): AsyncIterable<T> {
  try {
    yield* parts;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== undefined) throw error;
    throw new ArchiveRefused(`it is no archive, or damaged: ${(error as Error).message}`);
  }
}

async function manifestOf(
  entry: ParsedTarEntry,
  trusted: readonly PublicKey[] | null,
  awaited: Awaited,
): Promise<Manifest> {
  if (entry.header.name !== MANIFEST)
    throw new ArchiveRefused(`it is no archive of a run: it begins with ${quoted(entry.header.name)}`);
  const read = readManifest((await whole(entry, LONGEST_MANIFEST)).toString(), trusted);
  if (!read.ok) throw new ArchiveRefused(read.why, read.byStranger);
  const { run, files } = read.value;
  for (const one of files) awaited.files.set(`runs/${run}/${one.path}`, one);
  return read.value;
}

async function resultOf(
  entry: ParsedTarEntry,
  trusted: readonly PublicKey[] | null,
  awaited: Awaited,
): Promise<SharedResult> {
  const { name } = entry.header;
  if (readResultName(name) === null) throw unexpected(name);
  const read = readResult(name, (await whole(entry, LONGEST_RESULT)).toString(), trusted);
  if (!read.ok) throw new ArchiveRefused(`${quoted(name)}: ${read.why}`, read.byStranger);
  for (const pack of read.value.packs) awaited.packs.set(packName(pack.digest), pack);
  for (const content of read.value.alone) awaited.alone.set(contentName(content), content);
  return read.value;
}

async function contentOf(
  entry: ParsedTarEntry,
  { arrival, runFolder, awaited }: { arrival: Arrival; runFolder: string; awaited: Awaited },
): Promise<void> {
  const { name, size } = entry.header;
  const pack = awaited.packs.get(name);
  const alone = awaited.alone.get(name);
  const ofRun = awaited.files.get(name);
  const announced = (pack ?? alone ?? ofRun)?.bytes;
  if (announced === undefined) throw unexpected(name);
  if (announced !== size) throw new ArchiveRefused(`${quoted(name)} has ${size} bytes, not ${announced}`);
  let fits = false;
  if (pack !== undefined) fits = await arrival.takePack(pack.digest, await whole(entry, LARGEST_PACK));
  else if (alone !== undefined) fits = await arrival.takeStream(alone, bodyOf(entry));
  else if (ofRun !== undefined) fits = await takeRunFile(entry, join(runFolder, ofRun.path), ofRun.sha256);
  if (!fits) throw new ArchiveRefused(`${quoted(name)} does not have the bytes that its digest says`);
  for (const map of [awaited.packs, awaited.alone, awaited.files]) map.delete(name);
}

async function takeRunFile(entry: ParsedTarEntry, to: string, digest: string): Promise<boolean> {
  mkdirSync(dirname(to), { recursive: true });
  const hash = createHash('sha256');
  const file = await open(to, 'wx');
  try {
    for await (const chunk of bodyOf(entry)) {
      hash.update(chunk);
      await file.writeFile(chunk);
    }
  } finally {
    await file.close();
  }
  return hash.digest('hex') === digest;
}

async function whole(entry: ParsedTarEntry, most: number): Promise<Buffer> {
  const bytes = await gather(bodyOf(entry), most);
  if (bytes === null)
    throw new ArchiveRefused(`${quoted(entry.header.name)} is too large: ${entry.header.size} bytes`);
  return bytes;
}

const unexpected = (name: string): ArchiveRefused =>
  new ArchiveRefused(`${quoted(name)} is nothing that its results speak of`);

/** Names come from elsewhere. */
const quoted = (name: string): string => JSON.stringify(name.slice(0, 200));
