import { fail, ok, type Result } from '../failure.ts';
import { asStoreFailure } from '../store/publish.ts';
import { openStore } from '../store/store.ts';
import { type Verified, verifyStore } from '../store/verify.ts';
import { existingStore, type Where } from './workspace.ts';

export interface VerifyAnswer extends Verified {
  readonly root: string;
  /** Whether what was wrong has been put right, or out of the way, as far as that can be. */
  readonly repaired: boolean;
}

/** `bloodline verify`: reads the whole store and tells what in it is damaged. Needs no pipeline file. */
export async function verify(
  where: Where,
  options: { readonly repair: boolean; readonly onProgress?: (files: number, bytes: number) => void },
): Promise<Result<VerifyAnswer>> {
  const there = existingStore(where);
  if (!there.ok) return there;
  const root = there.value;
  const store = await openStore(root);
  if (!store.ok) return store;
  const verified = await verifyStore(root, store.value.index, options.onProgress);
  if (options.repair) {
    try {
      for (const { repair } of verified.wrong) repair?.();
    } catch (error) {
      return fail(asStoreFailure(error));
    }
  }
  return ok({ ...verified, root, repaired: options.repair });
}
