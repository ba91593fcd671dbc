import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fail, ok, type Result } from '../failure.ts';

export interface OwnFile {
  readonly path: string;
  readonly text: string;
}

/** Stands in each file that we put among others' files. */
export const MARK = 'Made by `bloodline schedule install`';

export const isOurs = (path: string): boolean =>
  existsSync(path) && readFileSync(path, 'utf8').includes(MARK);

/** Writes those that are not there as they are to be; which ones they were. A file of somebody else is left as it is. */
export function writeOwn(files: readonly OwnFile[]): Result<readonly string[]> {
  for (const { path } of files)
    if (existsSync(path) && !isOurs(path))
      return fail({
        reason: 'usage',
        message: `there is a file at ${path} that bloodline did not make`,
        help: 'move it away, or put what `bloodline schedule show` prints into it',
      });
  const changed = files.filter(({ path, text }) => !existsSync(path) || readFileSync(path, 'utf8') !== text);
  for (const { path, text } of changed) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return ok(changed.map(({ path }) => path));
}

/** Removes those of them that are ours; which ones they were. */
export function removeOwn(paths: readonly string[]): readonly string[] {
  const ours = paths.filter(isOurs);
  for (const path of ours) rmSync(path);
  return ours;
}
