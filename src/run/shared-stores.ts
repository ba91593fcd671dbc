import { setMaxListeners } from 'node:events';
import type { CacheKey } from '../digest.ts';
import type { Emit } from '../events.ts';
import type { SharedStore } from '../pipeline/pipeline.ts';
import type { StageRecord } from '../store/record.ts';
import { differingOutputs } from '../store/records.ts';
import { connect } from '../store/remote/connect.ts';
import {
  bring,
  bytesOfResult,
  namesOfResults,
  ObjectDamaged,
  offerOf,
} from '../store/remote/fetch-result.ts';
import { type Patience, RemoteTrouble } from '../store/remote/objects.ts';
import type { Remote } from '../store/remote/remote.ts';
import type { SharedResult } from '../store/remote/signed-result.ts';
import type { Signer } from '../store/remote/signing.ts';
import type { Store } from '../store/store.ts';
import { sendTold } from './send-told.ts';
import { tellTransfer } from './tell-transfer.ts';
import { openPace, TooSlow } from './too-slow.ts';
import { untilAborted } from './until-aborted.ts';

/** The shared stores of a pipeline, as a run uses them: whatever becomes of them, it goes on. */
export interface SharedStores {
  /** The result of a key, brought into our store from the first remote that has it; `null` where none has. */
  fetch(stage: string, key: CacheKey): Promise<StageRecord | null>;
  /** Keys of all results that any of them has. */
  keys(): Promise<readonly CacheKey[]>;
  /** Sends a result to all remotes, in the background. */
  send(record: StageRecord): void;
  /** Waits until all is sent, and closes. */
  finish(): Promise<void>;
}

export interface SharedStoresOptions {
  readonly remotes: readonly SharedStore[];
  readonly store: Store;
  /** To send with; `null`: nothing is sent. */
  readonly signer: Signer | null;
  readonly patience: Patience;
  /** Whether a result that would take longer to fetch than it took to make is given up. */
  readonly hurry: boolean;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

export function openSharedStores(options: SharedStoresOptions): SharedStores {
  // One listens for each result that is asked for, and these are many.
  setMaxListeners(0, options.signal);
  const all = options.remotes.map((shared) => useRemote(shared, options));
  const sending = new Set<Promise<unknown>>();
  return {
    async fetch(stage, key) {
      for (const used of all) {
        const record = await used.with((remote) => used.fetch(remote, stage, key));
        if (record !== null) return record;
      }
      return null;
    },
    async keys() {
      const keys = new Set<CacheKey>();
      for (const used of all) for (const { key } of (await used.with(namesOfResults)) ?? []) keys.add(key);
      return [...keys].sort();
    },
    send(record) {
      const { signer } = options;
      if (signer === null) return;
      for (const used of all) {
        const sent = used.with((remote) => used.send(remote, record, signer));
        // What it throws is thrown at the end.
        sent.catch(() => undefined);
        sending.add(sent);
      }
    },
    async finish() {
      try {
        await Promise.all(sending);
      } finally {
        for (const used of all) used.close();
      }
    },
  };
}

/** One remote: opened when it is first needed, and not asked again after it failed once. */
function useRemote(shared: SharedStore, { store, patience, hurry, emit, signal }: SharedStoresOptions) {
  const { name } = shared;
  const watch = openPace();
  let opening: Promise<Remote> | null = null;
  let opened: Remote | null = null;
  let isOff = false;

  function bringWatched(remote: Remote, stage: string, result: SharedResult): Promise<void> {
    const onBytes = tellTransfer(emit, { stage, remote: name, direction: 'from' });
    if (!hurry) return bring(remote, store, result, { signal, onBytes });
    const watched = { bytes: bytesOfResult(result), madeInMs: result.record.ms, signal };
    return watch(watched, (end, came) =>
      bring(remote, store, result, {
        signal: end,
        onBytes(count, total) {
          came(count);
          onBytes(count, total);
        },
      }),
    );
  }

  return {
    /** Does something with the remote; `null` where it is off, or goes off over it. */
    async with<T>(work: (remote: Remote) => Promise<T>): Promise<T | null> {
      if (isOff || signal.aborted) return null;
      try {
        opening ??= connect(shared, patience).then((remote) => {
          opened = remote;
          return remote;
        });
        const remote = await untilAborted(opening, signal);
        return isOff ? null : await untilAborted(work(remote), signal);
      } catch (error) {
        if (signal.aborted) return null;
        const { code, message } = error as NodeJS.ErrnoException;
        // A bug of ours; a disk of ours that is full says so to the run itself.
        if (!(error instanceof RemoteTrouble) && code === undefined) throw error;
        if (!isOff) emit({ type: 'remote-off', remote: name, message });
        isOff = true;
        return null;
      }
    },
    async fetch(remote: Remote, stage: string, key: CacheKey): Promise<StageRecord | null> {
      const refuse = (why: string) => emit({ type: 'result-refused', stage, remote: name, why });
      const { results, refused } = await offerOf(remote, key);
      for (const { why } of refused) refuse(why);
      const [first, ...others] = results.map(({ record }) => record);
      const outputs = first === undefined ? [] : differingOutputs(first, others);
      if (outputs.length > 0) emit({ type: 'stage-not-deterministic', stage, key, outputs });
      for (const result of results) {
        try {
          await bringWatched(remote, stage, result);
          return result.record;
        } catch (error) {
          if (error instanceof ObjectDamaged) refuse(`its bytes do not fit: ${error.message}`);
          else if (error instanceof TooSlow) refuse(error.message);
          else throw error;
        }
      }
      return null;
    },
    /** What is damaged is not sent: the next run notices it, and makes it again. */
    send: (remote: Remote, record: StageRecord, signer: Signer) =>
      sendTold(remote, store, record, signer, { emit, signal }),
    close: () => opened?.objects.close(),
  };
}
