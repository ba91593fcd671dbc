import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileName } from '../store/layout.ts';
import type { Artifact } from '../store/record.ts';
import { writeWhole } from '../store/write.ts';

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
  /** What was measured of it when it was promoted. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** `<store>/champions/<pipeline>.json`: all that were, the one in use last. */
interface ChampionFile {
  readonly format: 1;
  readonly pipeline: string;
  readonly champions: readonly Champion[];
}

const path = (root: string, pipeline: string): string =>
  join(root, 'champions', `${fileName(pipeline)}.json`);

/** Oldest first; empty where there never was one. */
export function readChampions(root: string, pipeline: string): readonly Champion[] {
  const file = path(root, pipeline);
  if (!existsSync(file)) return [];
  return (JSON.parse(readFileSync(file, 'utf8')) as ChampionFile).champions;
}

export const readChampion = (root: string, pipeline: string): Champion | null =>
  readChampions(root, pipeline).at(-1) ?? null;

export function writeChampions(root: string, pipeline: string, champions: readonly Champion[]): void {
  const file: ChampionFile = { format: 1, pipeline, champions };
  writeWhole(root, path(root, pipeline), `${JSON.stringify(file, null, 2)}\n`);
}
