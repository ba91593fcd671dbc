import { detectGpus } from '../engine/gpus.ts';
import { fail, ok, type Result } from '../failure.ts';
import { type Audited, auditStages } from '../run/audit.ts';
import type { StageRecord } from '../store/record.ts';
import { openWorkspace, selectStages, type Where } from './workspace.ts';

/**
 * `bloodline audit [STAGE…]`: runs stages again whose results are in the store and compares the bytes. Without a name
 * all stages that have a result.
 */
export async function audit(
  where: Where,
  names: readonly string[],
  options: {
    readonly gpus?: readonly string[];
    readonly onStage: (stage: string, record: StageRecord) => void;
    /** What a stage prints. */
    readonly onOutput: (text: string) => void;
  },
): Promise<Result<readonly Audited[]>> {
  const workspace = await openWorkspace(where);
  if (!workspace.ok) return workspace;
  const { pipeline, store } = workspace.value;
  if (store.readOnly !== null) return fail(store.readOnly);
  const selected = await selectStages(pipeline, names);
  if (!selected.ok) return selected;
  const stages = names.length === 0 ? pipeline.stages.map(({ id }) => id) : selected.value;
  const { interruption } = await import('./watched-run.ts');
  const interrupt = interruption();
  try {
    const audited = await auditStages({
      pipeline,
      store,
      stages,
      gpus: options.gpus ?? (await detectGpus()).map(({ id }) => id),
      run: 'audit',
      emit(event) {
        if (event.type === 'stage-output') options.onOutput(event.text);
      },
      signal: interrupt.signal,
      kill: interrupt.kill,
      onStage: options.onStage,
    });
    const by = interrupt.by();
    if (by !== null) return fail({ reason: 'interrupted', signal: by });
    if (!audited.ok) return audited;
    const never = audited.value.filter(({ how }) => how === 'never-ran').map(({ stage }) => stage);
    // Nothing to compare with: as told by name, or all there is.
    if (never.length > 0 && (names.length > 0 || never.length === audited.value.length))
      return fail({
        reason: 'usage',
        message: `${never.join(', ')} ${never.length === 1 ? 'has' : 'have'} no result in the store that could be compared`,
        help: '`bloodline run` makes it; the same --profile and --param belong to both',
      });
    return ok(audited.value);
  } finally {
    interrupt.done();
    store.closeScratch();
    store.save();
  }
}

/** 0: all stages made the same bytes again; 1: not. */
export const auditCode = (audited: readonly Audited[]): number =>
  audited.some(({ how }) => how === 'differs' || how === 'failed') ? 1 : 0;
