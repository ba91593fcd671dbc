import type { StageId, StageInstance } from '../pipeline/pipeline.ts';
import { upstream } from '../pipeline/upstream.ts';
import type { Store } from '../store/store.ts';

/** What stages took in earlier runs, in ms: for choosing what starts first, and for saying what is left. */
export interface Times {
  /** `null`: it never ran. */
  readonly own: (stage: StageId) => number | null;
  /** A stage with the longest way from it to an end. */
  readonly path: (stage: StageId) => number;
  /** All of it with so many at once; `null` where something will run that never ran. */
  readonly all: (jobs: number) => number | null;
}

/** One that never ran counts as this much where stages are put in order, so that it is not taken for nothing. */
const UNKNOWN_MS = 1000;

/**
 * @param stages each after those that it needs
 * @param running those that will run, or may: what is there already takes no time
 */
export function timesOf(
  stages: readonly StageInstance[],
  running: ReadonlySet<StageId>,
  store: Store,
): Times {
  const own = new Map<StageId, number>();
  for (const id of running) {
    const last = store.recordsOf(id, 1)[0];
    if (last !== undefined) own.set(id, last.ms);
  }
  const paths = new Map<StageId, number>();
  for (const stage of stages.toReversed()) {
    const takes = running.has(stage.id) ? (own.get(stage.id) ?? UNKNOWN_MS) : 0;
    const path = (paths.get(stage.id) ?? 0) + takes;
    paths.set(stage.id, path);
    for (const above of upstream(stage)) paths.set(above, Math.max(paths.get(above) ?? 0, path));
  }
  return {
    own: (stage) => own.get(stage) ?? null,
    path: (stage) => paths.get(stage) ?? 0,
    all(jobs) {
      if (own.size < running.size) return null;
      let [longest, work] = [0, 0];
      for (const path of paths.values()) longest = Math.max(longest, path);
      for (const ms of own.values()) work += ms;
      return Math.round(Math.max(longest, work / jobs));
    },
  };
}
