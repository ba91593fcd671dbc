import { appendFileSync, mkdirSync, readFileSync, renameSync, type Stats, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as timer } from 'node:timers/promises';
import type { BlobDigest } from '../digest.ts';
import { bootId } from './boot.ts';
import { hashFile } from './hash-file.ts';

/** name, digest, size, mtime, ctime, inode, time of the look that is recorded (ms since 1970). */
type Row = readonly [string, BlobDigest, number, number, number, number, number];

/** How coarse a file system's clock may be: a file written this short before we looked may be written again unseen. */
const RACY_MS = 50;
/** Of one that has whole seconds only, or every second of them (FAT, old ext3 and HFS+). */
const COARSE_RACY_MS = 2050;
/** After so long what was written is on the disk: Linux writes it there after half a minute. */
const WRITTEN_BACK_MS = 120_000;
/** A file that old is believed. */
export const SETTLED_MS = RACY_MS + 10;

/**
 * Waits until a file written then is old enough to be believed unchanged: written this moment it would not be, and all of
 * it read again.
 */
export async function untilSettled(mtimeMs: number): Promise<void> {
  await timer(Math.max(0, mtimeMs + SETTLED_MS - Date.now()));
}

/**
 * Remembers which digest a file had when its size, mtime, ctime and inode were last seen, so that a file that did
 * not change is not read again. Names are absolute paths for users' files and `blob:<digest>` for files of the
 * store, whose hard links all share one inode. As in git, a row is believed only if the file was already older than
 * the clock is coarse when it was read.
 *
 * On disk one JSON array a line, appended by every process; the last line of a name counts. A broken line costs a
 * rehash and nothing else. A line with the name of the machine's session stands before the rows of that session: if it
 * ended with a power loss, a file written shortly before may look as it did and hold other bytes, so rows of a session's
 * last minutes count only in it.
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
  /** Leaves out what is of files that are gone, and writes the rest anew. */
  prune(): void;
}

export function openStatIndex(file: string, isGone: (name: string) => boolean): StatIndex {
  const boot = bootId();
  const { rows, lines } = read(file, boot);
  let fresh = new Map<string, Row | null>();
  let known = lines;
  let isNamed = boot === null;
  const session = `\n${JSON.stringify([BOOT, boot])}`;

  const index: StatIndex = {
    lookup(name, stats) {
      const row = rows.get(name);
      if (row === undefined) return null;
      const [, digest, size, mtime, ctime, inode, seen] = row;
      const same =
        size === stats.size && mtime === stats.mtimeMs && ctime === stats.ctimeMs && inode === stats.ino;
      return same && isSettled(mtime, ctime, seen) ? digest : null;
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
      if (known + added.length > 2 * rows.size + 1000) return index.prune();
      appendFileSync(file, (isNamed ? '' : session) + added.join(''));
      known += added.length;
      isNamed = true;
      fresh = new Map();
    },
    prune() {
      for (const name of rows.keys()) if (isGone(name)) rows.delete(name);
      const whole = `${file}.${process.pid}`;
      writeFileSync(whole, session + [...rows.values()].map((row) => `\n${JSON.stringify(row)}`).join(''));
      renameSync(whole, file);
      known = rows.size;
      isNamed = true;
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

/** Whether a change after the look would show: no tick of the clock that it was written in was still going on. */
function isSettled(mtime: number, ctime: number, seen: number): boolean {
  const tick = mtime % 1000 === 0 && ctime % 1000 === 0 ? COARSE_RACY_MS : RACY_MS;
  // A change sets the mtime to now: one far ahead of the clock tells it as well as an old one.
  return ctime < seen - tick && Math.abs(seen - mtime) > tick;
}

const BOOT = 'boot';

function read(file: string, boot: string | null): { rows: Map<string, Row>; lines: number } {
  const rows = new Map<string, Row>();
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return { rows, lines: 0 };
  }
  const lines = text.split('\n').filter((line) => line !== '');
  let lastBoot: string | null = null;
  let session: Row[] = [];
  const endSession = (): void => {
    if (lastBoot === boot) return;
    const end = session.reduce((latest, [, , , , , , seen]) => Math.max(latest, seen), 0);
    for (const row of session)
      if (row[6] > end - WRITTEN_BACK_MS && rows.get(row[0]) === row) rows.delete(row[0]);
  };
  for (const row of parseLines(lines)) {
    if (!Array.isArray(row) || typeof row[0] !== 'string') continue;
    if (row[0] === BOOT) {
      if (row[1] === lastBoot) continue;
      endSession();
      session = [];
      lastBoot = row[1];
    } else if (row.length === 7) {
      rows.set(row[0], row as unknown as Row);
      if (lastBoot !== boot) session.push(row as unknown as Row);
    } else rows.delete(row[0]);
  }
  endSession();
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
