import { hostname } from 'node:os';
import { join } from 'node:path';
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
