import { availableParallelism, totalmem } from 'node:os';

/**
 * What stages take while they run. `gpu`: accelerators, each with an id, or one nameless slot on a machine without any,
 * so that two trainings do not share the same cores. `memory` (bytes) and `cpu` (cores): as much as this machine has.
 * Of any other name there is one, so that stages which ask for it run one at a time.
 */
export interface Slots {
  /** What was taken, or null if not all is free. A wish larger than all there is is cut down to all. */
  take(wish: Readonly<Record<string, number>>): Taken | null;
  release(taken: Taken): void;
}

export interface Taken {
  readonly amounts: Readonly<Record<string, number>>;
  /** For `CUDA_VISIBLE_DEVICES`: none where there is no accelerator or none was asked for. */
  readonly gpus: readonly string[];
}

/** @param gpus ids for CUDA_VISIBLE_DEVICES; empty: there is no accelerator. */
export function slots(
  gpus: readonly string[],
  machine: { readonly cpu: number; readonly memory: number } = {
    cpu: availableParallelism(),
    memory: memory(),
  },
): Slots {
  const all = (name: string): number =>
    name === 'gpu' ? Math.max(1, gpus.length) : name === 'cpu' || name === 'memory' ? machine[name] : 1;
  const used = new Map<string, number>();
  const freeGpus = new Set(gpus);
  return {
    take(wish) {
      const amounts: Record<string, number> = {};
      for (const [name, wanted] of Object.entries(wish)) {
        amounts[name] = Math.min(wanted, all(name));
        if ((used.get(name) ?? 0) + amounts[name] > all(name)) return null;
      }
      for (const [name, amount] of Object.entries(amounts)) used.set(name, (used.get(name) ?? 0) + amount);
      // In their order, so that one stage alone always gets the first.
      const ids = gpus.filter((id) => freeGpus.has(id)).slice(0, Math.ceil(amounts['gpu'] ?? 0));
      for (const id of ids) freeGpus.delete(id);
      return { amounts, gpus: ids };
    },
    release(taken) {
      for (const [name, amount] of Object.entries(taken.amounts)) used.set(name, used.get(name)! - amount);
      for (const id of taken.gpus) freeGpus.add(id);
    },
  };
}

/** In bytes: of this machine, or what the container may use. */
function memory(): number {
  // 0: the system does not say; a number beyond all machines: there is no limit.
  const limit = process.constrainedMemory?.() ?? 0;
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}
