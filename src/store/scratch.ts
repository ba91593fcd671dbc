import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '../alive.ts';
import type { CacheKey } from '../digest.ts';
import { layout } from './layout.ts';
import { HOST, temporaryName } from './temporary.ts';

/**
 * Folders for executions, used again when they are empty: removing a folder takes milliseconds on some file systems
 * (2.5 on ext4 here, a hundred times a file), which is more than all else that a small stage costs us.
 */
export interface ScratchPool {
  /** A folder with nothing but an empty folder `outputs` in it, and perhaps a note of the process before. */
  take(): string;
  /** Empties a folder for the next. Not for one whose execution may still be writing to it. */
  giveBack(path: string): void;
  /** Removes the folders that wait to be used. */
  close(): void;
}

export function openScratchPool(root: string): ScratchPool {
  const free: string[] = [];
  return {
    take() {
      const again = free.pop();
      if (again !== undefined) return again;
      const path = temporaryName(root);
      mkdirSync(join(path, OUTPUTS), { recursive: true });
      return path;
    },
    giveBack(path) {
      for (const name of readdirSync(path)) {
        if (name !== OUTPUTS && name !== CHILD) rmSync(join(path, name), { recursive: true, force: true });
      }
      for (const name of readdirSync(join(path, OUTPUTS))) {
        rmSync(join(path, OUTPUTS, name), { recursive: true, force: true });
      }
      free.push(path);
    },
    close() {
      for (const path of free.splice(0)) rmSync(path, { recursive: true, force: true });
    },
  };
}

const OUTPUTS = 'outputs';

/** In a folder of `tmp/`: which process works there, or worked there last. */
export const CHILD = 'child.json';

/** Removes what processes of this machine that are gone left in `tmp/`. */
export function sweepScratch(root: string): void {
  for (const name of readdirSync(layout.tmp(root))) {
    const [host, pid] = name.split('-');
    if (host !== HOST || isAlive(Number(pid))) continue;
    rmSync(join(layout.tmp(root), name), { recursive: true, force: true });
  }
}

export function dropCheckpoints(root: string, key: CacheKey): void {
  const folder = layout.checkpoints(root, key);
  if (existsSync(folder)) rmSync(folder, { recursive: true, force: true });
}
