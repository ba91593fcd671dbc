import { existsSync, renameSync, statSync } from 'node:fs';
import type { Schedule } from '../pipeline/pipeline.ts';
import { readJson } from '../store/keepsakes.ts';
import { layout } from '../store/layout.ts';
import { bestEffort, writeWhole } from '../store/write.ts';
import { type Due, due } from './due.ts';

/** What is kept of a schedule: `schedules/<id>.json`. */
export interface ScheduleState {
  /** ISO 8601: times up to here were dealt with. */
  readonly handled: string;
  readonly last: LastRun | null;
}

export interface LastRun {
  /** The time that it was due for. */
  readonly slot: string;
  readonly ended: string;
  /** Exit code. */
  readonly code: number;
  /** `null` where it could not begin. */
  readonly run: string | null;
  /** Notifications that did not arrive, and why. */
  readonly undelivered: readonly string[];
}

export const readState = (root: string, id: string): ScheduleState | null =>
  readJson<ScheduleState>(layout.schedule(root, id));

export const writeState = (root: string, id: string, state: ScheduleState): void =>
  writeWhole(root, layout.schedule(root, id), `${JSON.stringify(state)}\n`);

/** What is kept of a schedule (`null`: it is new), and what is due by it. */
export function readDue(
  root: string,
  id: string,
  schedule: Schedule,
  now: Date,
): Due & { readonly state: ScheduleState | null } {
  const state = readState(root, id);
  return { state, ...due(schedule, state === null ? null : new Date(state.handled), now) };
}

/** At this size a log gets out of the way; the one before goes. */
const LOG_BYTES = 1 << 20;

/** What called us may hold the log open: it writes on in the renamed one, and the next in a new one. */
export function rotateLog(root: string, id: string): void {
  const path = layout.scheduleLog(root, id);
  bestEffort(() => {
    if (existsSync(path) && statSync(path).size > LOG_BYTES) renameSync(path, `${path}.1`);
  });
}
