import { join } from 'node:path';
import { fail, ok, type Result } from '../failure.ts';
import { layout } from '../store/layout.ts';
import type { StageRecord } from '../store/record.ts';
import { openWorkspace, selectStages, type Where } from './workspace.ts';

export interface Shown {
  readonly record: StageRecord;
  /** By output: where people find it. */
  readonly files: Readonly<Record<string, string>>;
}

/** `bloodline show STAGE`: the newest record of each instance that the name means. */
export async function show(where: Where, name: string): Promise<Result<readonly Shown[]>> {
  const workspace = await openWorkspace(where);
  if (!workspace.ok) return workspace;
  const { pipeline, store } = workspace.value;
  const stages = await selectStages(pipeline, [name]);
  if (!stages.ok) return stages;
  const shown: Shown[] = [];
  for (const id of stages.value) {
    const [record] = store.recordsOf(id, 1);
    if (record === undefined) continue;
    const files = Object.keys(record.outputs).map((output) => [
      output,
      join(layout.latest(store.root, id), output),
    ]);
    shown.push({ record, files: Object.fromEntries(files) });
  }
  if (shown.length > 0) return ok(shown);
  const help = `\`bloodline run ${name}\` runs it and what it needs`;
  return fail({ reason: 'usage', message: `${name} never ran here`, help });
}
