import { resolve } from 'node:path';
import type { Failure } from '../failure.ts';
import type { Pipeline, Schedule } from '../pipeline/pipeline.ts';
import { named } from '../schedule/entry.ts';
import { isWanted, type Notice, takeNotes } from '../schedule/notice.ts';
import { readDue, rotateLog, writeState } from '../schedule/state.ts';
import { isHeld } from '../store/lock.ts';
import type { Store } from '../store/store.ts';
import { refuse } from './refuse.ts';
import type { RunRequest } from './run.ts';
import { type Watched, watchedRun } from './watched-run.ts';
import { openWorkspace, storeFolder, type Where } from './workspace.ts';

type Request = Omit<RunRequest, 'emit' | 'signal' | 'kill' | 'onFolder'>;

export interface WhenDue {
  readonly json: boolean;
  /** Say nothing where nothing is due. */
  readonly quiet: boolean;
  readonly now: Date;
}

/**
 * `bloodline run --if-due NAME`: runs if a time of the schedule has come that no run was made for. Safe to be called each
 * minute by anything. A run that is killed is made again at the next call; one that failed counts as made. Returns the
 * exit code, 0 where nothing is due.
 */
export async function runIfDue(request: Request, name: string, when: WhenDue): Promise<number> {
  const { id, file } = named(resolve(request.folder, request.file), name);
  // Before anything can go wrong that would be written there each minute.
  rotateLog(storeFolder(file), id);
  const workspace = await openWorkspace(request);
  if (!workspace.ok) return refuse(workspace.error);
  const { pipeline, store } = workspace.value;
  const schedule = pipeline.schedules.find((one) => one.name === name);
  if (schedule === undefined) return refuse(await unknownSchedule(name, pipeline.schedules));
  if (store.readOnly !== null) return refuse(store.readOnly);

  const lock =
    schedule.overlap === 'queue'
      ? await store.lock(`schedule-${id}`, name, { signal: AbortSignal.timeout(LONGEST_QUEUE_MS) })
      : store.tryLock(`schedule-${id}`, name);
  if (lock === null || !isHeld(lock)) {
    if (!when.quiet) say(`${name}: the run before is still under way; nothing is started`);
    return 0;
  }
  try {
    return await runDue(request, { pipeline, store, schedule, id }, when);
  } finally {
    lock.release();
  }
}

async function runDue(
  request: Request,
  {
    pipeline,
    store,
    schedule,
    id,
  }: { readonly pipeline: Pipeline; readonly store: Store; readonly schedule: Schedule; readonly id: string },
  { json, quiet, now }: WhenDue,
): Promise<number> {
  const { name } = schedule;
  const { state: before, slot, handled, next } = readDue(store.root, id, schedule, now);
  const state = { handled: handled.toISOString(), last: before?.last ?? null };
  if (slot === null) {
    if (before?.handled !== state.handled) writeState(store.root, id, state);
    if (!quiet) say(`${name}: nothing is due before ${next === null ? 'ever' : localTime(next, schedule)}`);
    return 0;
  }
  say(`${name}: due since ${localTime(slot, schedule)}`);
  const profile = request.profile ?? schedule.profile;
  const notes = takeNotes();
  const end = async ({ code, failure }: Watched): Promise<void> => {
    const due = slot.toISOString();
    const last = { slot: due, ended: new Date().toISOString(), code, run: notes.run() };
    // First of all, so that a run that was made is not made again, whatever comes after it.
    writeState(store.root, id, { ...state, last: { ...last, undelivered: [] } });
    const of = { pipeline: pipeline.name, profile, schedule: name, due, code };
    const undelivered = await tell(pipeline, notes.notice(of, failure));
    for (const line of undelivered) say(line);
    if (undelivered.length > 0) writeState(store.root, id, { ...state, last: { ...last, undelivered } });
  };
  const chosen = { ...request, ...(profile === null ? {} : { profile }) };
  let watched: Watched;
  try {
    watched = await watchedRun(chosen, { json, onEvent: notes.take });
  } catch (error) {
    // A bug of ours comes again each minute, and each time after a run.
    await end({ code: 70, failure: null });
    throw error;
  }
  // Interrupted: the next call goes on with it.
  if (watched.code >= 128) return watched.code;
  await end(watched);
  if (schedule.keep !== null) await clearOut(request, schedule.keep);
  return watched.code;
}

/** `gc` after a night. What it cannot do now it does after the next one. */
async function clearOut(where: Where, { maxBytes, ageMs }: NonNullable<Schedule['keep']>): Promise<void> {
  const { gc } = await import('./gc.ts');
  const now = Date.now();
  const before = ageMs === null ? null : now - ageMs;
  const collected = await gc(where, { before, maxBytes, remove: true, now });
  const { collectionLines } = await import('../log/usage-lines.ts');
  const { failureLines } = await import('../log/sentences.ts');
  if (!collected.ok) say(`the store was not cleared out: ${failureLines(collected.error)[0]}`);
  else if (collected.value.blobs.length + collected.value.paths.length > 0)
    say(collectionLines(collected.value).at(-1)!);
}

/** Sends a notice to all who want it; a line for each that did not get it. Changes nothing about the run. */
async function tell(pipeline: Pipeline, notice: Notice): Promise<readonly string[]> {
  const wanted = pipeline.notify.filter((one) => isWanted(one, notice));
  if (wanted.length === 0) return [];
  const { deliver } = await import('../schedule/deliver.ts');
  const answers = await Promise.all(wanted.map((one) => deliver(one, notice, { folder: pipeline.root })));
  return answers.flatMap((why, index) =>
    why === null ? [] : [`notification ${wanted[index]!.name} was not delivered: ${why}`],
  );
}

const LONGEST_QUEUE_MS = 86_400_000;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

const localTime = (at: Date, { timezone }: Schedule): string =>
  `${at.toLocaleString('sv-SE', { timeZone: timezone })} ${timezone}`;

/** That a pipeline file has no schedule of that name. */
export async function unknownSchedule(name: string, schedules: readonly Schedule[]): Promise<Failure> {
  const { didYouMean } = await import('../pipeline/suggest.ts');
  const names = schedules.map((one) => one.name);
  const help =
    names.length === 0
      ? { help: 'the pipeline file has no schedules' }
      : didYouMean(name, names, 'there are');
  return { reason: 'usage', message: `there is no schedule ${JSON.stringify(name)}`, ...help };
}
