import { existsSync, renameSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Failure, fail, ok, type Result } from '../failure.ts';
import type { PublicKey } from '../pipeline/pipeline.ts';
import { readRunFile, recordsOfRun } from '../run/run-file.ts';
import { ArchiveRefused, readArchive, type Unarchived } from '../store/archive/read.ts';
import { type Archived, writeArchive } from '../store/archive/write.ts';
import { list } from '../store/list.ts';
import { asStoreFailure } from '../store/publish.ts';
import { SourceDamaged } from '../store/remote/objects.ts';
import { findSigner, readPublicKey } from '../store/remote/signing.ts';
import { openStore } from '../store/store.ts';
import { existingStore, openWorkspace, storeFolder, type Where } from './workspace.ts';

export interface ArchiveAnswer extends Archived {
  readonly file: string;
  readonly run: string;
  readonly signer: PublicKey | null;
}

/** `bloodline archive RUN FILE`: a run with all its results in one file, signed where there is a key. */
export async function archive(where: Where, name: string, to: string): Promise<Result<ArchiveAnswer>> {
  const there = existingStore(where);
  if (!there.ok) return there;
  const store = await openStore(there.value);
  if (!store.ok) return store;
  const { runsFolder } = store.value;
  // Names of runs sort by time.
  const newestFirst = (): string[] => list(runsFolder).toSorted().reverse();
  const run = name === 'last' ? (newestFirst().find((id) => readRunFile(runsFolder, id)) ?? name) : name;
  const of = readRunFile(runsFolder, run);
  if (of === null)
    return refuse(
      `there is no run ${JSON.stringify(name)}`,
      `runs are in ${runsFolder}; \`last\` is the newest`,
    );
  const file = resolve(where.folder, to);
  if (existsSync(file)) return refuse(`there is a file ${file} already`, 'it is left as it is');
  const signer = findSigner();
  if (!signer.ok) return signer;
  const records = recordsOfRun(store.value, of);
  const lacking = of.stages.filter(({ key }) => key !== null).length - records.length;
  if (lacking > 0)
    return refuse(
      `${lacking} results of run ${run} are gone from the store`,
      'gc may have taken them; a new run makes them again',
    );
  const partial = `${file}.${process.pid}`;
  try {
    const archived = await writeArchive(store.value, run, records, signer.value, partial);
    renameSync(partial, file);
    return ok({ ...archived, file, run, signer: signer.value?.publicKey ?? null });
  } catch (error) {
    if (!(error instanceof SourceDamaged)) return fail(asStoreFailure(error));
    const help = '`bloodline verify --repair` sets it aside, and a run makes it again';
    return fail({
      reason: 'store-damaged',
      path: error.message,
      message: 'its bytes do not fit its digest',
      help,
    });
  } finally {
    rmSync(partial, { force: true });
  }
}

/**
 * `bloodline unarchive FILE`: takes it into the store, if it was signed by a key of the pipeline's remotes, by our own,
 * or by one that is named.
 */
export async function unarchive(
  where: Where,
  from: string,
  { keys, unsigned }: { readonly keys: readonly string[]; readonly unsigned: boolean },
): Promise<Result<Unarchived>> {
  const file = resolve(where.folder, from);
  if (!existsSync(file)) return refuse(`there is no file ${file}`);
  const trusted = unsigned ? ok(null) : await trustedKeys(where, keys);
  if (!trusted.ok) return trusted;
  const store = await openStore(storeFolder(resolve(where.folder, where.file)));
  if (!store.ok) return store;
  if (store.value.readOnly !== null) return fail(store.value.readOnly);
  try {
    return ok(await readArchive(store.value, file, trusted.value));
  } catch (error) {
    if (!(error instanceof ArchiveRefused)) return fail(asStoreFailure(error));
    const { message, byStranger } = error;
    return fail({
      reason: 'archive-refused',
      path: file,
      message,
      ...(byStranger ? { help: HOW_TO_TRUST } : {}),
    });
  }
}

const HOW_TO_TRUST =
  '--key ed25519:… trusts a key; --unsigned takes it whoever signed it, if you know where it comes from';

async function trustedKeys(where: Where, given: readonly string[]): Promise<Result<readonly PublicKey[]>> {
  const keys: PublicKey[] = [];
  for (const text of given) {
    const key = readPublicKey(text);
    if (key === null)
      return refuse(`--key must be a public key such as ed25519:…, got ${JSON.stringify(text)}`);
    keys.push(key);
  }
  const signer = findSigner();
  if (!signer.ok) return signer;
  if (signer.value !== null) keys.push(signer.value.publicKey);
  if (existsSync(resolve(where.folder, where.file))) {
    const workspace = await openWorkspace(where);
    if (!workspace.ok) return workspace;
    keys.push(...workspace.value.pipeline.remotes.flatMap((remote) => remote.keys));
  }
  return ok(keys);
}

const refuse = (message: string, help?: string): Result<never, Failure> =>
  fail({ reason: 'usage', message, ...(help === undefined ? {} : { help }) });
