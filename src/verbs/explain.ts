import { resolve } from 'node:path';
import { fail, ok, type Result } from '../failure.ts';
import type { Explained } from '../log/explained-lines.ts';
import { changes } from '../plan/changes.ts';
import type { Planned } from '../plan/plan.ts';
import { planPipeline } from '../plan/plan-pipeline.ts';
import { codeTexts, nearestRecord } from '../plan/plan-stage.ts';
import type { Listing } from '../store/listing.ts';
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
    await Promise.all(
      stages
        .filter(({ stage }) => wanted === null || wanted.value.includes(stage.id))
        .map(async (planned) => ({
          planned,
          nearest: await nearestOf(store, pipeline.root, planned),
          otherResults: otherResults(store, planned),
        })),
    ),
  );
}

async function nearestOf(store: Store, project: string, planned: Planned): Promise<Explained['nearest']> {
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
    changes: changes(
      { root: store.root, project },
      record.parts,
      asKnown(planned, record.parts),
      texts,
      await listingsNow(store, project, planned, record.parts),
    ),
  };
}

/** What is now in the user's folders that changed, by digest. */
async function listingsNow(
  store: Store,
  project: string,
  { stage }: Planned,
  before: KeyParts,
): Promise<Readonly<Record<string, Listing>>> {
  const listings: Record<string, Listing> = {};
  for (const [name, input] of Object.entries(stage.inputs)) {
    if (input.kind !== 'path') continue;
    const files = new Map<string, string>();
    const digest = await store.digestPath(resolve(project, input.path), files);
    if (digest.ok && digest.value !== before.inputs[name] && !files.has('')) listings[digest.value] = files;
  }
  return listings;
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
