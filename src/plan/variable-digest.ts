import { scryptSync } from 'node:crypto';
import type { Sha256 } from '../digest.ts';

/** 16 MiB of memory and some 40 ms a guess (what RFC 7914 advises where somebody waits). */
const COST = { N: 16_384, r: 8, p: 1 };

const known = new Map<string, Sha256<'variable'>>();

/**
 * What a record may hold of an environment variable, whose value may be a short secret: scrypt of the value, salted with
 * the variable's name. Records go to other clones by shared stores and archives and must mean the same there, so no
 * secret key goes in; the slowness is what guards the value from being guessed. Once a process for each value.
 */
export function variableDigest(name: string, value: string): Sha256<'variable'> {
  const both = `${name}=${value}`;
  let digest = known.get(both);
  if (digest === undefined) {
    digest = scryptSync(value, `bloodline variable ${name}`, 32, COST).toString('hex') as Sha256<'variable'>;
    known.set(both, digest);
  }
  return digest;
}
