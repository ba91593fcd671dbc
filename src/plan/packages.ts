import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { sha256OfJson } from '../digest.ts';

/**
 * What tensor engines bring themselves: recorded with each execution and not part of a key, so that one store serves
 * machines with different engines.
 */
const ENGINES = /^(@tensorflow\/tfjs-(node|backend)\b.*|webgpu)$/;

export type PackageDigests = (names: readonly string[]) => Readonly<Record<string, string>>;

/**
 * For each external package: its version and a digest of its whole closure, `"0.35.5 1a2b…"`. From the integrities in
 * the nearest package-lock.json at or above the root; a package that no lock lists, from the versions installed.
 * The lock is read once, when the first package is asked for.
 */
export function packageDigests(root: string): PackageDigests {
  let lock: Lock | null | undefined;
  const known = new Map<string, string>();
  const digest = (name: string): string => {
    const before = known.get(name);
    if (before !== undefined) return before;
    if (lock === undefined) lock = findLock(root);
    const closure =
      (lock === null ? null : lockedClosure(lock, root, name)) ?? installedClosure(root, name) ?? null;
    const text = closure === null ? 'not installed' : `${closure.version} ${sha256OfJson(closure.of)}`;
    known.set(name, text);
    return text;
  };
  return (names) =>
    Object.fromEntries(names.filter((name) => !ENGINES.test(name)).map((name) => [name, digest(name)]));
}

interface Dependencies {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

interface LockEntry extends Dependencies {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly link?: boolean;
}

interface Lock {
  readonly folder: string;
  readonly packages: Readonly<Record<string, LockEntry>>;
}

interface Closure {
  readonly version: string;
  /** Place in the tree of packages → what is there. */
  readonly of: Readonly<Record<string, string>>;
}

function findLock(root: string): Lock | null {
  for (let folder = root; ; folder = dirname(folder)) {
    const lock = readJson<{ packages?: Lock['packages'] }>(join(folder, 'package-lock.json'));
    if (lock?.packages !== undefined) return { folder, packages: lock.packages };
    if (folder === dirname(folder)) return null;
  }
}

function lockedClosure(lock: Lock, root: string, name: string): Closure | null {
  const { packages } = lock;
  /** As Node looks for it: in the `node_modules` of each folder upwards. */
  const find = (wanted: string, from: string): string | null => {
    for (let folder = from; ; folder = parent(folder)) {
      const place = `${folder === '' ? '' : `${folder}/`}node_modules/${wanted}`;
      if (Object.hasOwn(packages, place)) return place;
      if (folder === '') return null;
    }
  };
  const start = find(name, relative(lock.folder, root).split('\\').join('/'));
  if (start === null) return null;
  const of: Record<string, string> = {};
  const visit = (place: string) => {
    const entry = packages[place];
    if (entry === undefined || Object.hasOwn(of, place)) return;
    of[place] = entry.integrity ?? entry.resolved ?? entry.version ?? '';
    if (entry.link && entry.resolved !== undefined) visit(entry.resolved);
    for (const wanted of wantedBy(entry)) {
      const found = find(wanted, place);
      if (found !== null) visit(found);
    }
  };
  visit(start);
  return { version: packages[start]?.version ?? '', of };
}

/** `a/node_modules/b` → `a`, so that the next place to look is beside it. */
function parent(place: string): string {
  const cut = place.lastIndexOf('/');
  return cut < 0 ? '' : place.slice(0, cut);
}

function wantedBy(entry: Dependencies): readonly string[] {
  return Object.keys({ ...entry.dependencies, ...entry.optionalDependencies, ...entry.peerDependencies });
}

function installedClosure(root: string, name: string): Closure | null {
  const find = (wanted: string, from: string): string | null => {
    for (let folder = from; ; folder = dirname(folder)) {
      const place = join(folder, 'node_modules', wanted);
      if (readJson(join(place, 'package.json')) !== null) return place;
      if (folder === dirname(folder)) return null;
    }
  };
  const start = find(name, root);
  if (start === null) return null;
  // By name and version: where a package happens to lie is no difference to what it does.
  const of: Record<string, string> = {};
  const visited = new Set<string>();
  let version = '';
  const visit = (place: string) => {
    if (visited.has(place)) return;
    visited.add(place);
    const entry = readJson<Dependencies & { name?: string; version?: string }>(join(place, 'package.json'));
    if (entry === null) return;
    if (place === start) version = entry.version ?? '';
    of[`${entry.name}@${entry.version}`] = entry.version ?? '';
    // Optional ones are left out: which of them are installed depends on the machine.
    for (const wanted of Object.keys(entry.dependencies ?? {})) {
      const found = find(wanted, place);
      if (found !== null) visit(found);
    }
  };
  visit(start);
  return { version, of };
}

function readJson<T>(path: string): T | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T;
  } catch {
    return null;
  }
}
