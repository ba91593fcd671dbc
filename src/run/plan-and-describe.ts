import { fail, type Result } from '../failure.ts';
import type { Pipeline, StageId } from '../pipeline/pipeline.ts';
import type { Plan } from '../plan/plan.ts';
import { planPipeline } from '../plan/plan-pipeline.ts';
import type { Store } from '../store/store.ts';
import { cannotRunHere } from './read-only.ts';

/**
 * A plan in which every stage is described: files that never were are asked, in a child, and the pipeline is planned
 * again. Fails with `invalid-pipeline` where the descriptions show problems.
 */
export async function planAndDescribe(
  pipeline: Pipeline,
  store: Store,
  forced: Iterable<StageId>,
  signal: AbortSignal,
): Promise<Result<Plan>> {
  let plan = await planPipeline(pipeline, { store, forced });
  if (!plan.ok) return plan;
  const refused = cannotRunHere(store, plan.value.stages);
  if (refused !== null) return fail(refused);
  if (plan.value.stages.some(({ state }) => state === 'undescribed')) {
    const { describeStages } = await import('./describe.ts');
    const described = await describeStages(pipeline, store, plan.value.stages, signal);
    if (!described.ok) return described;
    plan = await planPipeline(pipeline, { store, forced });
    if (!plan.ok) return plan;
  }
  const { diagnostics } = plan.value;
  return diagnostics.some(({ severity }) => severity === 'error')
    ? fail({ reason: 'invalid-pipeline', diagnostics })
    : plan;
}
