import { readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { nearest } from './suggest.ts';

/** TypeScript and JavaScript files beside the one that a path names, as it would name them. */
export function siblings(root: string, file: string): readonly string[] {
  const folder = dirname(file);
  try {
    return readdirSync(resolve(root, folder))
      .filter((name) => /\.[cm]?[jt]s$/.test(name))
      .sort()
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** The file that a path with a slip in its last part most likely means. */
export function nearestFile(root: string, file: string): string | null {
  const known = siblings(root, file);
  const near = nearest(
    basename(file),
    known.map((each) => basename(each)),
  );
  return known.find((each) => basename(each) === near) ?? null;
}
