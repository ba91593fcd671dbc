import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ArrayPlace, elementType, FLOAT32 } from './elements.ts';

/**
 * The arrays of a file: of NumPy's format by its header, of a `weights*.bin` by the `weights.json` beside it (a list of
 * `{ name, shape, offset }`, float32). null: it is no such file, or not one that can be read.
 */
export function arraysOf(path: string, begin: Buffer): readonly ArrayPlace[] | null {
  if (begin.toString('latin1', 0, 6) === '\x93NUMPY') return npyArrays(begin);
  const index = join(dirname(path), 'weights.json');
  if (!/(^|\/)weights[^/]*\.bin$/.test(path) || !existsSync(index)) return null;
  try {
    const entries = JSON.parse(readFileSync(index, 'utf8')) as Omit<ArrayPlace, 'type'>[];
    return entries.map(({ name, shape, offset }) => ({ name, shape, offset, type: FLOAT32 }));
  } catch {
    return null;
  }
}

/** NumPy's format: magic, version, length of the header, the header as a Python literal. */
function npyArrays(begin: Buffer): readonly ArrayPlace[] | null {
  if (begin.length < 12) return null;
  const long = begin[6]! > 1;
  const length = long ? begin.readUInt32LE(8) : begin.readUInt16LE(8);
  const offset = (long ? 12 : 10) + length;
  const header = begin.toString('latin1', long ? 12 : 10, offset);
  const type = elementType(/'descr':\s*'([^']*)'/.exec(header)?.[1] ?? '');
  const sides = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1];
  if (type === null || sides === undefined || /'fortran_order':\s*True/.test(header)) return null;
  const shape = sides.split(',').flatMap((side) => (side.trim() === '' ? [] : [Number(side)]));
  return [{ name: null, shape, offset, type }];
}
