import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StageError } from 'bloodline-ml/stage';
import type { Reference } from './familiarity.ts';

/** `use.json`: what `predict` needs beside the model, all of it chosen on validation. */
export interface Use {
  /** Raised when the meaning of this file changes. */
  readonly format: 1;
  readonly temperature: number;
  /** Below this calibrated confidence the answer is "not sure"; null: validation gave none. */
  readonly sure: {
    readonly threshold: number;
    /** Shares answered and wrong among the answered, on validation and on the test part. */
    readonly validation: { readonly coverage: number; readonly risk: number };
    readonly test: { readonly coverage: number; readonly risk: number };
  } | null;
  /** Beyond this distance from the training cells a picture is unlike them; null: validation gave none. */
  readonly unlike: {
    readonly threshold: number;
    /** Shares of validation and test cells that lie beyond it, though they are of the same kind. */
    readonly validation: number;
    readonly test: number;
    /** Of `reference.bin`: numbers in a row. */
    readonly width: number;
  } | null;
}

/** Writes `use.json` and `reference.bin` (float32, little-endian, a row a training cell). */
export function writeUse(folder: string, use: Use, reference: Reference | null): void {
  writeFileSync(join(folder, 'use.json'), `${JSON.stringify(use, null, 2)}\n`);
  if (reference !== null)
    writeFileSync(
      join(folder, 'reference.bin'),
      new Uint8Array(reference.rows.buffer, reference.rows.byteOffset, reference.rows.byteLength),
    );
}

/** Null where the folder holds none. Throws a StageError where it holds what another version wrote. */
export function readUse(folder: string): { use: Use; reference: Reference | null } | null {
  const file = join(folder, 'use.json');
  if (!existsSync(file)) return null;
  const refuse = (message: string): never => {
    throw new StageError(message, 'Evaluate the model again with this version of bloodline.');
  };
  let use: Use;
  try {
    use = JSON.parse(readFileSync(file, 'utf8')) as Use;
  } catch (error) {
    return refuse(`${file} cannot be read: ${(error as Error).message}.`);
  }
  if (use.format !== 1) refuse(`${file} is of format ${use.format}; this program reads format 1.`);
  if (use.unlike === null) return { use, reference: null };
  const bytes = readFileSync(join(folder, 'reference.bin'));
  const rows = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  if (rows.length === 0 || rows.length % use.unlike.width !== 0)
    refuse(`reference.bin holds ${rows.length} numbers, no whole rows of ${use.unlike.width}.`);
  return { use, reference: { width: use.unlike.width, rows } };
}
