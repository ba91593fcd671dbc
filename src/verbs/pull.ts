import type { CacheKey } from '../digest.ts';
import type { Emit } from '../events.ts';
import { type Failure, fail, ok, type Result } from '../failure.ts';
import { type Pulled, pullPipeline } from '../run/pull.ts';
import { openSharedStores, type SharedStores } from '../run/shared-stores.ts';
import type { Store } from '../store/store.ts';
import { selectRemotes, VERB_PATIENCE } from './remotes.ts';
import { needed, openWorkspace, selectStages, type Where } from './workspace.ts';

export interface PullRequest extends Where {
  readonly stages: readonly string[];
  /** Everything that the remotes have, whether this pipeline needs it or not. */
  readonly all: boolean;
  readonly from?: string;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/** What became of each stage, or of each key where all is pulled. */
export type PullAnswer = readonly { readonly what: string; readonly how: Pulled }[];

/** `bloodline pull`: fetches results from shared stores. */
export async function pull(request: PullRequest): Promise<Result<PullAnswer>> {
  const workspace = await openWorkspace(request);
  if (!workspace.ok) return workspace;
  const { pipeline, store } = workspace.value;
  if (store.readOnly !== null) return fail(store.readOnly);
  const stages = await selectStages(pipeline, request.stages);
  if (!stages.ok) return stages;
  const remotes = await selectRemotes(pipeline, request.from);
  if (!remotes.ok) return remotes;
  const { signal } = request;
  let failure: Failure | null = null;
  const emit: Emit = (event) => {
    if (event.type === 'remote-off')
      failure = { reason: 'remote', remote: event.remote, message: event.message };
    else request.emit(event);
  };
  const shared = openSharedStores({
    remotes: remotes.value,
    store,
    signer: null,
    patience: VERB_PATIENCE,
    hurry: false,
    emit,
    signal,
  });
  try {
    if (request.all) {
      const answer = await pullKeys(await shared.keys(), store, shared);
      return failure === null ? ok(answer) : fail(failure);
    }
    const wanted = request.stages.length === 0 ? pipeline : needed(pipeline, stages.value);
    const pulled = await pullPipeline({ pipeline: wanted, store, shared, signal });
    if (failure !== null) return fail(failure);
    return pulled.ok ? ok([...pulled.value].map(([what, how]) => ({ what, how }))) : pulled;
  } finally {
    await shared.finish();
    store.save();
  }
}

async function pullKeys(keys: readonly CacheKey[], store: Store, shared: SharedStores): Promise<PullAnswer> {
  return Promise.all(
    keys.map(async (key) => {
      const what = key.slice(0, 12);
      if ((await store.find(key)) !== null) return { what, how: 'there' as const };
      return {
        what,
        how: (await shared.fetch(what, key)) === null ? ('nowhere' as const) : ('fetched' as const),
      };
    }),
  );
}
