import { Cron } from 'croner';
import type { Schedule } from '../pipeline/pipeline.ts';

export interface Due {
  /** The time that a run is due for; `null`: none is. */
  readonly slot: Date | null;
  /** Times up to here are dealt with once that run has ended, or at once where none is due. */
  readonly handled: Date;
  readonly next: Date | null;
}

/** With `catch-up: none` a time counts as missed when it is longer ago. */
const LATE_MS = 10 * 60_000;

/**
 * Which time of a schedule a run is due for. A time that a change to summer time leaves out is an hour later, one that
 * the change back brings twice comes once.
 * @param handled up to where times were dealt with; `null`: the schedule is new, and its first time is yet to come.
 */
export function due({ cron, timezone, catchUp }: Schedule, handled: Date | null, now: Date): Due {
  const times = new Cron(cron, { timezone, paused: true });
  const next = times.nextRun(now);
  if (handled === null) return { slot: null, handled: now, next };
  const first = times.nextRun(handled);
  if (first === null || first > now) return { slot: null, handled, next };
  if (catchUp === 'all') return { slot: first, handled: first, next };
  // Exclusive of the moment it is asked for.
  const last = times.previousRuns(1, new Date(now.getTime() + 1000))[0] ?? first;
  const isMissed = catchUp === 'none' && now.getTime() - last.getTime() > LATE_MS;
  return { slot: isMissed ? null : last, handled: last, next };
}
