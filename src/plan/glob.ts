import { type Dirent, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { entryNames, Unusable } from '../store/entry-names.ts';

/** A file that a glob names: its path as it is written in keys (relative, `/`), and where it lies. */
export interface Match {
  readonly name: string;
  readonly path: string;
}

/**
 * Files below `root` that a glob names, in code-unit order: `*` and `?` within a name, `**` over folders, `[ab]`, `{a,b}`.
 * A name without any of these is one stat and no search. Hidden files and `node_modules` are found only where they are
 * written out; a folder that is named stands for all its files. Throws `Unusable` where a folder that is searched has a
 * name that is not UTF-8, which nothing could be said of.
 */
export function matchFiles(root: string, glob: string): readonly Match[] {
  const found = new Map<string, string>();
  for (const plain of braces(glob)) {
    const segments = plain.split('/').filter((segment) => segment !== '' && segment !== '.');
    search(root, segments, plain.startsWith('/') ? '/' : '', found);
  }
  return [...found].map(([name, path]) => ({ name, path })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function search(root: string, segments: readonly string[], name: string, found: Map<string, string>): void {
  const path = name.startsWith('/') ? name : join(root, name);
  const [first, ...rest] = segments;
  const below = (child: string) =>
    name === '' || name.endsWith('/') ? `${name}${child}` : `${name}/${child}`;
  if (first === undefined) {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isFile()) found.set(name, path);
    else if (stats?.isDirectory() && name !== '') search(root, ['**', '*'], name, found);
    return;
  }
  if (first !== '**' && !/[*?[]/.test(first)) {
    search(root, rest, below(first), found);
    return;
  }
  const pattern = first === '**' ? null : expression(first);
  if (pattern === null) search(root, rest, name, found);
  for (const entry of entries(path)) {
    if (entry.name.startsWith('.') && !first.startsWith('.')) continue;
    if (entry.name === 'node_modules') continue;
    const folder = entry.isDirectory() || (entry.isSymbolicLink() && isFolder(join(path, entry.name)));
    // Links to folders are not gone through by `**`, or a circle of them would have no end.
    if (pattern === null) {
      if (entry.isDirectory()) search(root, segments, below(entry.name), found);
    } else if (pattern.test(entry.name) && (rest.length > 0 ? folder : !folder)) {
      search(root, rest, below(entry.name), found);
    }
  }
}

function entries(path: string): readonly Dirent[] {
  try {
    const found = readdirSync(path, { withFileTypes: true });
    if (found.some(({ name }) => name.includes('\uFFFD'))) entryNames(path);
    return found;
  } catch (error) {
    if (error instanceof Unusable) throw error;
    return [];
  }
}

const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

function expression(segment: string): RegExp {
  const source = segment.replace(/\[(!?)([^\]]+)\]|[*?]|[\\^$.|+(){}[\]]/g, (token, not, set) => {
    if (set !== undefined) return `[${not === '!' ? '^' : ''}${String(set).replace(/[\\\]^]/g, '\\$&')}]`;
    if (token === '*') return '.*';
    if (token === '?') return '.';
    return `\\${token}`;
  });
  return new RegExp(`^${source}$`, 's');
}

/** `a.{js,ts}` → `a.js`, `a.ts`. */
function braces(glob: string): readonly string[] {
  const match = /\{([^{}]*,[^{}]*)\}/.exec(glob);
  if (match === null) return [glob];
  return match[1]!
    .split(',')
    .flatMap((choice) =>
      braces(`${glob.slice(0, match.index)}${choice}${glob.slice(match.index + match[0].length)}`),
    );
}
