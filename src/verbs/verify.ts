import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fail, ok, type Result } from '../failure.ts';
import { asStoreFailure } from '../store/publish.ts';
import { openStore } from '../store/store.ts';
import { type Verified, verifyStore } from '../store/verify.ts';
import { storeFolder, type Where } from './workspace.ts';

export interface VerifyAnswer extends Verified {
  readonly root: string;
  /** Whether what was wrong has been put right, or out of the way. */
  readonly repaired: boolean;
}

/** `bloodline verify`: reads the whole store and tells what in it is damaged. Needs no pipeline file. */
export async function verify(
  where: Where,
  options: { readonly repair: boolean; readonly onProgress?: (files: number, bytes: number) => void },
): Promise<Result<VerifyAnswer>> {
  const root = storeFolder(resolve(where.folder, where.file));
  // Looking makes no folder.
  if (!existsSync(root)) return fail({ reason: 'usage', message: `there is no store at ${root}` });
  const store = await openStore(root);
  if (!store.ok) return store;
  const verified = await verifyStore(root, store.value.index, options.onProgress);
  if (options.repair) {
    try {
      for (const { repair } of verified.wrong) repair();
    } catch (error) {
      return fail(asStoreFailure(error));
    }
  }
  return ok({ ...verified, root, repaired: options.repair });
}
