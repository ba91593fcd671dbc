import { existsSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { type CodeDigest, sha256 } from '../digest.ts';
import { type Diagnostic, fail, type Location, ok, type Result } from '../failure.ts';
import type { Pipeline, StageInstance } from '../pipeline/pipeline.ts';
import { readSealed, writeSealed } from '../store/keepsakes.ts';
import { layout } from '../store/layout.ts';
import type { Store } from '../store/store.ts';
import { bestEffort } from '../store/write.ts';
import { BUNDLE_FORMAT, type Bundle, bundle, type Keep } from './bundle.ts';
import type { BuiltModule, BuiltProgram } from './code.ts';
import { hashSources } from './sources.ts';

/** What was built already in one plan or run: the instances of a matrix share a file, and a run one version of it. */
export type Built = Map<string, Promise<Result<BuiltModule, readonly Diagnostic[]>>>;

/** The program of a stage, built or taken from the store's cache of builds. Runs nobody's code. */
export async function buildProgram(
  pipeline: Pipeline,
  stage: StageInstance,
  store: Store,
  built: Built = new Map(),
): Promise<Result<BuiltProgram>> {
  const { program } = stage;
  if (program.kind === 'command') {
    const sources = await hashSources(pipeline.root, program.sources, stage, store);
    return sources.ok
      ? ok({ kind: 'command', sources: sources.value })
      : fail({ reason: 'code-does-not-build', stage: stage.id, diagnostics: sources.error });
  }
  const executed = await once(built, pipeline.root, program.file, 'default', program.at, store);
  if (!executed.ok) {
    return fail({ reason: 'code-does-not-build', stage: stage.id, diagnostics: executed.error });
  }
  const source = await once(built, pipeline.root, program.file, 'named', program.at, store);
  if (!source.ok) return fail({ reason: 'code-does-not-build', stage: stage.id, diagnostics: source.error });
  return ok({
    kind: 'module',
    ...executed.value,
    source: source.value.code,
    sourceText: source.value.text,
  });
}

/** The file that a parameter of `format: module` names, with all its exports. */
export async function buildModule(
  pipeline: Pipeline,
  file: string,
  at: Location,
  store: Store,
  built: Built = new Map(),
): Promise<Result<BuiltModule, readonly Diagnostic[]>> {
  return once(built, pipeline.root, file, 'all', at, store);
}

function once(
  built: Built,
  root: string,
  file: string,
  keep: Keep,
  at: Location,
  store: Store,
): Promise<Result<BuiltModule, readonly Diagnostic[]>> {
  const name = `${keep} ${resolve(root, file)}`;
  const before = built.get(name);
  if (before !== undefined) return before;
  const now = cached(root, file, keep, at, store);
  built.set(name, now);
  return now;
}

interface CachedBuild extends BuiltModule {
  /** Digest of each file that went into it; `null`: it was not there. */
  readonly inputs: Readonly<Record<string, string | null>>;
}

/** Without this a run that has nothing to do would spend its time in esbuild. */
async function cached(
  root: string,
  file: string,
  keep: Keep,
  at: Location,
  store: Store,
): Promise<Result<BuiltModule, readonly Diagnostic[]>> {
  const entry = relative(root, resolve(root, file));
  if (!existsSync(join(root, entry))) {
    return fail([{ severity: 'error', message: `there is no file ${entry}`, at }]);
  }
  const path = layout.build(store.root, sha256(JSON.stringify([BUNDLE_FORMAT, root, entry, keep])));
  const before = readSealed<CachedBuild>(path);
  if (before !== null && (await isFresh(root, before, store))) {
    const { inputs: _, ...built } = before;
    return ok(built);
  }
  const built = await bundle(root, entry, keep, at);
  if (!built.ok) return built;
  const { inputs, exact, ...module } = built.value;
  if (exact) {
    const cachedBuild: CachedBuild = { ...module, inputs: await digests(root, inputs, store) };
    bestEffort(() => writeSealed(store.root, path, cachedBuild));
  }
  return ok(module);
}

async function isFresh(root: string, build: CachedBuild, store: Store): Promise<boolean> {
  if (typeof build.text !== 'string' || sha256<'executed code'>(build.text) !== build.code) return false;
  for (const [file, digest] of Object.entries(build.inputs ?? {})) {
    if ((await digestOf(root, file, store)) !== digest) return false;
  }
  return true;
}

/** The project's package.json counts too: its `type` and `sideEffects` change what a bundle holds. */
async function digests(root: string, inputs: Bundle['inputs'], store: Store): Promise<CachedBuild['inputs']> {
  const entries: [string, string | null][] = [];
  for (const file of [...inputs, 'package.json']) entries.push([file, await digestOf(root, file, store)]);
  return Object.fromEntries(entries);
}

async function digestOf(root: string, file: string, store: Store): Promise<CodeDigest | string | null> {
  const path = join(root, file);
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? null : store.index.digest(path, path, stats);
}
