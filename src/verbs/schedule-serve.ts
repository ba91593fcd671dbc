import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { pause } from '../pause.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { callOf, named } from '../schedule/entry.ts';
import { readDue } from '../schedule/state.ts';
import { refuse } from './refuse.ts';
import { openWorkspace, storeFolder, type Where } from './workspace.ts';

/** Also the longest that a changed pipeline file or a clock that was set goes unnoticed. */
const LONGEST_SLEEP_MS = 60_000;

/**
 * `bloodline schedule serve`: starts `run --if-due NAME` as a process of its own when a schedule is due, and sleeps in
 * between. SIGTERM and SIGINT end runs as they would end one alone, then this: exit code 0. The pipeline file is read
 * again each minute; while it has problems, it is said once and the schedules stay as they were.
 */
export async function serve(where: Where): Promise<number> {
  const first = await openWorkspace(where);
  if (!first.ok) return refuse(first.error);
  let { pipeline } = first.value;
  if (pipeline.schedules.length === 0)
    return refuse({ reason: 'usage', message: 'the pipeline file has no schedules' });
  if (first.value.store.readOnly !== null) return refuse(first.value.store.readOnly);
  say(`keeps ${pipeline.schedules.map(({ name }) => name).join(', ')} of ${pipeline.file}`);

  const running = new Map<string, ChildProcess>();
  const stop = new AbortController();
  // In a process group of their own: Ctrl-C reaches only this process, which hands it on, once.
  const onSignal = (): void => {
    stop.abort();
    for (const child of running.values()) child.kill('SIGTERM');
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, onSignal);

  let told = '';
  while (!stop.signal.aborted) {
    const read = await openWorkspace(where);
    if (read.ok) pipeline = read.value.pipeline;
    else if (told !== JSON.stringify(read.error)) await refuse(read.error);
    told = read.ok ? '' : JSON.stringify(read.error);
    const now = new Date();
    let wake = now.getTime() + LONGEST_SLEEP_MS;
    for (const { name, isDue, next } of dueOf(pipeline, now)) {
      if (next !== null) wake = Math.min(wake, next.getTime());
      if (!isDue || running.has(name) || stop.signal.aborted) continue;
      const child = start(where, name);
      running.set(name, child);
      child.once('close', () => running.delete(name));
    }
    await pause(Math.max(1000, wake - Date.now()), stop.signal);
  }
  await Promise.all([...running.values()].map((child) => once(child, 'close')));
  say('ended');
  return 0;
}

/** Which schedules a run is to be started for; a new one too, so that its times count from now on. */
function dueOf({ file, schedules }: Pipeline, now: Date) {
  return schedules.map((schedule) => {
    const { id } = named(file, schedule.name);
    const { state, slot, next } = readDue(storeFolder(file), id, schedule, now);
    return { name: schedule.name, isDue: slot !== null || state === null, next };
  });
}

function start({ folder, file }: Where, name: string): ChildProcess {
  const args = callOf(named(resolve(folder, file), name));
  return spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'], detached: true });
}

const say = (line: string): void => void process.stderr.write(`schedule: ${line}\n`);
