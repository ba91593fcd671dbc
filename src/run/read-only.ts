import type { Failure } from '../failure.ts';
import type { Planned } from '../plan/plan.ts';
import type { Store } from '../store/store.ts';

const MOST_NAMED = 5;

/** What to say where a store that can't be written to lacks results; null where it can, or lacks none. */
export function cannotRunHere(store: Store, planned: readonly Planned[]): Failure | null {
  if (store.readOnly === null) return null;
  const missing = planned.filter(({ state }) => state !== 'hit').map(({ stage }) => stage.id as string);
  if (missing.length === 0) return null;
  const named = missing.slice(0, MOST_NAMED).join(', ');
  const more = missing.length > MOST_NAMED ? ` and ${missing.length - MOST_NAMED} more` : '';
  const why = 'message' in store.readOnly ? store.readOnly.message : '';
  return {
    reason: 'store-unusable',
    path: store.root,
    message: `it is read-only, and lacks the results of ${named}${more} (${why})`,
    help: 'what is in it can be used as it is; to run more, make it writable or name another with BLOODLINE_STORE',
  };
}
