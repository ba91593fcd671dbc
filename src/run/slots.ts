/**
 * Named resources that stages take while they run: `gpu` has an id for each accelerator, or one nameless slot on a
 * machine without any, so that two trainings do not share the same cores; other names have as many slots as are asked
 * for at most.
 */
export interface Slots {
  /** The ids taken, or null if not all are free. A wish larger than all there are is cut down to all. */
  take(wish: Readonly<Record<string, number>>): Taken | null;
  release(taken: Taken): void;
}

export type Taken = Readonly<Record<string, readonly string[]>>;

/** @param gpus ids for CUDA_VISIBLE_DEVICES; empty: there is no accelerator. */
export function slots(gpus: readonly string[]): Slots {
  const all = new Map<string, readonly string[]>([['gpu', gpus.length > 0 ? gpus : ['cpu']]]);
  const free = new Map<string, string[]>([['gpu', [...all.get('gpu')!]]]);
  const poolOf = (name: string): string[] => {
    let pool = free.get(name);
    if (pool === undefined) {
      // A resource that nobody counted: one slot, so that what asks for it runs one at a time.
      pool = ['0'];
      all.set(name, ['0']);
      free.set(name, pool);
    }
    return pool;
  };
  return {
    take(wish) {
      const taken: Record<string, readonly string[]> = {};
      for (const [name, count] of Object.entries(wish)) {
        const pool = poolOf(name);
        const needed = Math.min(count, all.get(name)!.length);
        if (pool.length < needed) return null;
        taken[name] = pool.slice(0, needed);
      }
      for (const [name, ids] of Object.entries(taken)) poolOf(name).splice(0, ids.length);
      return taken;
    },
    release(taken) {
      for (const [name, ids] of Object.entries(taken)) {
        const order = all.get(name)!;
        const pool = poolOf(name);
        pool.push(...ids);
        pool.sort((a, b) => order.indexOf(a) - order.indexOf(b));
      }
    },
  };
}

/** What `CUDA_VISIBLE_DEVICES` is to hold: none where there is no accelerator or none was asked for. */
export const gpuIds = (taken: Taken): readonly string[] => (taken['gpu'] ?? []).filter((id) => id !== 'cpu');
