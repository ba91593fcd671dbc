import { fail, ok, type Result } from '../failure.ts';
import type { Pipeline, StageId, StageInstance } from '../pipeline/pipeline.ts';
import { upstream } from '../pipeline/upstream.ts';
import { planContext, planStage } from '../plan/plan-stage.ts';
import type { Artifact } from '../store/record.ts';
import type { Store } from '../store/store.ts';
import { planAndDescribe } from './plan-and-describe.ts';
import type { SharedStores } from './shared-stores.ts';

/** `nowhere`: no remote has it, or it cannot be known because something above it is nowhere. */
export type Pulled = 'there' | 'fetched' | 'nowhere';

export interface PullOptions {
  readonly pipeline: Pipeline;
  readonly store: Store;
  readonly shared: SharedStores;
  readonly signal: AbortSignal;
}

/** Brings what a run of the pipeline would need and our store lacks, from shared stores; runs no stage. */
export async function pullPipeline({
  pipeline,
  store,
  shared,
  signal,
}: PullOptions): Promise<Result<ReadonlyMap<StageId, Pulled>>> {
  const plan = await planAndDescribe(pipeline, store, [], signal);
  if (!plan.ok) return plan;
  const context = planContext(pipeline, { store });
  const outputs = new Map<StageId, Readonly<Record<string, Artifact>>>();
  const pulled = new Map<StageId, Promise<Result<Pulled>>>();

  async function pullStage(stage: StageInstance): Promise<Result<Pulled>> {
    for (const above of upstream(stage)) {
      const result = await pulled.get(above)!;
      if (!result.ok) return result;
      if (result.value === 'nowhere') return result;
    }
    const planned = await planStage(context, stage, (id) => outputs.get(id) ?? null);
    if (!planned.ok) return planned;
    if (planned.value.state !== 'hit' && planned.value.state !== 'miss') return ok('nowhere');
    const there = planned.value.state === 'hit' ? planned.value.record : null;
    const record = there ?? (await shared.fetch(stage.id, planned.value.key));
    if (record === null) return ok('nowhere');
    outputs.set(stage.id, record.outputs);
    return ok(there === null ? 'fetched' : 'there');
  }

  for (const stage of pipeline.stages) pulled.set(stage.id, pullStage(stage));
  const all = new Map<StageId, Pulled>();
  for (const [id, promise] of pulled) {
    const result = await promise;
    if (!result.ok) return fail(result.error);
    all.set(id, result.value);
  }
  return ok(all);
}
