import { readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type FileDifference, fileDifference } from './file-difference.ts';

/** A file of an artifact that is not the same in two executions; `file` is '' where the artifact is a file itself. */
export type ArtifactDifference = { readonly file: string } & (
  | { readonly what: 'gone' }
  | { readonly what: 'new' }
  | FileDifference
);

/** All files that differ between two artifacts, in the order of their names, each with the first place in it. */
export function artifactDifferences(was: string, is: string): readonly ArtifactDifference[] {
  const [left, right] = [filesBelow(was), filesBelow(is)];
  const names = [...new Set([...left, ...right])].sort(byCodeUnit);
  const found: ArtifactDifference[] = [];
  for (const file of names) {
    if (!right.has(file)) found.push({ file, what: 'gone' });
    else if (!left.has(file)) found.push({ file, what: 'new' });
    else {
      const difference = fileDifference(join(was, file), join(is, file));
      if (difference !== null) found.push({ file, ...difference });
    }
  }
  return found;
}

/** Paths of the files below a folder; '' alone for a file. Folders count, with a slash at their end. */
function filesBelow(root: string): ReadonlySet<string> {
  if (!statSync(root).isDirectory()) return new Set(['']);
  return new Set(
    readdirSync(root, { recursive: true, withFileTypes: true }).flatMap((entry) => {
      const path = relative(root, join(entry.parentPath, entry.name));
      if (!entry.isDirectory()) return [path];
      return readdirSync(join(root, path)).length === 0 ? [`${path}/`] : [];
    }),
  );
}

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
