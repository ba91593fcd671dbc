import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Failure, fail, ok, type Result } from '../failure.ts';
import type { Json } from '../json.ts';
import { loadPipeline } from '../pipeline/load.ts';
import type { Choices, Pipeline, StageId, StageInstance } from '../pipeline/pipeline.ts';
import { upstream } from '../pipeline/upstream.ts';
import { layout } from '../store/layout.ts';
import { openStore, type Store } from '../store/store.ts';

/** What most verbs begin with: where the user stands, and what was turned on the command line. */
export interface Where {
  /** Folder to work in (`-C`). */
  readonly folder: string;
  /** The pipeline file, relative to it (`--file`). */
  readonly file: string;
  readonly profile?: string;
  /** `name=value`, as given. */
  readonly params: readonly string[];
}

export interface Workspace {
  readonly pipeline: Pipeline;
  readonly store: Store;
}

/** The store of a pipeline: `artifacts/` beside its file, or where `BLOODLINE_STORE` says. */
export const storeFolder = (file: string): string =>
  resolve(process.env.BLOODLINE_STORE ?? join(dirname(file), 'artifacts'));

/** Loads the pipeline and opens its store. */
export async function openWorkspace(where: Where): Promise<Result<Workspace>> {
  const choices = await readChoices(where);
  if (!choices.ok) return choices;
  const file = resolve(where.folder, where.file);
  const keepIn = layout.pipelines(storeFolder(file));
  const pipeline = await loadPipeline(file, choices.value, { keepIn });
  if (!pipeline.ok) return pipeline;
  const store = await openStore(storeFolder(file));
  if (!store.ok) return store;
  return ok({ pipeline: pipeline.value, store: store.value });
}

async function readChoices(where: Where): Promise<Result<Choices>> {
  const params: Record<string, Json> = {};
  for (const text of where.params) {
    const at = text.indexOf('=');
    if (at < 1)
      return fail({
        reason: 'usage',
        message: `--param takes name=value, got ${JSON.stringify(text)}`,
        help: 'for example --param epochs=5',
      });
    const { parse } = await import('yaml');
    try {
      params[text.slice(0, at)] = parse(text.slice(at + 1)) as Json;
    } catch (error) {
      const message = `the value of --param ${text} is no YAML: ${(error as Error).message.split('\n')[0]}`;
      return fail({ reason: 'usage', message, help: 'put it in quotes: --param \'name="value"\'' });
    }
  }
  return ok({ params, ...(where.profile === undefined ? {} : { profile: where.profile }) });
}

/** Folder of the store that is there already: looking at one makes none. */
export function existingStore({ folder, file }: Where): Result<string> {
  const root = storeFolder(resolve(folder, file));
  return existsSync(root) ? ok(root) : fail({ reason: 'usage', message: `there is no store at ${root}` });
}

/** The instances that names mean: an id means itself, the name of a matrix stage all its instances. */
export async function selectStages(
  pipeline: Pipeline,
  names: readonly string[],
): Promise<Result<readonly StageId[], Failure>> {
  const selected: StageId[] = [];
  for (const name of names) {
    const found = pipeline.stages.filter((stage) => isMeant(stage, name));
    if (found.length === 0) {
      const { didYouMean } = await import('../pipeline/suggest.ts');
      const known = [...new Set(pipeline.stages.flatMap((stage) => [stage.name, stage.id as string]))];
      const message = `there is no stage ${JSON.stringify(name)}`;
      return fail({ reason: 'usage', message, ...didYouMean(name, known, 'the stages are') });
    }
    selected.push(...found.map(({ id }) => id));
  }
  return ok(selected);
}

/** `train@vgg16` or `train@model=vgg16`, with axes in any order. */
function isMeant(stage: StageInstance, name: string): boolean {
  if (name === stage.name || name === stage.id) return true;
  const [plain, coordinates] = name.split(/@(.*)/s);
  if (plain !== stage.name || !coordinates) return false;
  const wanted = coordinates.split(',').map((part) => part.split(/=(.*)/s));
  return wanted.every(([axis, value]) => value !== undefined && String(stage.coordinates[axis!]) === value);
}

/** A pipeline with only the wanted stages and all that they need. */
export function needed(pipeline: Pipeline, wanted: readonly StageId[]): Pipeline {
  const keep = new Set(wanted);
  for (const stage of [...pipeline.stages].reverse())
    if (keep.has(stage.id)) for (const id of upstream(stage)) keep.add(id);
  return { ...pipeline, stages: pipeline.stages.filter(({ id }) => keep.has(id)) };
}
