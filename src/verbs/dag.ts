import { ok, type Result } from '../failure.ts';
import { planPipeline } from '../plan/plan-pipeline.ts';
import { plannedStates } from '../report/dag/dag.ts';
import { type DagFormat, drawDag } from '../report/dag/draw.ts';
import { openWorkspace, type Where } from './workspace.ts';

/**
 * `bloodline dag`: the pipeline drawn, each stage with what it comes to. Runs nobody's code. Where there is no plan,
 * an input being missing for one, the DAG is drawn without states: its shape is known all the same.
 */
export async function dag(where: Where, format: DagFormat): Promise<Result<string>> {
  const workspace = await openWorkspace(where);
  if (!workspace.ok) return workspace;
  const { pipeline, store } = workspace.value;
  const plan = await planPipeline(pipeline, { store });
  store.save();
  const states = plan.ok ? plannedStates(plan.value) : {};
  return ok((await drawDag(pipeline, { format, states })).trimEnd());
}
