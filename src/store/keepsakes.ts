import { readFileSync } from 'node:fs';
import { basename, isAbsolute, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CodeDigest } from '../digest.ts';
import { seal, unseal } from '../sealed.ts';
import type { StageDescription } from '../stage/description.ts';
import { layout } from './layout.ts';
import { writeWhole } from './write.ts';

/** What a stage's file said of itself, by the digest of its source bundle. */
export function readDescription(root: string, source: CodeDigest): StageDescription | null {
  return readSealed<StageDescription>(layout.description(root, source));
}

export function writeDescription(root: string, source: CodeDigest, description: StageDescription): void {
  writeSealed(root, layout.description(root, source), description);
}

/**
 * The folder in which the bundles of a project lie in `code/`: the store, where that is inside the project, for its
 * packages are found from there.
 */
export function codeHome(root: string, project: string): string {
  const inside = relative(project, root);
  const near = inside !== '' && !inside.startsWith('..') && !isAbsolute(inside);
  // Not below node_modules: there a project's own name, by which our stages import the contract, is not found.
  return near ? root : join(project, 'artifacts');
}

/**
 * Path of a bundle that Node can run: inside the project, because Node looks for packages upwards from the file that
 * imports them, and a store elsewhere has no `node_modules` above it. With a source map, traces under
 * `--enable-source-maps` point into the files that people wrote; the map's own paths are relative to the project.
 */
export function placeCode(
  root: string,
  project: string,
  { code, text, map }: { code: CodeDigest; text: string; map: string | undefined },
): string {
  const home = codeHome(root, project);
  const folder = join(home, 'code');
  const path = join(folder, `${code}.mjs`);
  const put = (file: string, content: string) => {
    if (readText(file) !== content) writeWhole(home, file, content);
  };
  if (map === undefined) {
    put(path, text);
    return path;
  }
  put(`${path}.map`, JSON.stringify({ ...JSON.parse(map), sourceRoot: pathToFileURL(`${project}/`).href }));
  put(path, `${text}//# sourceMappingURL=${code}.mjs.map\n`);
  return path;
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** `null`: missing, or not as it was written there, which is the same to a cache. */
export function readSealed<T>(path: string): T | null {
  const text = readText(path);
  return text === null ? null : unseal<T>(basename(path), text);
}

export const writeSealed = (root: string, path: string, value: object): void =>
  writeWhole(root, path, seal(basename(path), value));

/** `null`: missing or no JSON, which is the same to a cache. */
export function readJson<T>(path: string): T | null {
  const text = readText(path);
  if (text === null) return null;
  try {
    return JSON.parse(text) as T;
  } catch {
    return null;
  }
}
