import type { CacheKey } from '../digest.ts';
import type { ChangedStage } from '../events.ts';
import { canonicalJson } from '../json.ts';
import type { Pipeline, StageId, StageInstance } from '../pipeline/pipeline.ts';
import type { StageRecord } from '../store/record.ts';
import type { Store } from '../store/store.ts';
import type { Outcome } from './scheduler.ts';

/**
 * The stages whose results are others than in the last run of this pipeline and profile: why, which data of the user's
 * they read anew, and the metrics that moved. In the order of the pipeline.
 * @param before keys of the last run; a stage that had none is new
 */
export function changedSince(
  store: Store,
  { stages }: Pipeline,
  before: ReadonlyMap<string, CacheKey>,
  outcomes: ReadonlyMap<StageId, Outcome>,
): readonly ChangedStage[] {
  return stages.flatMap((stage) => {
    const outcome = outcomes.get(stage.id);
    if (outcome === undefined || !('record' in outcome)) return [];
    const { record } = outcome;
    const key = before.get(stage.id);
    if (key === record.key) return [];
    const old = key === undefined ? null : (store.records(key)[0] ?? null);
    return [
      {
        stage: stage.id,
        reasons: outcome.how === 'ran' ? outcome.reasons : [],
        data: old === null ? [] : changedData(stage, old, record),
        metrics: old === null ? [] : movedMetrics(old.metrics, record.metrics),
      },
    ];
  });
}

/** Inputs from outside the pipeline whose bytes are others. */
function changedData({ inputs }: StageInstance, old: StageRecord, now: StageRecord): readonly string[] {
  const digest = ({ parts }: StageRecord, name: string): string => canonicalJson(parts.inputs[name] ?? null);
  return Object.entries(inputs)
    .filter(
      ([name, { kind }]) =>
        kind !== 'artifact' && kind !== 'fan-in' && digest(old, name) !== digest(now, name),
    )
    .map(([name]) => name);
}

function movedMetrics(old: StageRecord['metrics'], now: StageRecord['metrics']): ChangedStage['metrics'] {
  return Object.entries(now).flatMap(([name, to]) => {
    const from = old[name];
    return from === undefined || from === to ? [] : [{ name, from, to }];
  });
}
