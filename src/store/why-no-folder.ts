import { accessSync, constants, existsSync, mkdtempSync, rmdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The error of the file system if a folder can't be made there, or not be written to; null if it can. Asked of the
 * nearest folder that is there: Node's mkdir of a whole path never returns on file systems such as /proc, which say "not
 * there" in place of "no".
 */
export function whyNoFolder(path: string): NodeJS.ErrnoException | null {
  let there = path;
  while (!existsSync(there)) there = dirname(there);
  try {
    if (!statSync(there).isDirectory()) throw trouble('ENOTDIR', `${there} is no folder`, there);
    accessSync(there, constants.W_OK | constants.X_OK);
    if (there === path) return null;
    // One folder tells whether there can be any; by a name of its own, for others may be making the real one.
    rmdirSync(mkdtempSync(join(there, '.bloodline-')));
    return null;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return code === 'ENOENT'
      ? trouble('EPERM', `folders can't be made in ${there}`, there)
      : (error as NodeJS.ErrnoException);
  }
}

const trouble = (code: string, message: string, path: string): NodeJS.ErrnoException =>
  Object.assign(new Error(message), { code, path });
