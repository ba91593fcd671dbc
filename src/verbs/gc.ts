import type { CacheKey } from '../digest.ts';
import { fail, ok, type Result } from '../failure.ts';
import { type Collection, carryOut, type Limits, planCollection } from '../store/collect.ts';
import { takeInventory } from '../store/inventory.ts';
import { neededKeys } from '../store/last-runs.ts';
import { layout } from '../store/layout.ts';
import { list } from '../store/list.ts';
import { type Held, isHeld, liveHolders } from '../store/lock.ts';
import { asStoreFailure, isFull } from '../store/publish.ts';
import { openStore, type Store } from '../store/store.ts';
import { readChampionsIn } from './champion-file.ts';
import { existingStore, type Where } from './workspace.ts';

export interface Collected extends Collection {
  readonly root: string;
  /** `false`: it was only found out what would go. */
  readonly done: boolean;
}

/** A champion and the one before it, to go back to. */
const CHAMPIONS_KEPT = 2;

/**
 * `bloodline gc`: finds what nobody needs any more, the oldest results first, and removes it if told to. Never what the
 * last run of any pipeline and profile in this store needs, nor champions. Needs no pipeline file.
 */
export async function gc(
  where: Where,
  options: Limits & { readonly remove: boolean; readonly now: number },
): Promise<Result<Collected>> {
  const there = existingStore(where);
  if (!there.ok) return there;
  const root = there.value;
  const store = await openStore(root);
  if (!store.ok) return store;
  if (!options.remove) {
    const collection = found(root, options);
    return collection.ok ? ok({ ...collection.value, root, done: false }) : collection;
  }
  if (store.value.readOnly !== null) return fail(store.value.readOnly);

  // A run notes itself before it looks for a collection, and a collection before it looks for runs: one sees the other.
  const lock = lockCollection(store.value);
  const runs = lock === null ? [] : liveHolders(root, 'run-');
  if (lock === null || runs.length > 0) {
    lock?.release();
    const message =
      lock === null
        ? 'another gc is under way on this store'
        : `a run is under way on this store: ${runs.map(({ run }) => run).join(', ')}`;
    return fail({ reason: 'usage', message, help: 'nothing was removed; try again when it has ended' });
  }
  try {
    const collection = found(root, options);
    if (!collection.ok) return collection;
    store.value.sweepScratch();
    carryOut(root, collection.value);
    store.value.pruneIndex();
    return ok({ ...collection.value, root, done: true });
  } catch (error) {
    return fail(asStoreFailure(error));
  } finally {
    lock.release();
  }
}

/** `null`: another collects. On a disk that is full there is no room for a lock, nor for a run to begin. */
function lockCollection(store: Store): Held | null {
  try {
    const lock = store.tryLock('collection', 'gc');
    return isHeld(lock) ? lock : null;
  } catch (error) {
    if (isFull(error)) return { release() {} };
    throw error;
  }
}

function found(
  root: string,
  { before, maxBytes, now }: Limits & { readonly now: number },
): Result<Collection> {
  const needed = new Set<CacheKey>(neededKeys(root));
  for (const name of list(layout.championsFolder(root))) {
    const champions = readChampionsIn(root, name);
    if (!champions.ok) return champions;
    for (const { key } of champions.value.slice(-CHAMPIONS_KEPT)) needed.add(key as CacheKey);
  }
  return ok(planCollection(root, takeInventory(root), needed, { before, maxBytes }, now));
}
