import {
  appendFileSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { setAside } from './set-aside.ts';
import { temporaryName } from './temporary.ts';

/** Writes a whole file beside its place and renames it there: nobody ever sees half of it. */
export function writeWhole(
  root: string,
  path: string,
  text: string | Uint8Array,
  { flush = false }: { readonly flush?: boolean } = {},
): void {
  const temporary = temporaryName(root);
  mkdirSync(dirname(temporary), { recursive: true });
  try {
    writeFileSync(temporary, text, { flush });
    clearing(root, path, () => moveInto(temporary, path));
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/**
 * Like `writeWhole`, and on the disk when it returns: for what nobody can make again. Some milliseconds; a power loss
 * leaves what was there before, or this.
 */
export function writeDurably(root: string, path: string, text: string): void {
  writeWhole(root, path, text, { flush: true });
  const folder = openSync(dirname(path), 'r');
  fsyncSync(folder);
  closeSync(folder);
}

/**
 * Adds a line to a list, in one write, so that lines of several processes do not mix. The line break comes first: it
 * also ends a line that was cut short.
 */
export function appendLine(root: string, path: string, line: string): void {
  mkdirSync(dirname(path), { recursive: true });
  clearing(root, path, () => appendFileSync(path, `\n${line}`));
}

/** A folder where a file should be is damage like any other. */
function clearing(root: string, path: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EISDIR') throw error;
    setAside(root, path);
    write();
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
