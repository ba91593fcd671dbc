import { closeSync, openSync, writeSync } from 'node:fs';
import { bestEffort } from '../store/write.ts';

/** How much of a stage's output is kept: the first part on disk, the last lines in memory. */
const KEPT_BYTES = 4 << 20;
const TAIL_LINES = 20;
const LINE_BYTES = 4096;
const TAIL_BYTES = TAIL_LINES * LINE_BYTES;

/**
 * A stage's stdout and stderr, bounded: a stage that floods its output costs neither disk nor memory. One that says
 * nothing leaves no file.
 */
export interface LogFile {
  write(chunk: Buffer): void;
  /** The last lines, the newest last. */
  tail(): readonly string[];
  close(): void;
}

export function openLogFile(path: string): LogFile {
  let file: number | null = null;
  let left = KEPT_BYTES;
  let last: Buffer = Buffer.alloc(0);
  return {
    write(chunk) {
      if (left > 0) {
        // A full disk ends the log, not the stage: the last lines are in memory.
        bestEffort(() => {
          file ??= openSync(path, 'w');
          writeSync(file, chunk, 0, whole(chunk, left));
          if (left <= chunk.length) writeSync(file, '\n[the rest is left out: over 4 MiB]\n');
        });
        left -= chunk.length;
      }
      last = Buffer.concat([last, chunk.subarray(-TAIL_BYTES)]).subarray(-TAIL_BYTES);
    },
    tail: () =>
      last
        .subarray(last.length < TAIL_BYTES ? 0 : nextLetter(last, 0))
        .toString('utf8')
        .split(/\r?\n/)
        .filter((line) => line.trim() !== '')
        .slice(-TAIL_LINES)
        .map((line) => line.slice(0, LINE_BYTES)),
    close() {
      if (file !== null) closeSync(file);
    },
  };
}

/** The first place from `at` on where a letter begins, in UTF-8. */
function nextLetter(bytes: Buffer, at: number): number {
  let place = at;
  while (place < bytes.length && (bytes[place]! & 0xc0) === 0x80) place++;
  return place;
}

/** How many bytes of a chunk are written, at most `most` and the end of the letter that is cut there. */
const whole = (chunk: Buffer, most: number): number =>
  most >= chunk.length ? chunk.length : nextLetter(chunk, most);
