import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fail, ok, type Result } from '../failure.ts';
import { seal } from '../sealed.ts';
import { readSealed } from '../store/keepsakes.ts';
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

/** Oldest first; empty where there never was one. Fails with `store-damaged`: nobody can make it again. */
export function readChampions(root: string, pipeline: string): Result<readonly Champion[]> {
  return readFile(layout.champions(root, pipeline));
}

/** Those of a file in the folder of all pipelines' champions. */
export function readChampionsIn(root: string, name: string): Result<readonly Champion[]> {
  return readFile(join(layout.championsFolder(root), name));
}

function readFile(path: string): Result<readonly Champion[]> {
  if (!existsSync(path)) return ok([]);
  const file = readSealed<ChampionFile>(path);
  if (file !== null) return ok(file.champions);
  const message = 'the list of champions is not as it was written';
  const help = 'put it back from a backup, or remove it and promote a model again';
  return fail({ reason: 'store-damaged', path, message, help });
}

/** The one in use; `null` where there never was one. */
export function readChampion(root: string, pipeline: string): Result<Champion | null> {
  const all = readChampions(root, pipeline);
  return all.ok ? ok(all.value.at(-1) ?? null) : all;
}

export function writeChampions(root: string, pipeline: string, champions: readonly Champion[]): void {
  const file: ChampionFile = { format: 1, pipeline, champions };
  const path = layout.champions(root, pipeline);
  writeDurably(root, path, seal(basename(path), file, 2));
}
