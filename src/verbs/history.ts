import { fail, ok, type Result } from '../failure.ts';
import type { StageRecord } from '../store/record.ts';
import { openWorkspace, selectStages, type Where } from './workspace.ts';

export interface Past {
  readonly stage: string;
  /** The latest first. */
  readonly records: readonly StageRecord[];
  /** Keys for which there is more than one result: the stage is not deterministic. */
  readonly twice: ReadonlySet<string>;
}

/** `bloodline history STAGE`: what a stage made, the latest first. */
export async function history(where: Where, name: string, limit: number): Promise<Result<readonly Past[]>> {
  const workspace = await openWorkspace(where);
  if (!workspace.ok) return workspace;
  const { pipeline, store } = workspace.value;
  const stages = await selectStages(pipeline, [name]);
  if (!stages.ok) return stages;
  const found = stages.value.map((stage) => {
    const records = store.recordsOf(stage, limit);
    const keys = records.map(({ key }) => key);
    return { stage, records, twice: new Set<string>(keys.filter((key) => store.records(key).length > 1)) };
  });
  if (found.every(({ records }) => records.length === 0))
    return fail({
      reason: 'usage',
      message: `${name} never ran here`,
      help: `\`bloodline run ${name}\` runs it and what it needs`,
    });
  return ok(found);
}
