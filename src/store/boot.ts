import { readFileSync } from 'node:fs';

/** Names the time since this machine was switched on; `null` where the system has no name for it. */
export function bootId(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return null;
  }
}
