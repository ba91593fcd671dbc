import type { RunEvent } from '../events.ts';

/** How long a run may still take, by what its stages took the last time. */
export interface RunLeft {
  take(event: RunEvent): void;
  /** In ms; `null` where nothing is known of some stage, or nothing is left. */
  left(): number | null;
}

/** The time that was expected for all shrinks with the work that is left: what runs counts as its time goes by. */
export function runLeft(now: () => number = () => performance.now()): RunLeft {
  let allMs: number | null = null;
  let work = 0;
  const expected = new Map<string, number>();
  const since = new Map<string, number>();
  return {
    take(event) {
      switch (event.type) {
        case 'run-started':
          allMs = event.expectedMs;
          for (const { stage, expectedMs } of event.stages)
            if (expectedMs !== undefined) expected.set(stage, expectedMs);
          for (const ms of expected.values()) work += ms;
          break;
        case 'stage-started':
          since.set(event.stage, now());
          break;
        case 'stage-finished':
        case 'stage-failed':
        case 'stage-skipped':
          expected.delete(event.stage);
      }
    },
    left() {
      if (allMs === null || work === 0 || expected.size === 0) return null;
      let rest = 0;
      for (const [stage, ms] of expected) rest += Math.max(0, ms - (now() - (since.get(stage) ?? now())));
      return (allMs * rest) / work;
    },
  };
}
