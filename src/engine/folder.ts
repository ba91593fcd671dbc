import { homedir } from 'node:os';
import { join } from 'node:path';

/** The user's cache folder for bloodline: one for all projects of a person. */
export function cacheFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  if (env.BLOODLINE_CACHE) return env.BLOODLINE_CACHE;
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'bloodline');
}

/** Where an installed engine lies: its libraries, the addon that binds them to Node, and its manifest. */
export const engineFolder = (kind: EngineKind, cache = cacheFolder()): string => join(cache, 'engines', kind);

/** `cpu` runs everywhere; `cuda` needs an NVIDIA driver. */
export type EngineKind = 'cpu';
