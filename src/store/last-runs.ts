import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CacheKey, sha256 } from '../digest.ts';
import { fileName, layout } from './layout.ts';
import { list } from './list.ts';
import { bestEffort, writeWhole } from './write.ts';

/** Which pipeline with which profile: its last run is what `gc` never touches. */
export interface LastRunOf {
  /** Absolute path of the pipeline file. */
  readonly file: string;
  readonly profile: string | null;
}

/**
 * Notes the keys of the stages of a run, also of one with nothing to do. Stages that it did not reach stand as the run
 * before left them. Costs one small file read where nothing changed. Returns the keys of the run before; `null` where there
 * was none, or they are the same.
 * @param all the stages that there are; null where the run was not asked for all.
 */
export function noteLastRun(
  root: string,
  of: LastRunOf,
  keys: ReadonlyMap<string, CacheKey>,
  all: readonly string[] | null,
): ReadonlyMap<string, CacheKey> | null {
  const path = pathOf(root, of);
  const before = readText(path);
  const known = all !== null && all.length === keys.size ? new Map<string, CacheKey>() : parse(before);
  const stages = all ?? [...new Set([...known.keys(), ...keys.keys()])];
  const lines = stages.flatMap((stage) => {
    const key = keys.get(stage) ?? known.get(stage);
    return key === undefined ? [] : [`${key} ${stage}\n`];
  });
  const text = `${JSON.stringify(of)}\n${lines.join('')}`;
  if (text === before) return null;
  bestEffort(() => writeWhole(root, path, text));
  return before === '' ? null : parse(before);
}

/** Keys that the last run of any pipeline and profile needs. */
export function neededKeys(root: string): ReadonlySet<CacheKey> {
  const keys = new Set<CacheKey>();
  for (const name of list(layout.lastRuns(root)))
    for (const key of parse(readText(join(layout.lastRuns(root), name))).values()) keys.add(key);
  return keys;
}

const pathOf = (root: string, { file, profile }: LastRunOf): string =>
  join(
    layout.lastRuns(root),
    `${sha256<'path'>(file).slice(0, 16)}${profile === null ? '' : `-${fileName(profile)}`}`,
  );

function parse(text: string): ReadonlyMap<string, CacheKey> {
  const keys = new Map<string, CacheKey>();
  for (const line of text.split('\n').slice(1)) {
    const at = line.indexOf(' ');
    if (at === 64) keys.set(line.slice(at + 1), line.slice(0, at) as CacheKey);
  }
  return keys;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
