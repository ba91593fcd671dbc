import { mkdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { RunEvent } from '../events.ts';
import { type Failure, fail, ok, type Result } from '../failure.ts';
import type { Input, Pipeline, StageId, StageInstance, UrlDigest } from '../pipeline/pipeline.ts';
import type { OutputsOf } from '../plan/plan-stage.ts';
import type { Artifact, KeyParts } from '../store/record.ts';
import type { Store } from '../store/store.ts';
import { download } from './fetch.ts';

type UrlInput = Extract<Input, { kind: 'url' }>;

export interface HandedOut {
  /** By input: its path, or null where it is absent. */
  readonly paths: Readonly<Record<string, string | null>>;
  /** Whether all is still as it was handed out; to be asked after the stage ran. */
  readonly verify: () => Promise<Failure | null>;
}

export interface HandOut {
  readonly pipeline: Pipeline;
  readonly store: Store;
  readonly stage: StageInstance;
  readonly names: readonly string[];
  /** What the key says of them. */
  readonly digests: KeyParts['inputs'];
  readonly outputsOf: OutputsOf;
  /** A folder of this execution's own, for fan-ins. */
  readonly scratch: string;
  readonly run: string;
  readonly emit: (event: RunEvent) => void;
  readonly signal: AbortSignal;
}

/** Bytes of an upstream artifact did not fit when it was to be handed out: that stage must run again. */
export interface DamagedUpstream {
  readonly reason: 'damaged-upstream';
  readonly stage: StageId;
  readonly output: string;
  readonly path: string;
}

/** Makes a stage's inputs ready to read, each verified. */
export async function handOutInputs(of: HandOut): Promise<Result<HandedOut, Failure | DamagedUpstream>> {
  const { pipeline, store, stage, names, digests, outputsOf, scratch } = of;
  const paths: Record<string, string | null> = {};
  const artifacts: { input: string; artifact: Artifact; path: string }[] = [];
  const files: { input: string; path: string; digest: string }[] = [];

  const downloads: { input: string; digest: UrlDigest; path: string }[] = [];

  const checkOut = async (
    input: string,
    from: { readonly stage: StageId; readonly output: string },
  ): Promise<Result<string, DamagedUpstream>> => {
    const artifact = outputsOf(from.stage)?.[from.output];
    if (artifact === undefined)
      throw new Error(`Internal error: ${from.stage}.${from.output} is not known yet`);
    const path = await store.checkout(artifact);
    if (!path.ok)
      return fail({
        reason: 'damaged-upstream',
        stage: from.stage,
        output: from.output,
        path: path.error.damaged,
      });
    artifacts.push({ input, artifact, path: path.value });
    return path;
  };

  for (const name of names) {
    const input: Input | undefined = stage.inputs[name];
    if (input === undefined || input.kind === 'absent') paths[name] = null;
    else if (input.kind === 'artifact') {
      const path = await checkOut(name, input);
      if (!path.ok) return path;
      paths[name] = path.value;
    } else if (input.kind === 'fan-in') {
      const folder = join(scratch, 'inputs', name);
      mkdirSync(folder, { recursive: true });
      for (const from of input.from) {
        const path = await checkOut(name, from);
        if (!path.ok) return path;
        symlinkSync(path.value, join(folder, from.coordinate));
      }
      paths[name] = folder;
    } else if (input.kind === 'path') {
      const path = resolve(pipeline.root, input.path);
      const listing = new Map<string, string>();
      const digest = await store.digestPath(path, listing);
      if (!digest.ok)
        return fail({
          reason: 'input-missing',
          stage: stage.id,
          input: name,
          path,
          help: `${digest.error.path} ${digest.error.message}`,
        });
      // Changed since it was planned: the outputs would be kept under the key of other bytes.
      if (digest.value !== digests[name])
        return fail({ reason: 'input-modified', stage: stage.id, input: name, path });
      store.keepListing(digest.value, listing);
      files.push({ input: name, path, digest: digest.value });
      paths[name] = path;
    } else {
      const path = await fetched(of, name, input);
      if (!path.ok) return path;
      downloads.push({ input: name, digest: input.digest, path: path.value });
      paths[name] = path.value;
    }
  }

  return ok({
    paths,
    async verify() {
      for (const { input, artifact, path } of artifacts)
        if ((await store.verifyInput(artifact)) !== null)
          return { reason: 'input-modified', stage: stage.id, input, path };
      for (const { input, path, digest } of files) {
        const now = await store.digestPath(path);
        if (!now.ok || now.value !== digest)
          return { reason: 'input-modified', stage: stage.id, input, path };
      }
      for (const { input, digest, path } of downloads)
        if ((await store.findUrl(digest)) === null)
          return { reason: 'input-modified', stage: stage.id, input, path };
      return null;
    },
  });
}

/** What is being looked up or fetched, by digest: stages that want it at the same time share it. */
const underWay = new Map<string, Promise<Result<string>>>();

/** A download, from the store where it is kept; with progress where it must be fetched. */
async function fetched(of: HandOut, name: string, input: UrlInput): Promise<Result<string>> {
  const what = `${of.store.root} ${input.digest.algorithm}-${input.digest.hex}`;
  let shared = underWay.get(what);
  if (shared === undefined) {
    shared = findOrFetch(of, name, input).finally(() => underWay.delete(what));
    underWay.set(what, shared);
  }
  const got = await shared;
  if (got.ok || got.error.reason !== 'download-failed') return got;
  return fail({ ...got.error, stage: of.stage.id, input: name });
}

/** Of several processes that want the same, one fetches it, and the others wait for it. */
async function findOrFetch(
  { store, stage, run, emit, signal }: HandOut,
  name: string,
  { url, digest }: UrlInput,
): Promise<Result<string>> {
  const kept = await store.findUrl(digest);
  if (kept !== null) return ok(kept);
  const lock = await store.lock(`download-${digest.algorithm}-${digest.hex}`, run, { signal });
  try {
    const meanwhile = await store.findUrl(digest);
    if (meanwhile !== null) return ok(meanwhile);
    const got = await download({
      stage: stage.id,
      input: name,
      url,
      digest,
      partial: store.partialFile(digest),
      onProgress: (done, total) => emit({ type: 'download', stage: stage.id, url, done, total }),
      signal,
    });
    return got.ok ? ok(await store.putUrl(digest, got.value)) : got;
  } finally {
    lock?.release();
  }
}
