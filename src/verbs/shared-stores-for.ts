import type { Emit } from '../events.ts';
import { fail, ok, type Result } from '../failure.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { SharedStores } from '../run/shared-stores.ts';
import type { Store } from '../store/store.ts';

/** What a run does with shared stores: fetches from them; fetches and sends; neither. */
export const REMOTE_MODES = ['read', 'write', 'off'] as const;
export type RemoteMode = (typeof REMOTE_MODES)[number];

/** In a run, which has better to do than wait. */
const RUN_PATIENCE = { answerMs: 5000, stallMs: 10_000 };

interface Needs {
  readonly store: Store;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/**
 * How a run opens the pipeline's shared stores; `null` where it uses none. Without a word on the command line or in
 * BLOODLINE_REMOTE a run fetches and sends nothing.
 */
export async function sharedStoresFor(
  { remotes }: Pipeline,
  asked: RemoteMode | undefined,
): Promise<Result<((needs: Needs) => Promise<SharedStores>) | null>> {
  const mode = asked ?? (process.env.BLOODLINE_REMOTE || 'read');
  if (!REMOTE_MODES.includes(mode as RemoteMode))
    return fail({
      reason: 'usage',
      message: `BLOODLINE_REMOTE must be ${REMOTE_MODES.join(', ')}, got ${JSON.stringify(mode)}`,
    });
  if (remotes.length === 0 && asked !== undefined && asked !== 'off')
    return fail({
      reason: 'usage',
      message: `--remote ${asked}: the pipeline names no remotes`,
      help: NAME_ONE,
    });
  if (mode === 'off' || remotes.length === 0) return ok(null);
  let signer = null;
  if (mode === 'write') {
    const { signerOrWhyNot } = await import('./signer.ts');
    const found = signerOrWhyNot(remotes);
    if (!found.ok) return found;
    signer = found.value;
  }
  return ok(async (needs) => {
    const { openSharedStores } = await import('../run/shared-stores.ts');
    return openSharedStores({ ...needs, remotes, signer, patience: RUN_PATIENCE, hurry: true });
  });
}

export const NAME_ONE = 'write `remotes:` into the pipeline file: see docs/remotes.md';
