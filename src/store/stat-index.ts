import { appendFileSync, mkdirSync, readFileSync, renameSync, type Stats, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { BlobDigest } from '../digest.ts';
import { hashFile } from './hash-file.ts';

/** name, digest, size, mtime, ctime, inode, time of the look that is recorded (ms since 1970). */
type Row = readonly [string, BlobDigest, number, number, number, number, number];

/** How coarse a file system's clock may be: a file written this short before we looked may be written again unseen. */
const RACY_MS = 50;
/** A file that old is believed. */
export const SETTLED_MS = RACY_MS + 10;

/**
 * Remembers which digest a file had when its size, mtime, ctime and inode were last seen, so that a file that did
 * not change is not read again. Names are absolute paths for users' files and `blob:<digest>` for files of the
 * store, whose hard links all share one inode. As in git, a row is believed only if the file was already older than
 * the clock is coarse when it was read.
 *
 * On disk one JSON array a line, appended by every process; the last line of a name counts. A broken line costs a
 * rehash and nothing else.
 */
export interface StatIndex {
  /** The digest, if the file is known to be unchanged. */
  lookup(name: string, stats: Stats): BlobDigest | null;
  /** The digest, read from the file if it is not known. */
  digest(name: string, path: string, stats: Stats): Promise<BlobDigest>;
  /** Records that a file which looks like `stats` just now holds these bytes. */
  remember(name: string, digest: BlobDigest, stats: Stats): void;
  forget(name: string): void;
  /** Writes what is new. Cheap when nothing is. */
  save(): void;
}

export function openStatIndex(file: string, isGone: (name: string) => boolean): StatIndex {
  const { rows, lines } = read(file);
  let fresh = new Map<string, Row | null>();
  let known = lines;

  const index: StatIndex = {
    lookup(name, stats) {
      const row = rows.get(name);
      if (row === undefined) return null;
      const [, digest, size, mtime, ctime, inode, seen] = row;
      const same =
        size === stats.size && mtime === stats.mtimeMs && ctime === stats.ctimeMs && inode === stats.ino;
      return same && mtime < seen - RACY_MS ? digest : null;
    },
    async digest(name, path, stats) {
      const before = index.lookup(name, stats);
      if (before !== null) return before;
      const seen = Date.now();
      const digest = await hashFile(path, stats.size);
      remember(name, digest, stats, seen);
      return digest;
    },
    remember: (name, digest, stats) => remember(name, digest, stats, Date.now()),
    forget(name) {
      if (rows.delete(name)) fresh.set(name, null);
    },
    save() {
      if (fresh.size === 0) return;
      const added = [...fresh].map(([name, row]) => `\n${JSON.stringify(row ?? [name])}`);
      mkdirSync(dirname(file), { recursive: true });
      if (known + added.length > 2 * rows.size + 1000) {
        for (const name of rows.keys()) if (isGone(name)) rows.delete(name);
        const whole = `${file}.${process.pid}`;
        writeFileSync(whole, [...rows.values()].map((row) => `\n${JSON.stringify(row)}`).join(''));
        renameSync(whole, file);
        known = rows.size;
      } else {
        appendFileSync(file, added.join(''));
        known += added.length;
      }
      fresh = new Map();
    },
  };

  function remember(name: string, digest: BlobDigest, stats: Stats, seen: number): void {
    const row: Row = [name, digest, stats.size, stats.mtimeMs, stats.ctimeMs, stats.ino, seen];
    rows.set(name, row);
    fresh.set(name, row);
  }

  return index;
}

function read(file: string): { rows: Map<string, Row>; lines: number } {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return { rows: new Map(), lines: 0 };
  }
  const lines = text.split('\n').filter((line) => line !== '');
  const rows = new Map<string, Row>();
  for (const row of parseLines(lines)) {
    if (!Array.isArray(row) || typeof row[0] !== 'string') continue;
    if (row.length === 7) rows.set(row[0], row as unknown as Row);
    else rows.delete(row[0]);
  }
  return { rows, lines: lines.length };
}

/** All lines in one parse, which is much faster; one by one only where a line is broken. */
function parseLines(lines: readonly string[]): unknown[] {
  try {
    return JSON.parse(`[${lines.join(',')}]`);
  } catch {
    return lines.flatMap((line) => {
      try {
        return [JSON.parse(line)];
      } catch {
        return [];
      }
    });
  }
}
