import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ParamSchemas, Stage } from 'bloodline-ml/stage';

const compiled = resolve(fileURLToPath(new URL('..', import.meta.url)));

/** A stage's file, as its process sees it. */
interface StageModule {
  readonly params?: ParamSchemas;
  readonly outputs: readonly string[];
  readonly default: (stage: Stage) => Promise<void>;
}

export interface StageRun {
  /** Path of an output. */
  output(name: string): string;
  readonly metrics: Readonly<Record<string, number>>;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly warnings: readonly string[];
}

/** A folder for a test's stages; `remove` when done. */
export function stageFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'bloodline-stage-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/**
 * Runs a stage's function in this process: no runner, no store, the same contract.
 *
 * @param file from the repository's root, `stages/split.ts`; parameters that name modules likewise.
 */
export async function runStage(
  file: string,
  {
    folder,
    params = {},
    inputs = {},
    seed = 1,
  }: { folder: string; params?: Record<string, unknown>; inputs?: Record<string, string>; seed?: number },
): Promise<StageRun> {
  const load = <M>(path: string): Promise<M> =>
    import(join(compiled, path.replace(/\.ts$/, '.js'))) as Promise<M>;
  const stage = await load<StageModule>(file);
  const schemas = Object.entries(stage.params ?? {}) as [string, { default?: unknown; format?: string }][];
  const values = Object.fromEntries(
    schemas
      .filter(([, schema]) => schema.format !== 'module')
      .map(([name, schema]) => [name, name in params ? params[name] : schema.default]),
  );
  const out = mkdtempSync(join(folder, 'run-'));
  const checkpoint = join(out, '.checkpoint');
  mkdirSync(checkpoint);
  const metrics: Record<string, number> = {};
  const facts: Record<string, unknown> = {};
  const warnings: string[] = [];
  const output = (name: string): string => join(out, name);
  await stage.default({
    params: values as never,
    seed,
    input: (name) => {
      const path = inputs[name];
      if (path === undefined) throw new Error(`no input ${name}`);
      return path;
    },
    has: (name) => inputs[name] !== undefined,
    output,
    module: (name) => load(String(params[name])),
    checkpoint,
    progress: () => {},
    metric: (name, value) => {
      metrics[name] = value;
    },
    fact: (name, value) => {
      facts[name] = value;
    },
    warn: (message) => {
      warnings.push(message);
    },
    signal: new AbortController().signal,
  });
  return { output, metrics, facts, warnings };
}
