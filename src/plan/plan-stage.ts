import { resolve } from 'node:path';
import type { CacheKey, CodeDigest } from '../digest.ts';
import type { Reason } from '../events.ts';
import { type Diagnostic, type Failure, fail, ok, type Result } from '../failure.ts';
import { blameOption } from '../pipeline/blame-option.ts';
import { checkParams } from '../pipeline/check-params.ts';
import type { Input, Pipeline, StageId, StageInstance } from '../pipeline/pipeline.ts';
import { place } from '../pipeline/place.ts';
import type { Artifact, InputDigest, KeyParts, StageRecord } from '../store/record.ts';
import type { Store } from '../store/store.ts';
import { type Built, buildModule, buildProgram } from './build.ts';
import { checkInputs, checkOutputs } from './check-inputs.ts';
import type { BuiltModule, BuiltProgram } from './code.ts';
import { knownDescription } from './describe.ts';
import { cacheKey, keyParts } from './key.ts';
import { type PackageDigests, packageDigests } from './packages.ts';
import type { Planned } from './plan.ts';
import { reasons } from './reasons.ts';

export interface PlanContext {
  readonly pipeline: Pipeline;
  readonly store: Store;
  /** Instances that run even where the store has their result. */
  readonly forced: ReadonlySet<StageId>;
  /** Where the variables that stages are allowed to see are read. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly packages: PackageDigests;
  /** A run executes one version of the code: the one that was there when it first asked. */
  readonly built: Built;
}

export function planContext(
  pipeline: Pipeline,
  { store, forced = [], environment = process.env }: PlanOptions,
): PlanContext {
  return {
    pipeline,
    store,
    forced: new Set(forced),
    environment,
    packages: packageDigests(pipeline.root),
    built: new Map(),
  };
}

export interface PlanOptions {
  readonly store: Store;
  readonly forced?: Iterable<StageId>;
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** The outputs of a stage that was planned as a hit or has run; `null` while they are not known. */
export type OutputsOf = (stage: StageId) => Readonly<Record<string, Artifact>> | null;

/**
 * What one stage comes to, given what is known of those above it. Runs nobody's code and changes nothing but caches.
 * Fails with `invalid-pipeline` for what only its description shows, `code-does-not-build`, `input-missing`.
 */
export async function planStage(
  context: PlanContext,
  stage: StageInstance,
  outputsOf: OutputsOf,
): Promise<Result<Planned>> {
  const { pipeline, store, forced } = context;
  const program = await buildProgram(pipeline, stage, store, context.built);
  if (!program.ok) return program;
  const description = knownDescription(stage, program.value, store);
  if (description === null) return ok({ state: 'undescribed', stage, program: program.value });

  const checked = await checkParams(stage, description, pipeline.root);
  const diagnostics = [
    ...checked.diagnostics,
    ...checkInputs(stage, description),
    ...checkOutputs(pipeline, stage, (id) => Object.keys(outputsOf(id) ?? {})),
  ];
  const modules = await buildModules(context, stage, checked.modules);
  if (!modules.ok) diagnostics.push(...modules.error);
  if (!modules.ok || diagnostics.length > 0)
    return fail({ reason: 'invalid-pipeline', diagnostics: blameOption(diagnostics, pipeline.chosen) });

  const inputs: Record<string, InputDigest> = {};
  const waitsOn = new Set<StageId>();
  for (const name of Object.keys(description.inputs)) {
    const digest = await inputDigest(context, stage, name, stage.inputs[name], outputsOf, waitsOn);
    if (!digest.ok) return digest;
    if (digest.value !== undefined) inputs[name] = digest.value;
  }

  const programPackages = program.value.kind === 'module' ? program.value.packages : [];
  const parts = keyParts({
    pipeline,
    stage,
    program: program.value,
    description,
    params: checked.params,
    modules: codes(modules.value),
    packages: context.packages([
      ...programPackages,
      ...Object.values(modules.value).flatMap(({ packages }) => packages),
    ]),
    inputs,
    environment: context.environment,
  });
  if (waitsOn.size > 0) {
    return ok({
      state: 'waits',
      stage,
      description,
      parts,
      texts: codeTexts(program.value, modules.value),
      on: [...waitsOn],
      reasons: waitReasons(context, stage, parts, waitsOn),
    });
  }

  const key = cacheKey(parts);
  const record = await store.find(key);
  const isForced = forced.has(stage.id);
  if (record !== null && !isForced) return ok({ state: 'hit', stage, key, parts, record });
  const why: Reason[] = isForced ? [{ why: 'forced' }] : [];
  if (record === null) why.push(...(await missReasons(context, stage, key, parts)));
  return ok({
    state: 'miss',
    stage,
    key,
    parts,
    reasons: why,
    program: program.value,
    modules: modules.value,
    description,
  });
}

async function buildModules(
  { pipeline, store, built: before }: PlanContext,
  stage: StageInstance,
  files: Readonly<Record<string, string>>,
): Promise<Result<Readonly<Record<string, BuiltModule>>, readonly Diagnostic[]>> {
  const modules: [string, BuiltModule][] = [];
  const diagnostics: Diagnostic[] = [];
  for (const [param, file] of Object.entries(files)) {
    const built = await buildModule(pipeline, file, place(stage, ['params', param]), store, before);
    if (built.ok) modules.push([param, built.value]);
    else diagnostics.push(...built.error);
  }
  return diagnostics.length > 0 ? fail(diagnostics) : ok(Object.fromEntries(modules));
}

function codes(modules: Readonly<Record<string, BuiltModule>>): Record<string, CodeDigest> {
  return Object.fromEntries(Object.entries(modules).map(([param, { code }]) => [param, code]));
}

/** `undefined`: a stage above must run first; it is added to `waitsOn`. */
async function inputDigest(
  { pipeline, store }: PlanContext,
  stage: StageInstance,
  name: string,
  input: Input | undefined,
  outputsOf: OutputsOf,
  waitsOn: Set<StageId>,
): Promise<Result<InputDigest | undefined>> {
  if (input === undefined) return ok(null);
  switch (input.kind) {
    case 'absent':
      return ok(null);
    case 'url':
      // With sha256 this is the digest of the file that will be there; md5 is named, so that it is never taken for one.
      return ok(
        input.digest.algorithm === 'sha256'
          ? input.digest.hex.toLowerCase()
          : `md5:${input.digest.hex.toLowerCase()}`,
      );
    case 'path': {
      const path = resolve(pipeline.root, input.path);
      const digest = await store.digestPath(path);
      return digest.ok ? digest : fail(missing(stage, name, path, digest.error));
    }
    case 'artifact': {
      const digest = outputDigest(input, outputsOf);
      if (digest === undefined) waitsOn.add(input.stage);
      return ok(digest);
    }
    case 'fan-in': {
      const digests = input.from.map((from) => [from.coordinate, outputDigest(from, outputsOf)] as const);
      for (const from of input.from) if (outputsOf(from.stage) === null) waitsOn.add(from.stage);
      if (digests.some(([, digest]) => digest === undefined)) return ok(undefined);
      return ok(Object.fromEntries(digests) as { readonly [coordinate: string]: string });
    }
    default:
      return input satisfies never;
  }
}

function outputDigest(
  { stage, output }: { readonly stage: StageId; readonly output: string },
  outputsOf: OutputsOf,
): string | undefined {
  const outputs = outputsOf(stage);
  if (outputs === null) return undefined;
  const artifact = outputs[output];
  // `checkOutputs` says so before it comes to this.
  if (artifact === undefined) throw new Error(`Internal error: ${stage} has no output ${output}`);
  return artifact.digest;
}

function missing(
  stage: StageInstance,
  input: string,
  path: string,
  error: { readonly path: string; readonly message: string },
): Failure {
  return { reason: 'input-missing', stage: stage.id, input, path, help: `${error.path} ${error.message}` };
}

function waitReasons(
  { store }: PlanContext,
  stage: StageInstance,
  parts: KeyParts,
  waitsOn: ReadonlySet<StageId>,
): readonly Reason[] {
  const depends = [...waitsOn].map((upstream): Reason => ({ why: 'depends-on', stage: upstream }));
  return [...leastReasons(store, stage, parts), ...depends];
}

async function missReasons(
  { store }: PlanContext,
  stage: StageInstance,
  key: CacheKey,
  parts: KeyParts,
): Promise<readonly Reason[]> {
  const [same] = store.records(key);
  if (same !== undefined) {
    for (const [output, artifact] of Object.entries(same.outputs)) {
      if ((await store.check(artifact)) !== null) return [{ why: 'artifact-gone', output }];
    }
  }
  return leastReasons(store, stage, parts);
}

function leastReasons(store: Store, stage: StageInstance, parts: KeyParts): readonly Reason[] {
  const nearest = nearestRecord(store, stage, parts);
  return nearest === null ? [{ why: 'never-ran' }] : reasons(nearest.parts, parts, Object.keys(stage.inputs));
}

/**
 * Of the stage's records the latest, unless an earlier one differs in less: a person who tried something, took it back
 * and then changed something else is told of the last change alone. `null`: it never ran.
 */
export function nearestRecord(store: Store, stage: StageInstance, parts: KeyParts): StageRecord | null {
  let least: { readonly record: StageRecord; readonly differs: number } | null = null;
  for (const record of store.recordsOf(stage.id)) {
    const differs = reasons(record.parts, parts, Object.keys(stage.inputs)).length;
    if (least === null || differs < least.differs) least = { record, differs };
  }
  return least?.record ?? null;
}

/** The code of a stage and of its modules, by digest. */
export function codeTexts(
  program: BuiltProgram,
  modules: Readonly<Record<string, BuiltModule>>,
): Readonly<Record<string, string>> {
  const all = [...(program.kind === 'module' ? [program] : []), ...Object.values(modules)];
  return Object.fromEntries(all.map(({ code, text }) => [code, text]));
}
