import { setTimeout as timer } from 'node:timers/promises';

/** Waits, but not longer than until the signal is aborted. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await timer(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
