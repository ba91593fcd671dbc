import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A file or folder that cannot be hashed, or kept: where it is, and why not. */
export class Unusable extends Error {
  readonly path: string;
  constructor(path: string, message: string) {
    super(message);
    this.path = path;
  }
}

/**
 * The names in a folder. Throws `Unusable` for one that is not UTF-8, with its bytes: keys, trees and records hold names
 * as text, and another name that reads the same must never take its place.
 */
export function entryNames(folder: string): readonly string[] {
  const names = readdirSync(folder);
  // What cannot be read as UTF-8 comes as this letter, which may stand in a name too.
  if (names.some((name) => name.includes('\uFFFD')))
    for (const bytes of readdirSync(folder, { encoding: 'buffer' }))
      if (!bytes.equals(Buffer.from(bytes.toString('utf8'))))
        throw new Unusable(join(folder, escaped(bytes)), 'has a name that is not UTF-8: rename it');
  return names;
}

/** As a shell's $'…' takes it: `gr\xfcn.png`. */
const escaped = (bytes: Buffer): string =>
  bytes
    .toString('latin1')
    .replace(/[^ -~]|\\/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`);
