import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** `cpu` runs everywhere; `cuda` needs an NVIDIA GPU and its driver, and computes on the CPU without. */
export const ENGINE_KINDS = ['cpu', 'cuda'] as const;
export type EngineKind = (typeof ENGINE_KINDS)[number];

/** The user's cache folder for bloodline: one for all projects of a person. */
export function cacheFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  if (env.BLOODLINE_CACHE) return env.BLOODLINE_CACHE;
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'bloodline');
}

/** Where an installed engine lies: its libraries, the addon that binds them to Node, and its manifest. */
export const engineFolder = (kind: EngineKind, cache = cacheFolder()): string => join(cache, 'engines', kind);

/** The manifest is written last, so what has one is whole as it was made. */
export const isInstalled = (folder: string): boolean => existsSync(join(folder, 'engine.json'));

/** Files that were fetched and found right stay here until an install ends well: a second try goes on with them. */
export const downloadsFolder = (kind: EngineKind, cache = cacheFolder()): string =>
  join(cache, 'engine-downloads', kind);
