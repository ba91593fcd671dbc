import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fail, type Result } from '../failure.ts';
import { freeze } from './freeze.ts';
import { type KeptAt, keep, kept } from './keep.ts';
import type { Choices, Pipeline } from './pipeline.ts';

/**
 * Reads a pipeline file: all that can be known without running anybody's code is checked, all problems come at once.
 * Fails with `usage` (no such file, profile or param) or `invalid-pipeline`.
 * @param options.keepIn a folder for what was read, so that the same file is not read again: YAML with its places is
 * the slowest part of a run that has nothing to do.
 */
export async function loadPipeline(
  file: string,
  choices: Choices = {},
  { keepIn }: { readonly keepIn?: string } = {},
): Promise<Result<Pipeline>> {
  const path = resolve(file);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return fail(unreadable(file, error as NodeJS.ErrnoException));
  }
  const at: KeptAt | null = keepIn === undefined ? null : { folder: keepIn, file: path, text, choices };
  const before = at && kept(at);
  if (before !== null) return { ok: true, value: freeze(before) };
  const { readPipeline } = await import('./read-pipeline.ts');
  const read = readPipeline(path, text, choices);
  if (!read.ok) return read;
  if (at !== null) keep(at, read.value);
  return { ok: true, value: freeze(read.value) };
}

function unreadable(file: string, { code, message }: NodeJS.ErrnoException) {
  const why: Readonly<Record<string, string>> = {
    ENOENT: `there is no file ${file}`,
    EISDIR: `${file} is a folder`,
    EACCES: `${file} may not be read`,
  };
  return {
    reason: 'usage' as const,
    message: why[code ?? ''] ?? `${file} can't be read: ${message}`,
    ...(code === 'ENOENT'
      ? { help: '`bloodline init DIR` makes a small pipeline; --file names another file' }
      : {}),
  };
}
