import { existsSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fail, ok, type Result } from '../failure.ts';
import type { Schedule } from '../pipeline/pipeline.ts';
import { type Entry, entryOf, named } from '../schedule/entry.ts';
import { type LastRun, readDue } from '../schedule/state.ts';
import { WAYS, type WayName } from '../schedule/ways.ts';
import { liveHolders } from '../store/lock.ts';
import { unknownSchedule } from './run-if-due.ts';
import { openWorkspace, storeFolder, type Where } from './workspace.ts';

export interface EntryChoices {
  readonly as: WayName;
  readonly secrets: string | null;
}

export interface ScheduleStatus extends Schedule {
  readonly last: LastRun | null;
  readonly underWay: boolean;
  /** ISO 8601: a time that has come and was not dealt with, or the next. */
  readonly next: string | null;
  readonly isDue: boolean;
  readonly calledBy: readonly WayName[];
}

/** `bloodline schedule status`. */
export async function scheduleStatus(where: Where, now: Date): Promise<Result<readonly ScheduleStatus[]>> {
  const workspace = await openWorkspace(where);
  if (!workspace.ok) return workspace;
  const { pipeline, store } = workspace.value;
  return ok(
    pipeline.schedules.map((schedule) => {
      const its = named(pipeline.file, schedule.name);
      const { state, slot, next } = readDue(store.root, its.id, schedule, now);
      return {
        ...schedule,
        last: state?.last ?? null,
        underWay: liveHolders(store.root, `schedule-${its.id}`).some(({ run }) => run === schedule.name),
        next: (slot ?? next)?.toISOString() ?? null,
        isDue: slot !== null,
        calledBy: wayNames().filter((way) => WAYS[way].isInstalled(its)),
      };
    }),
  );
}

/** `bloodline schedule show`. */
export async function showEntry(where: Where, name: string, choices: EntryChoices): Promise<Result<string>> {
  const entry = await readEntry(where, name, choices);
  return entry.ok ? WAYS[choices.as].text(entry.value) : entry;
}

/** `bloodline schedule install`: what was done, and what is missing, a line each. */
export async function installEntry(
  where: Where,
  name: string,
  choices: EntryChoices,
): Promise<Result<readonly string[]>> {
  const entry = await readEntry(where, name, choices);
  if (!entry.ok) return entry;
  mkdirSync(dirname(entry.value.log), { recursive: true });
  const installed = WAYS[choices.as].install(entry.value);
  if (!installed.ok) return installed;
  const { variables } = entry.value;
  const lines = installed.value.map((line) => `${name}: ${line}`);
  if (variables.length > 0 && choices.as === 'github-actions')
    lines.push(`${name}: it needs these secrets in the repository: ${variables.join(', ')}`);
  else if (variables.length > 0 && choices.secrets === null)
    lines.push(
      `${name}: the pipeline file names variables that ${choices.as} does not have: ${variables.join(', ')}; put them into a file and install with --secrets FILE`,
    );
  return ok(lines);
}

/** `bloodline schedule remove`: from all that call it, or from one. Knows what was installed for a schedule that is no more. */
export async function removeEntry(
  { folder, file }: Where,
  name: string,
  as: WayName | null,
): Promise<Result<readonly string[]>> {
  const its = named(resolve(folder, file), name);
  const lines: string[] = [];
  for (const way of as === null ? wayNames() : [as]) {
    const removed = WAYS[way].remove(its);
    if (!removed.ok) return removed;
    lines.push(...removed.value.map((line) => `${name}: ${line}`));
  }
  return ok(lines.length > 0 ? lines : [`${name}: nothing is installed for it`]);
}

const wayNames = (): readonly WayName[] => Object.keys(WAYS) as WayName[];

async function readEntry(where: Where, name: string, { secrets }: EntryChoices): Promise<Result<Entry>> {
  const workspace = await openWorkspace(where);
  if (!workspace.ok) return workspace;
  const { pipeline } = workspace.value;
  const schedule = pipeline.schedules.find((one) => one.name === name);
  if (schedule === undefined) return fail(await unknownSchedule(name, pipeline.schedules));
  const path = secrets === null ? null : resolve(where.folder, secrets);
  if (path !== null && !existsSync(path))
    return fail({ reason: 'usage', message: `there is no file at ${path}` });
  return ok(entryOf(pipeline, schedule, storeFolder(pipeline.file), { secrets: path }));
}
