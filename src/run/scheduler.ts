import { availableParallelism } from 'node:os';
import PQueue from 'p-queue';
import type { Emit, Reason } from '../events.ts';
import type { Failure } from '../failure.ts';
import { pause } from '../pause.ts';
import type { Pipeline, StageId, StageInstance } from '../pipeline/pipeline.ts';
import { upstream } from '../pipeline/upstream.ts';
import type { Planned } from '../plan/plan.ts';
import { type PlanContext, planStage } from '../plan/plan-stage.ts';
import { isHeld } from '../store/lock.ts';
import { asStoreFailure } from '../store/publish.ts';
import type { Artifact, StageRecord } from '../store/record.ts';
import { differingOutputs } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import { otherCircumstances } from './circumstances.ts';
import { executeStage } from './execute-stage.ts';
import type { DamagedUpstream } from './inputs.ts';
import { endLeftovers } from './leftovers.ts';
import { runOrder } from './order.ts';
import type { SharedStores } from './shared-stores.ts';
import { slots, type Taken } from './slots.ts';

export interface Schedule {
  readonly pipeline: Pipeline;
  readonly store: Store;
  readonly context: PlanContext;
  readonly run: string;
  /** After a failure nothing starts any more. */
  readonly failFast: boolean;
  /** Stages at once. */
  readonly jobs: number | undefined;
  /** Whether a result is on the disk, safe from a power loss, before it counts. */
  readonly durable: boolean;
  /** A stage's longest way to an end by earlier runs, in ms: of those that are ready the longest starts first. */
  readonly path: (stage: StageId) => number;
  /** Ids of accelerators; empty: none. */
  readonly gpus: readonly string[];
  /** Asked before anything runs, and told of what ran; `null`: none. */
  readonly shared: SharedStores | null;
  readonly emit: Emit;
  /** Asks the run to end: nothing starts any more, and what runs gets its grace. */
  readonly signal: AbortSignal;
  /** Ends what runs at once. */
  readonly kill: AbortSignal;
}

/** What a stage came to. */
export type Outcome =
  | { readonly how: 'ran'; readonly record: StageRecord; readonly reasons: readonly Reason[] }
  | { readonly how: 'cached'; readonly record: StageRecord }
  | { readonly how: 'failed' | 'skipped'; readonly failure: Failure; readonly ms: number };

const isBroken = (outcome: Outcome | undefined): boolean =>
  outcome?.how === 'failed' || outcome?.how === 'skipped';

type Miss = Extract<Planned, { state: 'miss' }>;

/** Before a failed attempt is made again; twice as long each time. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;

const lockOf = ({ key }: Miss): string => `stage-${key}`;

/** What can run is known before any of it takes a job, so that the longest can be first. */
const PLANNED_FIRST = Number.MAX_SAFE_INTEGER;

/** How often the makers of one artifact are asked for it again before the disk is given up on. */
const REMAKES = 2;

/**
 * Brings every stage of a pipeline to its outcome: a stage is planned when all above it is known, and runs, if it must,
 * when a job and its slots are free. A failure stops what depends on it and nothing else; after an abort nothing starts.
 */
export async function runStages(schedule: Schedule): Promise<ReadonlyMap<StageId, Outcome>> {
  const { pipeline, store, context, run, emit, signal } = schedule;
  const queue = new PQueue({ concurrency: schedule.jobs ?? availableParallelism() });
  const free = slots(schedule.gpus);
  const order = runOrder(pipeline.stages);
  const aboveOf = new Map(order.map((stage) => [stage.id, upstream(stage)]));
  const belowOf = new Map(order.map((stage): [StageId, StageInstance[]] => [stage.id, []]));
  for (const stage of order) for (const id of new Set(aboveOf.get(stage.id))) belowOf.get(id)!.push(stage);
  const outcomes = new Map<StageId, Outcome>();
  const outputs = new Map<StageId, Readonly<Record<string, Artifact>>>();
  const remakes = new Map<StageId, number>();
  /** Being planned, waiting for slots, or running. */
  const busy = new Set<StageId>();
  const ready: Miss[] = [];
  /** Waits for what other runs make, or shared stores have. */
  const elsewhere = new Set<Promise<unknown>>();
  const bugs: unknown[] = [];
  let hasFailed = false;

  const settle = (stage: StageInstance, outcome: Outcome): void => {
    outcomes.set(stage.id, outcome);
    if ('record' in outcome) outputs.set(stage.id, outcome.record.outputs);
    busy.delete(stage.id);
  };

  async function succeed(stage: StageInstance, outcome: Extract<Outcome, { record: StageRecord }>) {
    const { key, ms, metrics, facts } = outcome.record;
    await store.latest(stage.id, outcome.record);
    const how = outcome.how;
    emit({ type: 'stage-finished', stage: stage.id, how, key, ms: how === 'ran' ? ms : 0, metrics, facts });
    settle(stage, outcome);
  }

  /** Nothing starts any more. */
  const isEnding = (): boolean => signal.aborted || bugs.length > 0 || (schedule.failFast && hasFailed);

  function failStage(stage: StageInstance, failure: Failure, ms: number): void {
    hasFailed = true;
    emit({ type: 'stage-failed', stage: stage.id, failure });
    settle(stage, { how: 'failed', failure, ms });
  }

  /** Of these stages, plans those above which all is known, and skips those that cannot be any more, with all below. */
  function advance(stages: readonly StageInstance[]): void {
    const candidates = [...stages];
    for (const stage of candidates) {
      if (outcomes.has(stage.id) || busy.has(stage.id)) continue;
      const above = aboveOf.get(stage.id)!;
      const broken = hasFailed ? above.find((id) => isBroken(outcomes.get(id))) : undefined;
      if (broken !== undefined) {
        const failure: Failure = { reason: 'upstream-failed', stage: stage.id, upstream: broken };
        emit({ type: 'stage-skipped', stage: stage.id, failure });
        settle(stage, { how: 'skipped', failure, ms: 0 });
        for (const next of belowOf.get(stage.id)!) candidates.push(next);
        continue;
      }
      // From the last on: they mostly come to an end in their order, and so one look is enough.
      if (isEnding() || above.findLast((id) => !outputs.has(id)) !== undefined) continue;
      busy.add(stage.id);
      enqueue(stage, PLANNED_FIRST, () => plan(stage));
    }
    startReady();
  }

  /** A disk that is full or read-only fails the stage; a bug of ours is thrown when the others have come to an end. */
  async function guarded(stage: StageInstance, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      try {
        failStage(stage, asStoreFailure(error), 0);
      } catch (thrown) {
        bugs.push(thrown);
        return;
      }
      advance(belowOf.get(stage.id)!);
    }
  }

  /** Does it when a job is free. */
  function enqueue(stage: StageInstance, priority: number, work: () => Promise<void>): void {
    void queue.add(() => guarded(stage, work), { priority });
  }

  /** The longest way first, and as they came where it is the same. */
  function makeReady(miss: Miss): void {
    const path = schedule.path(miss.stage.id);
    let place = ready.length;
    while (place > 0 && schedule.path(ready[place - 1]!.stage.id) < path) place--;
    ready.splice(place, 0, miss);
  }

  async function plan(stage: StageInstance): Promise<void> {
    const known = (id: StageId) => outputs.get(id) ?? null;
    let planned = await planStage(context, stage, known);
    // Its file was changed after the run began: it is taken as it is now.
    if (planned.ok && planned.value.state === 'undescribed') {
      const { describeStages } = await import('./describe.ts');
      const described = await describeStages(pipeline, store, [planned.value], signal);
      planned = described.ok ? await planStage(context, stage, known) : described;
    }
    if (!planned.ok) failStage(stage, planned.error, 0);
    else if (planned.value.state === 'hit')
      await succeed(stage, { how: 'cached', record: planned.value.record });
    else if (planned.value.state === 'miss') {
      emit({ type: 'stage-queued', stage: stage.id });
      if (schedule.shared === null || context.forced.has(stage.id)) makeReady(planned.value);
      else fetchFirst(planned.value, schedule.shared);
    } else
      throw new Error(`Internal error: ${stage.id} is ${planned.value.state} when all above it is known`);
    advance(belowOf.get(stage.id)!);
  }

  function startReady(): void {
    if (isEnding()) return;
    for (let i = 0; i < ready.length; ) {
      const taken = free.take(ready[i]!.stage.resources);
      if (taken === null) i++;
      else {
        const [miss] = ready.splice(i, 1);
        enqueue(miss!.stage, schedule.path(miss!.stage.id), () => execute(miss!, taken));
      }
    }
  }

  async function execute(planned: Miss, taken: Taken): Promise<void> {
    const { stage, key } = planned;
    // It may have waited for a job while another failed.
    if (isEnding()) return free.release(taken);
    const lock = store.tryLock(lockOf(planned), run);
    if (!isHeld(lock)) {
      free.release(taken);
      waitFor(planned, lock.run);
      return;
    }
    try {
      // Another run may have made it since it was planned here.
      const record = context.forced.has(stage.id) ? null : await store.find(key);
      if (record !== null) await succeed(stage, { how: 'cached', record });
      else await attempts(planned, taken.gpus);
    } finally {
      lock.release();
      free.release(taken);
    }
    // Where it is to run again, after the maker of a damaged input did.
    busy.delete(stage.id);
    const makers = outcomes.has(stage.id)
      ? []
      : order.filter(({ id }) => aboveOf.get(stage.id)!.includes(id));
    advance([...makers, stage, ...belowOf.get(stage.id)!]);
  }

  /** Takes no job and no slots meanwhile: whoever makes it here does not wait for us, so nobody waits in a circle. */
  function waitFor(planned: Miss, other: string): void {
    const { stage } = planned;
    if (other !== run) emit({ type: 'stage-waits', stage: stage.id, run: other });
    aside(stage, async () => {
      const lock = await store.lock(lockOf(planned), run, { signal });
      lock?.release();
      // If that run died, its stage may still be at work.
      if (lock !== null) endLeftovers(store.root);
      makeReady(planned);
    });
  }

  /** Takes no job either: while it is asked for here, others run. */
  function fetchFirst(planned: Miss, shared: SharedStores): void {
    const { stage, key } = planned;
    aside(stage, async () => {
      const record = await shared.fetch(stage.id, key);
      if (record === null) return makeReady(planned);
      await succeed(stage, { how: 'cached', record });
      advance(belowOf.get(stage.id)!);
    });
  }

  function aside(stage: StageInstance, work: () => Promise<void>): void {
    const wait = guarded(stage, work).finally(() => {
      elsewhere.delete(wait);
      startReady();
    });
    elsewhere.add(wait);
  }

  async function attempts(planned: Miss, gpus: readonly string[]): Promise<void> {
    const { stage, key, reasons } = planned;
    const began = performance.now();
    const before = store.records(key);
    for (const reason of reasons)
      if (reason.why === 'artifact-gone')
        await clearAway(stage, before[0]?.outputs[reason.output], reason.output);
    for (let attempt = 1; !signal.aborted; attempt++) {
      emit({ type: 'stage-started', stage: stage.id, key, reasons, attempt });
      const outputsOf = (id: StageId) => outputs.get(id) ?? null;
      const result = await executeStage({ ...schedule, planned, outputsOf, gpus });
      if (result.ok) {
        reportOtherBytes(stage, result.value, before);
        schedule.shared?.send(result.value);
        return succeed(stage, { how: 'ran', record: result.value, reasons });
      }
      const { error } = result;
      if (error.reason === 'damaged-upstream') return remake(stage, error);
      if (attempt > stage.retries || signal.aborted)
        return failStage(stage, error, Math.round(performance.now() - began));
      const inMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS << Math.min(attempt - 1, 7));
      emit({ type: 'stage-retried', stage: stage.id, attempt, of: stage.retries + 1, inMs, failure: error });
      await pause(inMs, signal);
      if (signal.aborted) return failStage(stage, error, Math.round(performance.now() - began));
    }
  }

  /** What the planner found not to fit is set aside before it is made again. */
  async function clearAway(
    stage: StageInstance,
    artifact: Artifact | undefined,
    output: string,
  ): Promise<void> {
    if (artifact === undefined) return;
    for (const path of await store.setAsideDamaged(artifact))
      emit({ type: 'artifact-set-aside', stage: stage.id, output, path });
  }

  /** An artifact did not fit its digest when it was handed out: its maker runs again, and this stage after it. */
  function remake(stage: StageInstance, { stage: maker, output, path }: DamagedUpstream): void {
    emit({ type: 'artifact-set-aside', stage: maker, output, path });
    const times = (remakes.get(maker) ?? 0) + 1;
    remakes.set(maker, times);
    if (times > REMAKES) {
      const message = `${maker}.${output} did not fit its digest, ${times} times, right after it was made`;
      const help = 'the disk or the memory of this machine may be failing';
      failStage(stage, { reason: 'store-damaged', path, message, help }, 0);
      return;
    }
    outcomes.delete(maker);
    outputs.delete(maker);
  }

  /** Says so when this key gave other bytes before, on the same engine and kind of processor. */
  function reportOtherBytes(stage: StageInstance, record: StageRecord, before: readonly StageRecord[]): void {
    const alike = before.filter(({ facts }) => otherCircumstances(facts, record.facts).length === 0);
    const outputs = differingOutputs(record, alike);
    if (outputs.length > 0)
      emit({ type: 'stage-not-deterministic', stage: stage.id, key: record.key, outputs });
  }

  advance(order);
  // What is awaited elsewhere ends in work for the queue, and work in waiting, each at times at once.
  while (elsewhere.size + queue.size + queue.pending > 0) {
    await queue.onIdle();
    if (elsewhere.size > 0) await Promise.race(elsewhere);
  }
  if (bugs.length > 0) throw bugs[0];
  return outcomes;
}
