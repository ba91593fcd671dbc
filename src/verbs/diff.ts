import { join } from 'node:path';
import type { CacheKey } from '../digest.ts';
import { type Failure, fail, ok, type Result } from '../failure.ts';
import type { Compared } from '../log/explained-lines.ts';
import { changes } from '../plan/changes.ts';
import type { RunFile } from '../run/run.ts';
import { readRunFile, recordOfRun } from '../run/run-file.ts';
import { list } from '../store/list.ts';
import type { StageRecord } from '../store/record.ts';
import type { Store } from '../store/store.ts';
import { openWorkspace, selectStages, type Where } from './workspace.ts';

/**
 * `bloodline diff A B`: two records, or two runs stage by stage, in all parts of their keys, their outputs and metrics.
 * A record is the beginning of its key, or a stage (its latest), or `stage~2` (the second before that).
 */
export async function diff(where: Where, a: string, b: string): Promise<Result<readonly Compared[]>> {
  const workspace = await openWorkspace(where);
  if (!workspace.ok) return workspace;
  const { pipeline, store } = workspace.value;
  const places = { root: store.root, project: pipeline.root };
  const runs = [a, b].map((name) => readRunFile(store.runsFolder, name));
  if (runs[0] && runs[1]) return ok(compareRuns(store, places, runs[0], runs[1]));
  const found: StageRecord[] = [];
  for (const name of [a, b]) {
    const record = await recordOf(store, pipeline, name);
    if (!record.ok) return record;
    found.push(record.value);
  }
  return ok([compare(places, found[0]!.stage, found[0]!, found[1]!)]);
}

/** Where code and artifacts of what is compared lie. */
type Places = Parameters<typeof changes>[0];

function compareRuns(store: Store, places: Places, a: RunFile, b: RunFile): readonly Compared[] {
  const recordIn = (run: RunFile, stage: string): StageRecord | null => {
    const its = run.stages.find((one) => one.stage === stage);
    return its === undefined ? null : recordOfRun(store, its);
  };
  const stages = new Set([...a.stages, ...b.stages].map(({ stage }) => stage));
  return [...stages].map((stage) => compare(places, stage, recordIn(a, stage), recordIn(b, stage)));
}

function compare(places: Places, stage: string, a: StageRecord | null, b: StageRecord | null): Compared {
  if (a === null || b === null) return { stage, a, b, changes: [], outputs: [], metrics: [] };
  const names = [...new Set([...Object.keys(a.metrics), ...Object.keys(b.metrics)])].sort();
  return {
    stage,
    a,
    b,
    changes: changes(places, a.parts, b.parts),
    outputs: [...new Set([...Object.keys(a.outputs), ...Object.keys(b.outputs)])].filter(
      (name) => a.outputs[name]?.digest !== b.outputs[name]?.digest,
    ),
    metrics: names
      .map((name) => ({ name, from: a.metrics[name] ?? null, to: b.metrics[name] ?? null }))
      .filter(({ from, to }) => from !== to),
  };
}

async function recordOf(
  store: Store,
  pipeline: Parameters<typeof selectStages>[0],
  name: string,
): Promise<Result<StageRecord, Failure>> {
  const refuse = (message: string, help: string) => fail<Failure>({ reason: 'usage', message, help });
  if (/^[0-9a-f]{6,64}$/.test(name)) {
    const keys = list(join(store.root, 'records')).filter((key) => key.startsWith(name));
    const records = keys.flatMap((key) => store.records(key as CacheKey));
    if (records.length === 1) return ok(records[0]!);
    if (records.length > 1)
      return refuse(`${records.length} records begin with ${name}`, 'give more of the key');
  }
  const [, stage, back] = /^(.*?)(?:~(\d+))?$/s.exec(name)!;
  const selected = await selectStages(pipeline, [stage!]);
  if (!selected.ok) {
    return refuse(
      `${JSON.stringify(name)} is no run, key or stage`,
      '`bloodline history STAGE` lists records and their runs',
    );
  }
  if (selected.value.length > 1)
    return refuse(`${stage} has ${selected.value.length} instances`, `for example ${selected.value[0]}`);
  const record = store.recordsOf(selected.value[0]!, Number(back ?? 0) + 1)[Number(back ?? 0)];
  return record === undefined
    ? refuse(`there is no record ${name}`, `\`bloodline history ${stage}\` lists those there are`)
    : ok(record);
}
