import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { signalGroup } from './process-group.ts';

const NOTE = 'child.json';

/** When a process began, in clock ticks since boot: with it, a pid that was used again is told apart. Linux only. */
function startTime(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold spaces; the 22nd field is the 20th after it.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

/** Notes a stage's process beside what it works on, so that the next run can end it if this one is killed. */
export function noteChild(scratch: string, pid: number): void {
  const note = join(scratch, NOTE);
  // By rename: a runner may be killed at any time, and half a note would name nobody.
  writeFileSync(`${note}.new`, JSON.stringify({ pid, started: startTime(pid), runner: process.pid }));
  renameSync(`${note}.new`, note);
}

/** Ends stages that a runner which is gone left running. Call it before their folders are swept. */
export function endLeftovers(scratchRoot: string): void {
  for (const name of readdirSync(scratchRoot)) {
    let note: { pid: number; started: string | null; runner: number };
    try {
      note = JSON.parse(readFileSync(join(scratchRoot, name, NOTE), 'utf8'));
    } catch {
      continue;
    }
    const running = startTime(note.pid);
    if (running === null || running !== note.started || startTime(note.runner) !== null) continue;
    signalGroup(note.pid, 'SIGKILL');
  }
}
