import type { Emit } from '../events.ts';

const PROGRESS_MS = 100;

/** Tells of bytes on their way between us and a remote, now and then and at the end. */
export function tellTransfer(
  emit: Emit,
  which: { readonly stage: string; readonly remote: string; readonly direction: 'from' | 'to' },
): (count: number, total: number) => void {
  let done = 0;
  let told = performance.now();
  return (count, total) => {
    done = Math.min(total, done + count);
    const now = performance.now();
    if (done < total && now - told < PROGRESS_MS) return;
    told = now;
    emit({ type: 'transfer', ...which, done, total });
  };
}
