import { existsSync, realpathSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fail, ok, type Result } from '../failure.ts';
import type { Pipeline, StageInstance } from '../pipeline/pipeline.ts';
import { readRunFile, recordsOfRun } from '../run/run-file.ts';
import { layout } from '../store/layout.ts';
import type { StageRecord } from '../store/record.ts';
import type { Store } from '../store/store.ts';
import { readTree } from '../store/tree.ts';
import { readChampion } from './champion-file.ts';
import { openWorkspace, type Where, type Workspace } from './workspace.ts';

/** A trained model, and what is known of it. */
export interface FoundModel {
  readonly folder: string;
  /** Of its artifact, where it lies in the store. */
  readonly digest: string | null;
  /** The record that made it. */
  readonly trained: StageRecord | null;
  /** The record that judged it, and the folder with `use.json`. */
  readonly judged: { readonly record: StageRecord; readonly folder: string } | null;
}

/**
 * A model by its folder; by a stage's name (`train-per-model@vgg16`) or its coordinate alone (`vgg16`): the newest; by a
 * run's id; or `champion`.
 */
export async function findModel(where: Where, name: string): Promise<Result<FoundModel>> {
  const given = resolve(where.folder, name);
  // A bundle holds the model itself in a folder of its own.
  const folder = existsSync(join(given, 'bloodline', 'model.json')) ? join(given, 'bloodline') : given;
  const workspace = existsSync(resolve(where.folder, where.file)) ? await openWorkspace(where) : null;
  if (existsSync(join(folder, 'model.json'))) {
    const real = basename(realpathSync(folder));
    const digest = /^[0-9a-f]{64}$/.test(real) ? real : null;
    if (digest === null || workspace === null || !workspace.ok)
      return ok({ folder, digest: null, trained: null, judged: null });
    return ok({ folder, ...records(workspace.value, digest) });
  }
  if (existsSync(folder))
    return usage(`there is no trained model in ${name}`, 'models lie in the store under latest/STAGE/model');
  if (workspace === null)
    return usage(`there is no folder ${name}, and no ${where.file} here to look it up in`);
  if (!workspace.ok) return workspace;
  const { pipeline, store } = workspace.value;

  let made: readonly StageRecord[];
  if (name === 'champion') {
    const champion = readChampion(store.root, pipeline.name);
    if (!champion.ok) return champion;
    if (champion.value === null)
      return usage(`${pipeline.name} has no champion`, '`bloodline champion promote MODEL` makes one');
    const { model: digest, artifact } = champion.value;
    const found = await laidOut(store, artifact);
    if (!found.ok) return found;
    return ok({ folder: found.value, ...records(workspace.value, digest) });
  }
  const run = ofRun(store, name);
  if (run !== null) made = run;
  else {
    const meant = pipeline.stages.filter((stage) => isMeant(stage, name));
    if (meant.length === 0) return unknown(pipeline, name);
    made = meant.flatMap(({ id }) => store.recordsOf(id, 1));
    if (made.length === 0) return usage(`${name} never ran here`, '`bloodline run` trains it');
  }
  const models = made.filter(({ outputs }) => outputs['model']?.kind === 'folder');
  if (models.length === 0) return usage(`${name} makes no model`);
  if (models.length > 1)
    return usage(`${name} made several models`, `name one: ${models.map(({ stage }) => stage).join(', ')}`);
  const artifact = models[0]!.outputs['model']!;
  const found = await laidOut(store, artifact);
  if (!found.ok) return found;
  return ok({ folder: found.value, ...records(workspace.value, artifact.digest), trained: models[0]! });
}

/** `vgg16` means the stage that makes a model and has that coordinate. */
function isMeant({ name, id, coordinates }: StageInstance, wanted: string): boolean {
  if (name === wanted || id === wanted) return true;
  const own = Object.values(coordinates).map(String);
  return own.includes(wanted) && /train/.test(name);
}

function unknown(pipeline: Pipeline, name: string): Result<never> {
  const known = pipeline.stages.filter(({ name: of }) => /train/.test(of)).map(({ id }) => id as string);
  return usage(
    `there is no model ${JSON.stringify(name)}: no folder, no run and no stage of that name`,
    known.length === 0 ? undefined : `the stages that train are ${known.join(', ')}`,
  );
}

/** Records of a run; null where there was no such run. */
function ofRun(store: Store, id: string): readonly StageRecord[] | null {
  const run = readRunFile(store.runsFolder, id);
  return run === null ? null : recordsOfRun(store, run);
}

async function laidOut(store: Store, artifact: StageRecord['outputs'][string]): Promise<Result<string>> {
  const found = await store.checkout(artifact);
  if (found.ok) return found;
  return fail({
    reason: 'store-damaged',
    path: store.root,
    message: 'the model is not whole any more',
    help: '`bloodline run` makes it again',
  });
}

/** Who made a model, and who judged it; newest first. */
function records(
  { pipeline, store }: Workspace,
  digest: string,
): Pick<FoundModel, 'digest' | 'trained' | 'judged'> {
  let trained: StageRecord | null = null;
  let judged: FoundModel['judged'] = null;
  for (const { id } of pipeline.stages)
    for (const record of store.recordsOf(id, 50)) {
      if (record.outputs['model']?.digest === digest) trained ??= record;
      if (!Object.values(record.parts.inputs).includes(digest)) continue;
      for (const artifact of Object.values(record.outputs)) {
        if (artifact.kind !== 'folder' || !('use.json' in (readTree(store.root, artifact.digest) ?? {})))
          continue;
        const folder = layout.checkout(store.root, artifact.digest);
        if (existsSync(join(folder, 'use.json'))) judged ??= { record, folder };
      }
    }
  return { digest, trained, judged };
}

const usage = (message: string, help?: string): Result<never> =>
  fail({ reason: 'usage', message, ...(help === undefined ? {} : { help }) });
