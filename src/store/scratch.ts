import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { CacheKey } from '../digest.ts';
import { layout } from './layout.ts';
import { HOST } from './temporary.ts';

/** Removes what processes of this machine that are gone left in `tmp/`. */
export function sweepScratch(root: string): void {
  for (const name of readdirSync(layout.tmp(root))) {
    const [host, pid] = name.split('-');
    if (host !== HOST || isAlive(Number(pid))) continue;
    rmSync(join(layout.tmp(root), name), { recursive: true, force: true });
  }
}

export function dropCheckpoints(root: string, key: CacheKey): void {
  rmSync(layout.checkpoints(root, key), { recursive: true, force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
