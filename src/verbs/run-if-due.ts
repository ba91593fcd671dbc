import { resolve } from 'node:path';
import { sha256 } from '../digest.ts';
import { exitCode, type Failure } from '../failure.ts';
import type { Schedule } from '../pipeline/pipeline.ts';
import { readJson } from '../store/keepsakes.ts';
import { layout } from '../store/layout.ts';
import { isHeld } from '../store/lock.ts';
import { writeWhole } from '../store/write.ts';
import { due } from './due.ts';
import type { RunRequest } from './run.ts';
import { watchedRun } from './watched-run.ts';
import { openWorkspace } from './workspace.ts';

type Request = Omit<RunRequest, 'emit' | 'signal' | 'kill' | 'onFolder'>;

/** What is kept of a schedule: `schedules/<pipeline>-<name>.json`. */
interface Kept {
  /** ISO 8601: times up to here were dealt with. */
  readonly handled: string;
  /** Exit code of the last run, and when it ended. */
  readonly code: number | null;
  readonly ended: string | null;
}

/**
 * `bloodline run --if-due NAME`: runs if a time of the schedule has come that no run was made for. Safe to be called each
 * minute by anything. A run that is killed is made again at the next call; one that failed counts as made. Returns the
 * exit code, 0 where nothing is due.
 */
export async function runIfDue(
  request: Request,
  name: string,
  { json, now }: { readonly json: boolean; readonly now: Date },
): Promise<number> {
  const workspace = await openWorkspace(request);
  if (!workspace.ok) return refuse(workspace.error);
  const { pipeline, store } = workspace.value;
  const schedule = pipeline.schedules.find((one) => one.name === name);
  if (schedule === undefined) return refuse(await unknown(name, pipeline.schedules));
  if (store.readOnly !== null) return refuse(store.readOnly);

  const id = `${sha256<'path'>(resolve(pipeline.file)).slice(0, 16)}-${name}`;
  const path = layout.schedule(store.root, id);
  const lock =
    schedule.overlap === 'queue'
      ? await store.lock(`schedule-${id}`, name, { signal: AbortSignal.timeout(LONGEST_QUEUE_MS) })
      : store.tryLock(`schedule-${id}`, name);
  if (lock === null || !isHeld(lock)) {
    say(`${name}: the run before is still under way; nothing is started`);
    return 0;
  }
  try {
    const before = readJson<Kept>(path);
    const { slot, handled, next } = due(schedule, before === null ? null : new Date(before.handled), now);
    const note = (code: number | null): void =>
      writeWhole(
        store.root,
        path,
        `${JSON.stringify({ handled: handled.toISOString(), code, ended: code === null ? null : new Date().toISOString() } satisfies Kept)}\n`,
      );
    if (slot === null) {
      if (before?.handled !== handled.toISOString()) note(before?.code ?? null);
      say(`${name}: nothing is due before ${next === null ? 'ever' : local(next, schedule)}`);
      return 0;
    }
    say(`${name}: due since ${local(slot, schedule)}`);
    const profile = request.profile ?? schedule.profile;
    const code = await watchedRun({ ...request, ...(profile === null ? {} : { profile }) }, { json });
    // Interrupted: the next call goes on with it.
    if (code < 128) note(code);
    return code;
  } finally {
    lock.release();
  }
}

const LONGEST_QUEUE_MS = 86_400_000;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

const local = (at: Date, { timezone }: Schedule): string =>
  `${at.toLocaleString('sv-SE', { timeZone: timezone })} ${timezone}`;

async function refuse(failure: Failure): Promise<number> {
  const { printFailure } = await import('../log/print-failure.ts');
  printFailure(failure);
  return exitCode(failure);
}

async function unknown(name: string, schedules: readonly Schedule[]): Promise<Failure> {
  const { didYouMean } = await import('../pipeline/suggest.ts');
  const names = schedules.map((one) => one.name);
  const help =
    names.length === 0
      ? { help: 'the pipeline file has no schedules' }
      : didYouMean(name, names, 'there are');
  return { reason: 'usage', message: `there is no schedule ${JSON.stringify(name)}`, ...help };
}
