import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { CacheKey } from '../digest.ts';
import { detectGpus } from '../engine/gpus.ts';
import type { ChangedStage, Emit, Reason, RunEvent } from '../events.ts';
import { type Failure, fail, ok, type Result } from '../failure.ts';
import type { Pipeline, StageId } from '../pipeline/pipeline.ts';
import { upstream } from '../pipeline/upstream.ts';
import type { Plan } from '../plan/plan.ts';
import { planContext } from '../plan/plan-stage.ts';
import { type Times, timesOf } from '../plan/times.ts';
import { noteLastRun } from '../store/last-runs.ts';
import type { StageRecord } from '../store/record.ts';
import { outputsDigest } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import { lastPage } from './last-page.ts';
import { planAndDescribe } from './plan-and-describe.ts';
import type { Outcome } from './scheduler.ts';
import type { SharedStores } from './shared-stores.ts';

export interface RunOptions {
  /** `pipeline.stages` holds the stages that are wanted and all that they need. */
  readonly pipeline: Pipeline;
  /** Whether these are all stages of the file. */
  readonly whole: boolean;
  readonly store: Store;
  /** Only these may run: what else is missing is a failure. `null`: all may. */
  readonly only: ReadonlySet<StageId> | null;
  /** After a failure nothing starts any more; without it, only what depends on it does not. */
  readonly failFast: boolean;
  /** Run these even where the store has their result. */
  readonly forced: Iterable<StageId>;
  /** Stages at once; default: as many as there are cores. */
  readonly jobs?: number;
  /** Whether a result is on the disk, safe from a power loss, before it counts. */
  readonly durable: boolean;
  /** Ids of accelerators; empty: none; `null`: those of this machine. */
  readonly gpus: readonly string[] | null;
  /** Opens the shared stores, where something will run. */
  readonly openShared?: () => Promise<SharedStores>;
  readonly emit: Emit;
  /** Asks the run to end: nothing starts any more, and what runs gets its grace. */
  readonly signal: AbortSignal;
  /** Ends what runs at once: the process is about to go. */
  readonly kill: AbortSignal;
  /** What the gates say, where all stages are there: each becomes an event before the last. */
  readonly checkGates?: (records: ReadonlyMap<StageId, StageRecord>) => readonly GateSaid[];
  /** Called before the first event where something will run: the run's folder, for its log. */
  readonly onFolder?: (folder: string) => Promise<void>;
  /** Writes the run's page into its folder, and says where; called at the end where something ran. */
  readonly writePage?: (run: RunFile, folder: string) => Promise<string | null>;
}

/** `runs/<id>/run.json`: what `show` and the run's page read. */
export interface RunFile {
  readonly format: 1;
  readonly run: string;
  readonly pipeline: string;
  readonly profile: string | null;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly ms: number;
  readonly ok: boolean;
  readonly stages: readonly RunFileStage[];
  readonly gates: readonly GateSaid[];
  /** Beside the last run of this pipeline and profile. */
  readonly changed: readonly ChangedStage[];
}

/** What a gate of the pipeline file says. */
type GateSaid = Omit<Extract<RunEvent, { type: 'gate' }>, 'type'>;

export interface RunFileStage {
  readonly stage: string;
  readonly how: Outcome['how'] | 'not-reached';
  /** The instances above it. */
  readonly upstream: readonly string[];
  /** Which record holds what it made. */
  readonly key: string | null;
  readonly outputs: string | null;
  readonly ms: number;
  readonly reasons: readonly Reason[];
  readonly failure: Failure | null;
}

export interface RunResult {
  readonly finished: Extract<RunEvent, { type: 'run-finished' }>;
  readonly outcomes: ReadonlyMap<StageId, Outcome>;
  readonly gatesMet: boolean;
}

/** Plans, describes what was never described, runs what is not in the store. Everything on the way is an event. */
export async function runPipeline(options: RunOptions): Promise<Result<RunResult>> {
  const { pipeline, store, forced, emit, signal } = options;
  const startedAt = new Date();
  const plan = await planAndDescribe(pipeline, store, forced, signal);
  if (!plan.ok) return plan;

  if (options.only !== null) {
    const missing = plan.value.stages.filter(
      ({ state, stage }) => state !== 'hit' && !options.only!.has(stage.id),
    );
    if (missing.length > 0) return fail(needsMore(missing.map(({ stage }) => stage.id)));
  }

  // Nothing to run: no folder, no log, no page, and none of the modules that running needs.
  const idle = plan.value.stages.every(({ state }) => state === 'hit');
  const run = runId(startedAt);
  const folder = join(store.runsFolder, run);
  if (!idle) {
    mkdirSync(folder, { recursive: true });
    await options.onFolder?.(folder);
  }
  const todo = new Set(plan.value.stages.flatMap(({ state, stage }) => (state === 'hit' ? [] : [stage.id])));
  const times = timesOf(pipeline.stages, todo, store);
  emit(started(run, plan.value, times, options.jobs ?? availableParallelism()));
  const outcomes = idle ? await showCached(plan.value, store) : await runMisses(options, run, times);
  store.save();
  const records = new Map<StageId, StageRecord>();
  for (const [id, outcome] of outcomes) if ('record' in outcome) records.set(id, outcome.record);
  const before = noteKeys(options, records);
  const changed =
    before === null ? [] : (await import('./since.ts')).changedSince(store, pipeline, before, outcomes);

  const ids = (how: Outcome['how']): string[] =>
    pipeline.stages.filter(({ id }) => outcomes.get(id)?.how === how).map(({ id }) => id);
  const ms = Date.now() - startedAt.getTime();
  const allDone = pipeline.stages.every(({ id }) => 'record' in (outcomes.get(id) ?? {}));
  const gates = allDone ? (options.checkGates?.(records) ?? []) : [];
  let page = idle ? lastPage(store.runsFolder, pipeline) : null;
  if (!idle) {
    const file = runFile(pipeline, outcomes, { run, startedAt, ms, ok: allDone, gates, changed });
    writeFileSync(join(folder, 'run.json'), `${JSON.stringify(file, null, 2)}\n`);
    page = (await options.writePage?.(file, folder)) ?? null;
  }
  if (changed.length > 0) emit({ type: 'changed', stages: changed });
  for (const gate of gates) emit({ type: 'gate', ...gate });
  const finished: RunResult['finished'] = {
    type: 'run-finished',
    run,
    ok: allDone,
    ran: ids('ran'),
    cached: ids('cached'),
    failed: ids('failed'),
    skipped: ids('skipped'),
    ms,
    page,
  };
  emit(finished);
  return ok({ finished, outcomes, gatesMet: gates.every(({ met }) => met) });
}

/** What this run came to need is not to be collected before the next one. Returns what the one before needed, if other. */
function noteKeys(
  { pipeline, store, whole }: RunOptions,
  records: ReadonlyMap<StageId, StageRecord>,
): ReadonlyMap<string, CacheKey> | null {
  if (store.readOnly !== null) return null;
  const keys = new Map<string, CacheKey>();
  for (const { id } of pipeline.stages) {
    const record = records.get(id);
    if (record !== undefined) keys.set(id, record.key);
  }
  const { file, profile, stages } = pipeline;
  return noteLastRun(store.root, { file, profile }, keys, whole ? stages.map(({ id }) => id) : null);
}

function needsMore(missing: readonly string[]): Failure {
  return {
    reason: 'usage',
    message: `--only: it needs ${missing.join(', ')}, whose results are not in the store`,
    help: 'without --only they run first',
  };
}

async function showCached(plan: Plan, store: Store): Promise<ReadonlyMap<StageId, Outcome>> {
  const outcomes = new Map<StageId, Outcome>();
  for (const planned of plan.stages) {
    if (planned.state !== 'hit') continue;
    await store.latest(planned.stage.id, planned.record);
    outcomes.set(planned.stage.id, { how: 'cached', record: planned.record });
  }
  return outcomes;
}

async function runMisses(
  options: RunOptions,
  run: string,
  times: Times,
): Promise<ReadonlyMap<StageId, Outcome>> {
  const { pipeline, store, forced, failFast, jobs, durable, emit, signal, kill } = options;
  const [{ runStages }, { endLeftovers }] = await Promise.all([
    import('./scheduler.ts'),
    import('./leftovers.ts'),
  ]);
  // Nothing is collected while a run is under way.
  const underWay = await store.lock(`run-${run}`, run, { signal });
  const collecting = await store.lock('collection', run, { signal });
  collecting?.release();
  endLeftovers(store.root);
  store.sweepScratch();
  const context = planContext(pipeline, { store, forced });
  const shared = (await options.openShared?.()) ?? null;
  // Asking takes a process and up to seconds: only where a stage wants one.
  const wantsGpu = pipeline.stages.some(({ resources }) => (resources['gpu'] ?? 0) > 0);
  const gpus = options.gpus ?? (wantsGpu ? (await detectGpus()).map(({ id }) => id) : []);
  try {
    return await runStages({
      pipeline,
      store,
      context,
      run,
      failFast,
      jobs,
      durable,
      // Tests shuffle, so that nothing comes to depend on an order.
      path: process.env.BLOODLINE_SHUFFLE ? () => 0 : times.path,
      gpus,
      shared,
      emit,
      signal,
      kill,
    });
  } finally {
    await shared?.finish();
    store.closeScratch();
    underWay?.release();
  }
}

function runFile(
  pipeline: Pipeline,
  outcomes: ReadonlyMap<StageId, Outcome>,
  of: Pick<RunFile, 'run' | 'ms' | 'ok' | 'gates' | 'changed'> & { readonly startedAt: Date },
): RunFile {
  return {
    format: 1,
    run: of.run,
    pipeline: pipeline.name,
    profile: pipeline.profile,
    startedAt: of.startedAt.toISOString(),
    ms: of.ms,
    ok: of.ok,
    gates: of.gates,
    changed: of.changed,
    stages: pipeline.stages.map((stage) => {
      const outcome = outcomes.get(stage.id);
      const record = outcome !== undefined && 'record' in outcome ? outcome.record : null;
      return {
        stage: stage.id,
        how: outcome?.how ?? 'not-reached',
        upstream: upstream(stage),
        key: record?.key ?? null,
        outputs: record === null ? null : outputsDigest(record.outputs),
        ms:
          outcome === undefined || outcome.how === 'cached'
            ? 0
            : 'ms' in outcome
              ? outcome.ms
              : outcome.record.ms,
        reasons: outcome?.how === 'ran' ? outcome.reasons : [],
        failure: outcome !== undefined && 'failure' in outcome ? outcome.failure : null,
      };
    }),
  };
}

function started(run: string, plan: Plan, times: Times, jobs: number): RunEvent {
  const as = { hit: 'cached', miss: 'run', waits: 'waits', undescribed: 'waits' } as const;
  return {
    type: 'run-started',
    run,
    pipeline: plan.pipeline.name,
    profile: plan.pipeline.profile,
    expectedMs: times.all(jobs),
    stages: plan.stages.map(({ stage, state }) => {
      const expectedMs = times.own(stage.id);
      return { stage: stage.id, plan: as[state], ...(expectedMs === null ? {} : { expectedMs }) };
    }),
  };
}

/** Sorts by time; the process id tells runs of one second apart. */
const runId = (at: Date): string =>
  `${at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}-${process.pid}`;
