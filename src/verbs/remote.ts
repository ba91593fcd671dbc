import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { type Failure, fail, ok, type Result } from '../failure.ts';
import type { PublicKey } from '../pipeline/pipeline.ts';
import { asStoreFailure } from '../store/publish.ts';
import { connect } from '../store/remote/connect.ts';
import { makeDirectoryRemote } from '../store/remote/directory.ts';
import { namesOfResults } from '../store/remote/fetch-result.ts';
import { RemoteTrouble } from '../store/remote/objects.ts';
import { findSigner, newKey, signerId, usualKeyFile } from '../store/remote/signing.ts';
import { selectRemotes, VERB_PATIENCE } from './remotes.ts';
import { openWorkspace, storeFolder, type Where } from './workspace.ts';

export interface RemoteState {
  readonly name: string;
  /** Path, or bucket and prefix. */
  readonly at: string;
  /** Results that a trusted key is said to have signed, and others; `null` where it does not answer. */
  readonly results: { readonly trusted: number; readonly others: number } | null;
  /** Why it does not answer. */
  readonly trouble: string | null;
  /** Whether what we sign is used there. */
  readonly trustsUs: boolean;
}

/** `bloodline remote status`: whether the remotes answer, what they have, whether our key counts there. */
export async function remoteStatus(where: Where): Promise<Result<readonly RemoteState[]>> {
  const workspace = await openWorkspace(where);
  if (!workspace.ok) return workspace;
  const remotes = await selectRemotes(workspace.value.pipeline, undefined);
  if (!remotes.ok) return remotes;
  const signer = findSigner();
  const ours = signer.ok ? (signer.value?.publicKey ?? null) : null;
  const states: RemoteState[] = [];
  for (const shared of remotes.value) {
    const at = 'path' in shared.at ? shared.at.path : `s3://${shared.at.bucket}/${shared.at.prefix}`;
    const which = { name: shared.name, at, trustsUs: ours !== null && shared.keys.includes(ours) };
    try {
      const remote = await connect(shared, VERB_PATIENCE);
      const ids = new Set(remote.keys.map(signerId));
      const names = await namesOfResults(remote);
      remote.objects.close();
      const trusted = names.filter(({ signer: by }) => ids.has(by)).length;
      states.push({ ...which, results: { trusted, others: names.length - trusted }, trouble: null });
    } catch (error) {
      if (!(error instanceof RemoteTrouble)) throw error;
      states.push({ ...which, results: null, trouble: error.message });
    }
  }
  return ok(states);
}

/** `bloodline remote init NAME`: makes the folder that the pipeline file names a remote. */
export async function remoteInit(where: Where, name: string): Promise<Result<string>> {
  const workspace = await openWorkspace(where);
  if (!workspace.ok) return workspace;
  const remotes = await selectRemotes(workspace.value.pipeline, name);
  if (!remotes.ok) return remotes;
  const { at } = remotes.value[0]!;
  if (!('path' in at))
    return fail({
      reason: 'usage',
      message: `${name} is a bucket, which needs no beginning`,
      help: 'it only has to be there',
    });
  try {
    await makeDirectoryRemote(at.path);
    return ok(at.path);
  } catch (error) {
    return fail({ reason: 'remote', remote: name, message: (error as Error).message });
  }
}

/** `bloodline remote keygen [FILE]`: a new key to sign with; never over one that is there, never in the store. */
export function remoteKeygen(
  where: Where,
  given: string | undefined,
): Result<{ readonly file: string; readonly publicKey: PublicKey }, Failure> {
  const file = given === undefined ? usualKeyFile() : resolve(where.folder, given);
  if (!relative(storeFolder(resolve(where.folder, where.file)), file).startsWith('..'))
    return fail({
      reason: 'usage',
      message: `${file} is in the store`,
      help: 'others may read the store: keep it elsewhere',
    });
  if (existsSync(file))
    return fail({
      reason: 'usage',
      message: `there is a key at ${file} already`,
      help: 'it is left as it is',
    });
  const { pem, publicKey } = newKey();
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, pem, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    return fail(asStoreFailure(error));
  }
  return ok({ file, publicKey });
}
