import type { CacheKey } from '../../digest.ts';
import type { Store } from '../store.ts';
import { type Arrival, gather, openArrival } from './arrival.ts';
import { LARGEST_PACK } from './contents.ts';
import { RemoteTrouble } from './objects.ts';
import type { Remote } from './remote.ts';
import {
  type Content,
  contentName,
  LONGEST_RESULT,
  packName,
  RESULTS,
  readResult,
  readResultName,
  resultsFolder,
  type SharedResult,
} from './signed-result.ts';
import { signerId } from './signing.ts';

/** What a remote has for a key. */
export interface Offer {
  /** Those that may be used, the oldest first; more than one: the stage is not deterministic. */
  readonly results: readonly SharedResult[];
  /** Those that are not used, and why. */
  readonly refused: readonly { readonly name: string; readonly why: string }[];
}

/** Asks a remote for the results of a key. Throws `RemoteTrouble`. */
export async function offerOf(remote: Remote, key: CacheKey): Promise<Offer> {
  const trusted = new Set(remote.keys.map(signerId));
  const results: SharedResult[] = [];
  const refused: { name: string; why: string }[] = [];
  for (const name of await remote.objects.list(resultsFolder(key))) {
    const named = readResultName(name);
    if (named === null) continue;
    if (!trusted.has(named.signer)) {
      refused.push({
        name,
        why: named.signer === 'unsigned' ? 'nobody signed it' : 'a key signed it that is not trusted here',
      });
      continue;
    }
    const text = await textOf(remote, name);
    if (text === null) continue;
    const read = readResult(name, text.toString(), remote.keys);
    if (read.ok) results.push(read.value);
    else {
      remote.damaged.add(key);
      refused.push({ name, why: read.why });
    }
  }
  results.sort((a, b) => (a.record.startedAt < b.record.startedAt ? -1 : 1));
  return { results, refused };
}

/** What the names of all results in a remote say. Throws `RemoteTrouble`. */
export const namesOfResults = async ({ objects }: Remote) =>
  (await objects.list(RESULTS)).flatMap((name) => readResultName(name) ?? []);

/** `null`: taken away since it was listed, or too long for a result. */
async function textOf({ objects }: Remote, name: string): Promise<Buffer | null> {
  try {
    return await gather(
      resumed(objects, name, () => undefined),
      LONGEST_RESULT,
    );
  } catch (error) {
    if (error instanceof ObjectDamaged) return null;
    throw error;
  }
}

/** An object of a remote is missing, or does not have the bytes that its name says. */
export class ObjectDamaged extends Error {}

/**
 * Brings a result's files and then its record into a store; what is there already is not fetched. Throws
 * `RemoteTrouble` and `ObjectDamaged`; what arrived until then stays, and no record speaks of it.
 */
export async function bring(
  remote: Remote,
  store: Store,
  result: SharedResult,
  { onBytes, signal }: Passage,
): Promise<void> {
  const { record, packs, alone } = result;
  if (!(await store.isWhole(record))) {
    const total = bytesOfResult(result);
    const count = (bytes: number): void => {
      signal.throwIfAborted();
      onBytes(bytes, total);
    };
    const arrival = openArrival(store.root, store.index);
    const tasks = [
      ...alone.map((content) => () => bringAlone(remote, arrival, content, count)),
      ...packs.map((one) => () => bringPack(remote, arrival, one, count)),
    ];
    try {
      // The first that fails ends the wait; what is under way then comes to its own end.
      await Promise.all(tasks.map((task) => remote.queue.add(unlessAborted(signal, task))));
      await arrival.settle();
      if (!(await store.isWhole(record))) throw new ObjectDamaged('its files are not all there');
    } catch (error) {
      // Whoever sends it again is not to find it there.
      if (error instanceof ObjectDamaged) remote.damaged.add(record.key);
      throw error;
    }
  }
  store.putRecord(record);
}

/** For a queue: p-queue's own way listens to the signal once for each task, of which there are many. */
export const unlessAborted =
  <T>(signal: AbortSignal, task: () => Promise<T>) =>
  async (): Promise<T> => {
    signal.throwIfAborted();
    return task();
  };

/** How bytes on their way are watched, and ended. */
export interface Passage {
  readonly onBytes: (count: number, total: number) => void;
  readonly signal: AbortSignal;
}

export const bytesOfResult = ({ packs, alone }: SharedResult): number =>
  [...packs, ...alone].reduce((sum, { bytes }) => sum + bytes, 0);

async function bringPack(
  { objects }: Remote,
  arrival: Arrival,
  { digest, bytes: length }: SharedResult['packs'][number],
  onBytes: (count: number) => void,
): Promise<void> {
  const name = packName(digest);
  const bytes = length > LARGEST_PACK ? null : await gather(resumed(objects, name, onBytes), length);
  if (bytes === null || !(await arrival.takePack(digest, bytes))) throw new ObjectDamaged(name);
}

async function bringAlone(
  { objects }: Remote,
  arrival: Arrival,
  content: Content,
  onBytes: (count: number) => void,
): Promise<void> {
  if (await arrival.has(content)) return onBytes(content.bytes);
  const name = contentName(content);
  if (!(await arrival.takeStream(content, resumed(objects, name, onBytes)))) throw new ObjectDamaged(name);
}

/** So often a try may bring some bytes only. */
const MEAGRE_TRIES = 3;
const MEAGRE = 1 << 20;

/** The bytes of an object, gone on with where they were cut off, as long as each try brings some more. */
async function* resumed(
  objects: Remote['objects'],
  name: string,
  onBytes: (count: number) => void,
): AsyncIterable<Uint8Array> {
  let have = 0;
  let meagre = 0;
  for (;;) {
    const before = have;
    try {
      const chunks = await objects.read(name, have);
      // Nothing after the last byte: it was cut off there.
      if (chunks === null && have > 0) return;
      if (chunks === null) throw new ObjectDamaged(`${name} is not there`);
      for await (const chunk of chunks) {
        have += chunk.length;
        onBytes(chunk.length);
        yield chunk;
      }
      return;
    } catch (error) {
      if (have - before < MEAGRE) meagre += 1;
      if (!(error instanceof RemoteTrouble) || meagre > MEAGRE_TRIES || have === before) throw error;
    }
  }
}
