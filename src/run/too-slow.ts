import { untilAborted } from './until-aborted.ts';

/** A result would take longer to fetch than it took to make. */
export class TooSlow extends Error {}

/** How long bytes are watched before it is believed that they go on coming as they came. */
const WATCHED_MS = 2000;
const LOOK_MS = 250;

export interface Watched {
  readonly bytes: number;
  readonly madeInMs: number;
  readonly signal: AbortSignal;
}

/** The signal ends the work; it tells of each byte that came. */
type Work = (signal: AbortSignal, onBytes: (count: number) => void) => Promise<void>;

/**
 * Watches over what is fetched from one remote: a result that is made again sooner is given up (`TooSlow`). What was
 * found out about the remote's speed is kept, so that the next one does not cost two seconds again.
 */
export function openPace(): (watched: Watched, work: Work) => Promise<void> {
  /** Bytes a ms; `null`: it was never too slow. */
  let slow: number | null = null;
  return async ({ bytes, madeInMs, signal }, work) => {
    const tooSlow = (ms: number) =>
      new TooSlow(`it would take ${seconds(ms)} to fetch, and took ${seconds(madeInMs)} to make`);
    if (slow !== null && bytes / slow > Math.max(WATCHED_MS, madeInMs)) throw tooSlow(bytes / slow);
    const began = performance.now();
    const end = new AbortController();
    let done = 0;
    const timer = setInterval(() => {
      const spent = performance.now() - began;
      const rate = Math.max(done, 1) / spent;
      if (spent < WATCHED_MS || (bytes - done) / rate <= madeInMs) return;
      slow = rate;
      end.abort(tooSlow(bytes / rate));
    }, LOOK_MS);
    try {
      const going = work(AbortSignal.any([signal, end.signal]), (count) => {
        done += count;
      });
      await untilAborted(going, end.signal);
    } finally {
      clearInterval(timer);
    }
  };
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
