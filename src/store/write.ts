import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { sha256 } from '../digest.ts';
import { layout } from './layout.ts';

let count = 0;

/** This machine, short: a store may be shared by several, whose process ids mean different processes. */
export const HOST = sha256<'host'>(hostname()).slice(0, 8);

/** A name under `tmp/` that nobody else uses: host and process id say whose it was after a crash. */
export function temporaryName(root: string): string {
  count += 1;
  return join(layout.tmp(root), `${HOST}-${process.pid}-${Date.now().toString(36)}-${count}`);
}

/** Writes a whole file beside its place and renames it there: nobody ever sees half of it. */
export function writeWhole(root: string, path: string, text: string | Uint8Array): void {
  const temporary = temporaryName(root);
  mkdirSync(dirname(temporary), { recursive: true });
  try {
    writeFileSync(temporary, text);
    moveInto(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** `rename` that makes the folder it goes to when that is missing, which is rare. */
export function moveInto(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    mkdirSync(dirname(to), { recursive: true });
    renameSync(from, to);
  }
}

/** For what is only remembered to save time: a full or read-only disk costs the time, and is no failure. */
export function bestEffort(write: () => void): void {
  try {
    write();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
}
