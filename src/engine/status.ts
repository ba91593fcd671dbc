import { existsSync, rmSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { type AddonSources, addonSources, sourcesDigest } from './addon.ts';
import { chooseEngine } from './choose.ts';
import { cacheFolder, downloadsFolder, ENGINE_KINDS, type EngineKind, engineFolder } from './folder.ts';
import { detectGpus } from './gpus.ts';
import { checkFiles, readManifest } from './manifest.ts';
import { releaseFor } from './releases.ts';

export interface EngineStatus {
  readonly engine: 'native' | 'wasm' | 'webgpu';
  /** Of the native engine. */
  readonly kind: EngineKind | null;
  readonly state:
    | 'installed'
    | 'outdated'
    | 'damaged'
    | 'not-installed'
    | 'not-for-this-machine'
    | 'built-in';
  /** TensorFlow's version. */
  readonly tensorflow: string | null;
  readonly bytes: number;
  readonly folder: string | null;
  /** What it would compute on here. */
  readonly device: string | null;
  /** Whether `auto` takes it here. */
  readonly chosen: boolean;
  /** What is wrong, or what to type. */
  readonly note: string | null;
}

/** How the engines stand on this machine. `full` reads every byte of them. */
export async function enginesStatus({ full = false } = {}): Promise<readonly EngineStatus[]> {
  const gpus = await detectGpus();
  const choice = chooseEngine({ gpuIds: gpus.map(({ id }) => id) });
  const gpuNames = gpus.map(({ id, name }) => name ?? `GPU ${id}`).join(', ');
  const cpu = cpus()[0]?.model.trim() || 'the CPU';
  const rows: EngineStatus[] = [];
  for (const kind of ENGINE_KINDS) {
    const device = kind === 'cpu' ? cpu : gpuNames || `no GPU found: ${cpu}`;
    rows.push({ ...(await kindStatus(kind, { full })), device, chosen: choice.kind === kind });
  }
  rows.push({
    engine: 'wasm',
    kind: null,
    state: 'built-in',
    tensorflow: null,
    bytes: 0,
    folder: null,
    device: cpu,
    chosen: choice.name === 'wasm',
    note: null,
  });
  rows.push(webgpuStatus(choice.name === 'webgpu'));
  return rows;
}

/** Its packages come by npm; whether there is a driver is known when it starts. */
function webgpuStatus(chosen: boolean): EngineStatus {
  const folder = join(cacheFolder(), 'engines', 'webgpu');
  const there = existsSync(join(folder, 'node_modules', 'webgpu', 'package.json'));
  return {
    engine: 'webgpu',
    kind: null,
    state: there ? 'installed' : 'not-installed',
    tensorflow: null,
    bytes: 0,
    folder,
    device: 'a GPU with Vulkan, Metal or Direct3D 12',
    chosen,
    note: there ? null : 'docs/engines.md says how npm brings it (200 MB); only `engine: webgpu` takes it',
  };
}

export interface StatusOptions {
  /** Reads every byte. */
  readonly full?: boolean;
  /** What its addon would be compiled of. */
  readonly sources?: AddonSources | null;
}

/** How one native engine stands. */
export async function kindStatus(
  kind: EngineKind,
  { full = false, sources = addonSources() }: StatusOptions = {},
): Promise<Omit<EngineStatus, 'device' | 'chosen'>> {
  const folder = engineFolder(kind);
  const manifest = readManifest(folder);
  const base = { engine: 'native', kind, folder, tensorflow: manifest?.tensorflow ?? null } as const;
  const install = `bloodline engine install${kind === 'cpu' ? '' : ` ${kind}`}`;
  if (manifest === null) {
    const release = releaseFor(kind, process.platform, process.arch);
    const wheels = release === null ? [] : [release.wheel, ...release.more];
    const fetched = Math.round(wheels.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6);
    return {
      ...base,
      state: release ? 'not-installed' : 'not-for-this-machine',
      bytes: 0,
      note: release
        ? `\`${install}\` gets it (fetches ${fetched} MB)`
        : `there is none for ${process.platform} ${process.arch}`,
    };
  }
  const bytes = Object.values(manifest.files).reduce((sum, file) => sum + file.bytes, 0);
  const problem = await checkFiles(folder, manifest, full);
  if (problem === null && sources !== null && manifest.sources !== sourcesDigest(sources))
    return {
      ...base,
      state: 'outdated',
      bytes,
      note: `its addon is of another version of bloodline; \`${install}\` compiles it anew`,
    };
  return problem === null
    ? { ...base, state: 'installed', bytes, note: null }
    : { ...base, state: 'damaged', bytes, note: `${problem}; \`${install}\` makes it anew` };
}

/** Removes a native engine, and what was fetched for it, from the user's cache folder. Returns whether there was one. */
export function removeEngine(kind: EngineKind): boolean {
  const folder = engineFolder(kind);
  const there = readManifest(folder) !== null;
  rmSync(folder, { recursive: true, force: true });
  rmSync(downloadsFolder(kind), { recursive: true, force: true });
  return there;
}
