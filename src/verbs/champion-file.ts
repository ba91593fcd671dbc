import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { layout } from '../store/layout.ts';
import type { Artifact } from '../store/record.ts';
import { writeDurably } from '../store/write.ts';

/** A model in use, and why. */
export interface Champion {
  /** Digest of the model's artifact. */
  readonly model: string;
  readonly artifact: Artifact;
  /** The stage instance that trained it, and its key. */
  readonly stage: string;
  readonly key: string;
  readonly run: string;
  /** ISO 8601, UTC: in use since. */
  readonly since: string;
  /** In words: which gates it passed, or who said so against them. */
  readonly why: string;
  /** What was measured of it when it was promoted, and on what: digests of the test data. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly data: string;
}

/** `<store>/champions/<pipeline>.json`: all that were, the one in use last. */
interface ChampionFile {
  readonly format: 1;
  readonly pipeline: string;
  readonly champions: readonly Champion[];
}

/** Oldest first; empty where there never was one. */
export function readChampions(root: string, pipeline: string): readonly Champion[] {
  return readFile(layout.champions(root, pipeline));
}

/** Those of a file in the folder of all pipelines' champions. */
export function readChampionsIn(root: string, name: string): readonly Champion[] {
  return readFile(join(layout.championsFolder(root), name));
}

function readFile(file: string): readonly Champion[] {
  if (!existsSync(file)) return [];
  return (JSON.parse(readFileSync(file, 'utf8')) as ChampionFile).champions;
}

export const readChampion = (root: string, pipeline: string): Champion | null =>
  readChampions(root, pipeline).at(-1) ?? null;

export function writeChampions(root: string, pipeline: string, champions: readonly Champion[]): void {
  const file: ChampionFile = { format: 1, pipeline, champions };
  writeDurably(root, layout.champions(root, pipeline), `${JSON.stringify(file, null, 2)}\n`);
}
