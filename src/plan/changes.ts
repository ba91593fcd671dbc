import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from '../json.ts';
import { canonicalJson } from '../json.ts';
import { codeHome } from '../store/keepsakes.ts';
import { type Listing, listingOf } from '../store/listing.ts';
import type { InputDigest, KeyParts } from '../store/record.ts';

/** One thing in which two keys differ. Values are as people read them; `null`: not there. */
export interface Change {
  readonly part:
    | 'code'
    | 'module'
    | 'package'
    | 'protocol'
    | 'param'
    | 'input'
    | 'seed'
    | 'outputs'
    | 'environment';
  /** A path in the params, the name of an input, a file of a command, a package … */
  readonly name: string;
  readonly from: string | null;
  readonly to: string | null;
  /** What it comes to: files of a folder, lines of code. */
  readonly lines: readonly string[];
}

const MOST_FILES = 20;
const MOST_LINES = 6;
const LONGEST = 160;

/**
 * In what two keys differ, part by part, with what can be found of it in the store.
 * @param project the pipeline's root
 * @param texts code that is at hand and not in the store yet, by digest.
 * @param listings the same of folders of the user
 */
export function changes(
  { root, project }: { readonly root: string; readonly project: string },
  from: KeyParts,
  to: KeyParts,
  texts: Readonly<Record<string, string>> = {},
  listings: Readonly<Record<string, Listing>> = {},
): readonly Change[] {
  const found: Change[] = [];
  const add = (
    part: Change['part'],
    name: string,
    a: string | null,
    b: string | null,
    lines: readonly string[] = [],
  ) => {
    if (a !== b || lines.length > 0) found.push({ part, name, from: a, to: b, lines });
  };
  const home = codeHome(root, project);
  const codeLines = (a: string, b: string) => textChanges(codeOf(home, a, texts), codeOf(home, b, texts));
  const [old, now] = [from.program, to.program];
  if (old.kind === 'module' && now.kind === 'module') {
    if (old.code !== now.code)
      add(
        'code',
        'its file and what that imports',
        short(old.code),
        short(now.code),
        codeLines(old.code, now.code),
      );
  } else if (old.kind === 'command' && now.kind === 'command') {
    add('code', 'command', canonicalJson(old.command), canonicalJson(now.command));
    for (const name of names(old.sources, now.sources))
      add('code', name, shortOrNull(old.sources[name]), shortOrNull(now.sources[name]));
  } else add('code', 'program', old.kind, now.kind);
  for (const name of names(from.modules, to.modules)) {
    const [a, b] = [from.modules[name], to.modules[name]];
    if (a !== b) add('module', name, shortOrNull(a), shortOrNull(b), a && b ? codeLines(a, b) : []);
  }
  for (const name of names(from.packages, to.packages))
    if (from.packages[name] !== to.packages[name])
      add('package', name, ...versions(from.packages[name], to.packages[name]));
  add('protocol', 'stage contract', String(from.protocol), String(to.protocol));
  for (const [path, a, b] of valueChanges(from.params, to.params, '')) add('param', path, a, b);
  for (const name of names(from.inputs, to.inputs)) {
    const [a, b] = [from.inputs[name], to.inputs[name]];
    if (canonicalJson(a ?? null) === canonicalJson(b ?? null)) continue;
    add('input', name, inputText(a), inputText(b), inputLines(root, a, b, listings));
  }
  add(
    'seed',
    'seed',
    from.seed === null ? null : String(from.seed),
    to.seed === null ? null : String(to.seed),
  );
  add('outputs', 'outputs', from.outputs.join(', '), to.outputs.join(', '));
  // Digests of values, which may be secrets.
  for (const name of names(from.env, to.env))
    add('environment', name, shortOrNull(from.env[name]), shortOrNull(to.env[name]));
  return found;
}

const names = (a: object, b: object): readonly string[] =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
const short = (digest: string): string => digest.slice(0, 12);
const shortOrNull = (digest: string | null | undefined): string | null => (digest ? short(digest) : null);

/** The version alone where that tells them apart. */
function versions(a: string | undefined, b: string | undefined): [string | null, string | null] {
  const version = (text: string | undefined) => text?.split(' ')[0] ?? null;
  return version(a) === version(b)
    ? [a?.slice(0, 40) ?? null, b?.slice(0, 40) ?? null]
    : [version(a), version(b)];
}

function* valueChanges(
  a: Json | undefined,
  b: Json | undefined,
  path: string,
): Generator<[string, string | null, string | null]> {
  const isMap = (value: Json | undefined): value is { readonly [name: string]: Json } =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  if (isMap(a) && isMap(b)) {
    for (const name of names(a, b))
      yield* valueChanges(a[name], b[name], path === '' ? name : `${path}.${name}`);
    return;
  }
  const text = (value: Json | undefined) => (value === undefined ? null : canonicalJson(value));
  if (text(a) !== text(b)) yield [path, text(a), text(b)];
}

const inputText = (digest: InputDigest | undefined): string | null => {
  if (digest === null || digest === undefined) return null;
  return typeof digest === 'string' ? short(digest) : `${Object.keys(digest).length} artifacts`;
};

/** The files in which two folders differ, as far as the store knows them; for a fan-in, its members. */
function inputLines(
  root: string,
  a: InputDigest | undefined,
  b: InputDigest | undefined,
  listings: Readonly<Record<string, Listing>>,
): readonly string[] {
  if (typeof a === 'object' && typeof b === 'object' && a && b)
    return names(a, b)
      .filter((name) => a[name] !== b[name])
      .map((name) => `${a[name] === undefined ? '+' : b[name] === undefined ? '-' : '~'} ${name}`);
  if (typeof a !== 'string' || typeof b !== 'string') return [];
  const [x, y] = [listings[a] ?? listingOf(root, a), listings[b] ?? listingOf(root, b)];
  if (x === null || y === null) return [];
  const lines = [...new Set([...x.keys(), ...y.keys()])]
    .sort()
    .filter((path) => x.get(path) !== y.get(path))
    .map((path) => `${!x.has(path) ? '+' : !y.has(path) ? '-' : '~'} ${onOneLine(path)}`);
  return lines.length <= MOST_FILES
    ? lines
    : [...lines.slice(0, MOST_FILES), `… and ${lines.length - MOST_FILES} more files`];
}

/** A name may hold line ends and what moves a terminal's cursor. */
const onOneLine = (path: string): string => (/\p{Cc}/u.test(path) ? JSON.stringify(path) : path);

function codeOf(home: string, digest: string, texts: Readonly<Record<string, string>>): string | null {
  if (texts[digest] !== undefined) return texts[digest];
  try {
    return readFileSync(join(home, 'code', `${digest}.mjs`), 'utf8').replace(
      /\/\/# sourceMappingURL=.*\n$/,
      '',
    );
  } catch {
    return null;
  }
}

/** The statements between what two bundles have in common at their begin and end. */
function textChanges(a: string | null, b: string | null): readonly string[] {
  if (a === null || b === null) return [];
  const statements = (text: string) => text.split(/(?<=[;{}])\n?/).filter((line) => line !== '');
  const [x, y] = [statements(a), statements(b)];
  let begin = 0;
  while (begin < x.length && begin < y.length && x[begin] === y[begin]) begin++;
  let end = 0;
  while (end < x.length - begin && end < y.length - begin && x.at(-1 - end) === y.at(-1 - end)) end++;
  const part = (sign: string, all: readonly string[]) => {
    const lines = all.slice(begin, all.length - end).map((line) => `${sign} ${line.slice(0, LONGEST)}`);
    return lines.length <= MOST_LINES
      ? lines
      : [...lines.slice(0, MOST_LINES), `${sign} … ${lines.length - MOST_LINES} more`];
  };
  return [...part('-', x), ...part('+', y)];
}
