import { isUtf8 } from 'node:buffer';
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import type { Json } from '../json.ts';
import { arraysOf } from './array-layout.ts';
import { elementAt } from './elements.ts';
import { jsonDifference } from './json-difference.ts';

/** Where two files differ first. */
export type FileDifference =
  | {
      readonly what: 'array';
      /** null: the file has one array, without a name. */
      readonly array: string | null;
      readonly index: readonly number[];
      readonly was: number | string;
      readonly is: number | string;
    }
  | { readonly what: 'json'; readonly path: string; readonly was: Json; readonly is: Json }
  | { readonly what: 'line'; readonly line: number; readonly was: string; readonly is: string }
  | {
      readonly what: 'byte';
      readonly byte: number;
      readonly was: number | null;
      readonly is: number | null;
    };

/** Texts longer than this are compared by bytes. */
const LONGEST_TEXT = 64e6;

/** null: they have the same bytes. */
export function fileDifference(was: string, is: string): FileDifference | null {
  const files = [openSync(was, 'r'), openSync(is, 'r')] as const;
  try {
    const byte = firstOtherByte(...files);
    if (byte === null) return null;
    return (
      arrayDifference(files, [was, is], byte) ??
      textDifference(was, is, fstatSync(files[0]).size) ?? {
        what: 'byte',
        byte,
        was: byteAt(files[0], byte),
        is: byteAt(files[1], byte),
      }
    );
  } finally {
    for (const file of files) closeSync(file);
  }
}

/** Where two open files differ first, or one of them ends. */
function firstOtherByte(was: number, is: number): number | null {
  const [a, b] = [Buffer.alloc(1 << 20), Buffer.alloc(1 << 20)];
  for (let at = 0; ; at += a.length) {
    const [left, right] = [readSync(was, a, 0, a.length, at), readSync(is, b, 0, b.length, at)];
    const both = Math.min(left, right);
    if (!a.subarray(0, both).equals(b.subarray(0, both)))
      for (let i = 0; i < both; i++) if (a[i] !== b[i]) return at + i;
    if (left !== right) return at + both;
    if (both < a.length) return null;
  }
}

function byteAt(file: number, at: number): number | null {
  const one = Buffer.alloc(1);
  return readSync(file, one, 0, 1, at) === 1 ? one[0]! : null;
}

function arrayDifference(
  files: readonly [number, number],
  paths: readonly [string, string],
  byte: number,
): FileDifference | null {
  const begins = files.map((file) => {
    const begin = Buffer.alloc(4096);
    return begin.subarray(0, readSync(file, begin, 0, begin.length, 0));
  }) as [Buffer, Buffer];
  const [was, is] = [arraysOf(paths[0], begins[0]), arraysOf(paths[1], begins[1])];
  // Arrays of other names or shapes: their index, or the header, says so by itself.
  if (was === null || JSON.stringify(was) !== JSON.stringify(is)) return null;
  const found = elementAt(was, byte);
  if (found === null) return null;
  const { array, index, at } = found;
  const values = files.map((file) => {
    const bytes = Buffer.alloc(array.type.bytes);
    if (readSync(file, bytes, 0, bytes.length, at) < bytes.length) return 'the file ends';
    return array.type.read(new DataView(bytes.buffer, bytes.byteOffset, bytes.length));
  }) as [number | string, number | string];
  return { what: 'array', array: array.name, index, was: values[0], is: values[1] };
}

/** By what is in them, since an artifact that is a file has no name. */
function textDifference(was: string, is: string, bytes: number): FileDifference | null {
  if (bytes > LONGEST_TEXT) return null;
  const [left, right] = [readFileSync(was), readFileSync(is)];
  if (!isUtf8(left) || !isUtf8(right) || left.includes(0) || right.includes(0)) return null;
  const [before, after] = [left.toString(), right.toString()];
  if (/^\s*[[{]/.test(before)) {
    try {
      const found = jsonDifference(JSON.parse(before) as Json, JSON.parse(after) as Json);
      if (found !== null)
        return { what: 'json', path: found.path, was: found.was ?? null, is: found.is ?? null };
    } catch {
      // No JSON after all: a text.
    }
  }
  const [lines, others] = [before.split('\n'), after.split('\n')];
  for (let line = 0; line < Math.max(lines.length, others.length); line++)
    if (lines[line] !== others[line])
      return { what: 'line', line: line + 1, was: lines[line] ?? '', is: others[line] ?? '' };
  return null;
}
