import type { Emit } from '../events.ts';
import { type Failure, fail, ok, type Result } from '../failure.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { Plan } from '../plan/plan.ts';
import { below, planPipeline } from '../plan/plan-pipeline.ts';
import { type RunResult, runPipeline } from '../run/run.ts';
import type { Store } from '../store/store.ts';
import { type RemoteMode, sharedStoresFor } from './shared-stores-for.ts';
import { needed, openWorkspace, selectStages, type Where } from './workspace.ts';

export interface RunRequest extends Where {
  /** Names of stages; empty: all. */
  readonly stages: readonly string[];
  readonly force: readonly string[];
  readonly from: readonly string[];
  /** Run the named stages and nothing that they need. */
  readonly only?: boolean;
  readonly failFast?: boolean;
  readonly jobs?: number;
  readonly durable?: boolean;
  readonly gpus?: readonly string[];
  /** What the command line says of shared stores. */
  readonly remote?: RemoteMode;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  readonly kill: AbortSignal;
  readonly onFolder: (folder: string) => Promise<void>;
}

export type RunAnswer = RunResult & { readonly store: Store; readonly pipeline: Pipeline };

/** `bloodline run`: brings stages up to date, running only what is not in the store. */
export async function run(request: RunRequest): Promise<Result<RunAnswer>> {
  const prepared = await prepare(request);
  if (!prepared.ok) return prepared;
  const { pipeline, whole, store, forced, only } = prepared.value;
  const shared = await sharedStoresFor(pipeline, request.remote);
  if (!shared.ok) return shared;
  const checkGates = whole && pipeline.gates.length > 0 ? await gatesOf(pipeline, store) : null;
  if (checkGates?.ok === false) return checkGates;
  const result = await runPipeline({
    pipeline,
    whole,
    store,
    forced,
    only,
    failFast: request.failFast === true,
    durable: request.durable === true,
    gpus: request.gpus ?? null,
    ...(request.jobs === undefined ? {} : { jobs: request.jobs }),
    ...(shared.value === null
      ? {}
      : { openShared: () => shared.value!({ store, emit: request.emit, signal: request.signal }) }),
    emit: request.emit,
    signal: request.signal,
    kill: request.kill,
    onFolder: request.onFolder,
    ...(checkGates === null ? {} : { checkGates: checkGates.value }),
    async writePage(file, folder) {
      const { writeRunPage } = await import('../report/run-page.ts');
      return await writeRunPage({ run: file, pipeline, store, folder });
    },
  });
  return result.ok ? ok({ ...result.value, store, pipeline }) : result;
}

async function gatesOf(pipeline: Pipeline, store: Store) {
  const [{ checkGates }, { readChampion }] = await Promise.all([
    import('./check-gates.ts'),
    import('./champion-file.ts'),
  ]);
  const champion = readChampion(store.root, pipeline.name);
  if (!champion.ok) return champion;
  return ok((records: Parameters<typeof checkGates>[1]) => checkGates(pipeline, records, champion.value));
}

/** `bloodline run --dry-run`: the plan that `run` would follow. */
export async function dryRun(
  request: Omit<RunRequest, 'emit' | 'signal' | 'kill' | 'onFolder'>,
): Promise<Result<Plan>> {
  const prepared = await prepare(request);
  if (!prepared.ok) return prepared;
  const { pipeline, store, forced } = prepared.value;
  const plan = await planPipeline(pipeline, { store, forced });
  store.save();
  if (!plan.ok) return plan;
  const { diagnostics } = plan.value;
  return diagnostics.length > 0 ? fail({ reason: 'invalid-pipeline', diagnostics }) : plan;
}

async function prepare(request: Omit<RunRequest, 'emit' | 'signal' | 'kill' | 'onFolder'>) {
  const workspace = await openWorkspace(request);
  if (!workspace.ok) return workspace;
  const { pipeline: whole, store } = workspace.value;
  if (request.only && request.stages.length === 0)
    return fail<Failure>({
      reason: 'usage',
      message: '--only needs the names of stages',
      help: 'for example run evaluate --only',
    });
  const wanted = await selectStages(whole, request.stages);
  if (!wanted.ok) return wanted;
  const pipeline = request.stages.length === 0 ? whole : needed(whole, wanted.value);
  const force = await selectStages(pipeline, request.force);
  if (!force.ok) return force;
  const from = await selectStages(pipeline, request.from);
  if (!from.ok) return from;
  const forced = new Set([...force.value, ...below(pipeline.stages, from.value)]);
  const only = request.only ? new Set(wanted.value) : null;
  return ok({ pipeline, whole: pipeline === whole, store, forced, only });
}
