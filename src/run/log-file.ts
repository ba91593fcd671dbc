import { closeSync, openSync, writeSync } from 'node:fs';
import { bestEffort } from '../store/write.ts';

/** How much of a stage's output is kept: the first part on disk, the last lines in memory. */
const KEPT_BYTES = 4 << 20;
const TAIL_LINES = 20;
const LINE_BYTES = 4096;

/** A stage's stdout and stderr, bounded: a stage that floods its output costs neither disk nor memory. */
export interface LogFile {
  write(chunk: Buffer): void;
  /** The last lines, the newest last. */
  tail(): readonly string[];
  close(): void;
}

export function openLogFile(path: string): LogFile {
  const file = openSync(path, 'w');
  let left = KEPT_BYTES;
  let last = '';
  return {
    write(chunk) {
      if (left > 0) {
        // A full disk ends the log, not the stage: the last lines are in memory.
        bestEffort(() => {
          writeSync(file, chunk, 0, Math.min(left, chunk.length));
          if (left <= chunk.length) writeSync(file, '\n[the rest is left out: over 4 MiB]\n');
        });
        left -= chunk.length;
      }
      const newest = chunk.subarray(-TAIL_LINES * LINE_BYTES).toString('utf8');
      last = (last + newest).slice(-TAIL_LINES * LINE_BYTES);
    },
    tail: () =>
      last
        .split(/\r?\n/)
        .filter((line) => line.trim() !== '')
        .slice(-TAIL_LINES)
        .map((line) => line.slice(0, LINE_BYTES)),
    close: () => closeSync(file),
  };
}
