import { join } from 'node:path';
import { type ArtifactDifference, artifactDifferences } from '../difference/artifact-difference.ts';
import type { CacheKey } from '../digest.ts';
import type { Emit } from '../events.ts';
import { type Failure, fail, ok, type Result } from '../failure.ts';
import type { Pipeline, StageId, StageInstance } from '../pipeline/pipeline.ts';
import { planPipeline } from '../plan/plan-pipeline.ts';
import { planContext, planStage } from '../plan/plan-stage.ts';
import type { Artifact, StageRecord } from '../store/record.ts';
import { openStore, type Store } from '../store/store.ts';
import { type OtherFact, otherCircumstances } from './circumstances.ts';
import { executeStage } from './execute-stage.ts';

export interface OtherArtifact {
  readonly output: string;
  readonly was: string;
  readonly is: string;
  readonly files: readonly ArtifactDifference[];
}

/** What a stage came to that was run again. */
export type Audited = { readonly stage: StageId } & (
  | {
      readonly how: 'equal' | 'differs';
      readonly key: CacheKey;
      readonly ms: number;
      readonly outputs: number;
      readonly differing: readonly OtherArtifact[];
      /** What else was different: another engine or processor explains other bytes. */
      readonly circumstances: readonly OtherFact[];
    }
  | { readonly how: 'never-ran' }
  | { readonly how: 'failed'; readonly failure: Failure }
);

export interface AuditOptions {
  readonly pipeline: Pipeline;
  readonly store: Store;
  readonly stages: readonly StageId[];
  readonly gpus: readonly string[];
  readonly run: string;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  readonly kill: AbortSignal;
  /** Hears of each stage before it runs. */
  readonly onStage: (stage: StageId, record: StageRecord) => void;
}

/**
 * Runs stages again whose results are in the store, on the same inputs, one after the other, and compares. What they
 * make goes to a store of its own, which is removed; the store that is audited gets no record and loses none.
 */
export async function auditStages(options: AuditOptions): Promise<Result<readonly Audited[]>> {
  const { pipeline, store, stages, signal } = options;
  const plan = await planPipeline(pipeline, { store });
  if (!plan.ok) return plan;
  if (plan.value.diagnostics.length > 0)
    return fail({ reason: 'invalid-pipeline', diagnostics: plan.value.diagnostics });
  const records = new Map<StageId, StageRecord>();
  for (const planned of plan.value.stages)
    if (planned.state === 'hit') records.set(planned.stage.id, planned.record);
  const audited: Audited[] = [];
  for (const stage of pipeline.stages) {
    if (!stages.includes(stage.id) || signal.aborted) continue;
    const record = records.get(stage.id);
    if (record === undefined) audited.push({ stage: stage.id, how: 'never-ran' });
    else audited.push(await audit(options, stage, record, (id) => records.get(id)?.outputs ?? null));
  }
  return ok(audited);
}

async function audit(
  { pipeline, store, gpus, run, emit, signal, kill, onStage }: AuditOptions,
  stage: StageInstance,
  record: StageRecord,
  outputsOf: (stage: StageId) => Readonly<Record<string, Artifact>> | null,
): Promise<Audited> {
  const failed = (failure: Failure): Audited => ({ stage: stage.id, how: 'failed', failure });
  const context = planContext(pipeline, { store, forced: [stage.id] });
  const planned = await planStage(context, stage, outputsOf);
  if (!planned.ok) return failed(planned.error);
  if (planned.value.state !== 'miss') throw new Error(`Internal error: ${stage.id} was not to be a hit`);
  const scratch = store.scratch();
  try {
    const opened = await openStore(join(scratch, 'store'));
    if (!opened.ok) return failed(opened.error);
    const own = opened.value;
    // Inputs come from the store that is audited; what is made goes to the other. A checkpoint is begun anew.
    const { publish, checkpointFolder, dropCheckpoints } = own;
    const between: Store = { ...store, publish, checkpointFolder, dropCheckpoints };
    onStage(stage.id, record);
    const execution = {
      pipeline,
      store: between,
      planned: planned.value,
      outputsOf,
      gpus,
      durable: false,
      run,
      emit,
      signal,
      kill,
    };
    const again = await executeStage(execution);
    if (!again.ok) {
      const { error } = again;
      if (error.reason !== 'damaged-upstream') return failed(error);
      const message = `${error.stage}.${error.output} does not fit its digest`;
      const help = '`bloodline run` makes it again';
      return failed({ reason: 'store-damaged', path: error.path, message, help });
    }
    const differing: OtherArtifact[] = [];
    for (const [output, artifact] of Object.entries(record.outputs)) {
      const other = again.value.outputs[output];
      if (other === undefined || other.digest === artifact.digest) continue;
      const [was, is] = [await store.checkout(artifact), await own.checkout(other)];
      if (!was.ok || !is.ok) {
        const path = was.ok ? (is as { error: { damaged: string } }).error.damaged : was.error.damaged;
        return failed({ reason: 'store-damaged', path, message: `${output} cannot be read again` });
      }
      const files = artifactDifferences(was.value, is.value);
      differing.push({ output, was: artifact.digest, is: other.digest, files });
    }
    return {
      stage: stage.id,
      how: differing.length === 0 ? 'equal' : 'differs',
      key: record.key,
      ms: again.value.ms,
      outputs: Object.keys(record.outputs).length,
      differing,
      circumstances: otherCircumstances(record.facts, again.value.facts),
    };
  } finally {
    store.giveBackScratch(scratch);
  }
}
