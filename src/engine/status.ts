import { rmSync } from 'node:fs';
import { cacheFolder, type EngineKind, engineFolder } from './folder.ts';
import { checkFiles, readManifest } from './manifest.ts';
import { releaseFor } from './releases.ts';

export interface EngineStatus {
  readonly kind: EngineKind;
  readonly folder: string;
  readonly state: 'installed' | 'damaged' | 'not-installed' | 'not-for-this-machine';
  readonly tensorflow: string | null;
  readonly bytes: number;
  /** What is wrong, or what to do. */
  readonly note: string | null;
}

/** How the native engine stands on this machine. `full` reads every byte of it. */
export async function engineStatus({ full = false } = {}): Promise<EngineStatus> {
  const folder = engineFolder('cpu');
  const manifest = readManifest(folder);
  const base = { kind: 'cpu', folder, tensorflow: manifest?.tensorflow ?? null } as const;
  if (manifest === null) {
    const possible = releaseFor(process.platform, process.arch) !== null;
    return {
      ...base,
      state: possible ? 'not-installed' : 'not-for-this-machine',
      bytes: 0,
      note: possible
        ? '`bloodline engine install` gets it'
        : `there is none for ${process.platform} ${process.arch}; wasm is used`,
    };
  }
  const bytes = Object.values(manifest.files).reduce((sum, file) => sum + file.bytes, 0);
  const problem = await checkFiles(folder, manifest, full);
  return problem === null
    ? { ...base, state: 'installed', bytes, note: null }
    : { ...base, state: 'damaged', bytes, note: `${problem}; \`bloodline engine install\` makes it anew` };
}

/** Removes the native engine from the user's cache folder. Returns whether there was one. */
export function removeEngine(): boolean {
  const folder = engineFolder('cpu', cacheFolder());
  const there = readManifest(folder) !== null;
  rmSync(folder, { recursive: true, force: true });
  return there;
}
