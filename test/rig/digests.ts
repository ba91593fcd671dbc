import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { CHECKOUT } from './front-door.ts';

/** A line for each artifact of a store: two that hold the same bytes give the same text. */
export const digestsOf = (store: string): string =>
  execFileSync(process.execPath, [join(CHECKOUT, 'test/rig/digests.mjs'), store], { encoding: 'utf8' });
