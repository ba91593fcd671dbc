import type { StageInstance } from '../pipeline/pipeline.ts';

/**
 * The order in which stages start that are ready at once and have the same way before them: as written. With
 * `BLOODLINE_SHUFFLE=seed` in the environment, which tests set, a shuffled one, so that nothing comes to depend on an
 * order that the graph does not ask for.
 */
export function runOrder(
  stages: readonly StageInstance[],
  shuffle = process.env.BLOODLINE_SHUFFLE,
): readonly StageInstance[] {
  if (!shuffle) return stages;
  const order = [...stages];
  let state = Number(shuffle) >>> 0;
  for (let i = order.length - 1; i > 0; i--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const j = state % (i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
