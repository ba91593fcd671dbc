import { fail, ok, type Result } from '../failure.ts';
import type { Plan } from '../plan/plan.ts';
import { planPipeline } from '../plan/plan-pipeline.ts';
import { openWorkspace, type Where } from './workspace.ts';

/** `bloodline status`: what each stage of the pipeline comes to. Runs nobody's code. */
export async function status(where: Where): Promise<Result<Plan>> {
  const workspace = await openWorkspace(where);
  if (!workspace.ok) return workspace;
  const { pipeline, store } = workspace.value;
  const plan = await planPipeline(pipeline, { store });
  store.save();
  if (!plan.ok) return plan;
  const { diagnostics } = plan.value;
  return diagnostics.length > 0 ? fail({ reason: 'invalid-pipeline', diagnostics }) : ok(plan.value);
}
