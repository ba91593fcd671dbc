import { closeSync, constants, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { layout } from '../store/layout.ts';
import { CHILD } from '../store/scratch.ts';
import { isRunning, startTime, us, type Who } from '../store/who.ts';
import { signalGroup } from './process-group.ts';
import { endOrphans } from './stage-processes.ts';

interface Note {
  readonly pid: number;
  readonly started: string | null;
  readonly runner: Who;
}

/**
 * Notes a stage's process beside what it works on, so that the next run can end it if this one is killed. Most are found
 * by their token; this is for programs that write over their own environment (to change their title, say).
 */
export function noteChild(scratch: string, pid: number): void {
  const note = JSON.stringify({ pid, started: startTime(pid), runner: us() } satisfies Note);
  // Over the note before and as long, in one write: a runner may be killed at any time, and half a note names nobody.
  const file = openSync(join(scratch, CHILD), constants.O_WRONLY | constants.O_CREAT);
  try {
    writeSync(file, note.padEnd(NOTE_BYTES));
  } finally {
    closeSync(file);
  }
}

/** Longer than a note. */
const NOTE_BYTES = 256;

/** Ends stages that a runner which is gone left running. Call it before their folders are swept. */
export function endLeftovers(root: string): void {
  for (const name of readdirSync(layout.tmp(root))) {
    let note: Note;
    try {
      note = JSON.parse(readFileSync(join(layout.tmp(root), name, CHILD), 'utf8'));
    } catch {
      continue;
    }
    if (note.started === null || isRunning(note.runner) !== false) continue;
    if (startTime(note.pid) === note.started) signalGroup(note.pid, 'SIGKILL');
  }
  endOrphans(root);
}
