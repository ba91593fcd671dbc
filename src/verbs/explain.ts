import { fail, ok, type Result } from '../failure.ts';
import type { Explained } from '../log/explained-lines.ts';
import { changes } from '../plan/changes.ts';
import type { Planned } from '../plan/plan.ts';
import { planPipeline } from '../plan/plan-pipeline.ts';
import { codeTexts, nearestRecord } from '../plan/plan-stage.ts';
import type { KeyParts } from '../store/record.ts';
import type { Store } from '../store/store.ts';
import { openWorkspace, selectStages, type Where } from './workspace.ts';

/** `bloodline status --explain [STAGE]`: for each stage (or those meant) the parts of its key that changed, old and new. */
export async function explain(where: Where, name: string | null): Promise<Result<readonly Explained[]>> {
  const workspace = await openWorkspace(where);
  if (!workspace.ok) return workspace;
  const { pipeline, store } = workspace.value;
  const wanted = name === null ? null : await selectStages(pipeline, [name]);
  if (wanted !== null && !wanted.ok) return wanted;
  const plan = await planPipeline(pipeline, { store });
  store.save();
  if (!plan.ok) return plan;
  const { diagnostics, stages } = plan.value;
  if (diagnostics.length > 0) return fail({ reason: 'invalid-pipeline', diagnostics });
  return ok(
    stages
      .filter(({ stage }) => wanted === null || wanted.value.includes(stage.id))
      .map((planned) => ({
        planned,
        nearest: nearestOf(store, pipeline.root, planned),
        otherResults: otherResults(store, planned),
      })),
  );
}

function nearestOf(store: Store, project: string, planned: Planned): Explained['nearest'] {
  if (planned.state === 'hit') {
    const { run, startedAt } = planned.record;
    return { run, startedAt, changes: [] };
  }
  if (planned.state === 'undescribed' || planned.parts === null) return null;
  const record = nearestRecord(store, planned.stage, planned.parts);
  if (record === null) return null;
  const texts = planned.state === 'miss' ? codeTexts(planned.program, planned.modules) : planned.texts;
  const { run, startedAt } = record;
  return {
    run,
    startedAt,
    changes: changes({ root: store.root, project }, record.parts, asKnown(planned, record.parts), texts),
  };
}

/** Inputs that are not known yet, because a stage above runs first, are taken to be as they were. */
function asKnown(planned: Extract<Planned, { state: 'miss' | 'waits' }>, before: KeyParts): KeyParts {
  const { parts, stage } = planned as { parts: KeyParts; stage: Planned['stage'] };
  const unknown = Object.keys(before.inputs).filter(
    (name) => !(name in parts.inputs) && name in stage.inputs,
  );
  const inputs = {
    ...parts.inputs,
    ...Object.fromEntries(unknown.map((name) => [name, before.inputs[name]!])),
  };
  return { ...parts, inputs };
}

function otherResults(store: Store, planned: Planned): Explained['otherResults'] {
  if (!('key' in planned)) return [];
  const records = store.records(planned.key);
  return records.length < 2
    ? []
    : records.map(({ run, outputs }) => ({
        run,
        outputs: Object.entries(outputs).map(([name, { digest }]) => `${name} ${digest.slice(0, 12)}`),
      }));
}
