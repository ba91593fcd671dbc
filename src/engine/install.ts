import {
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { isAlive } from '../alive.ts';
import { type Failure, ok, type Result } from '../failure.ts';
import {
  ADDON,
  type AddonSources,
  addonSources,
  checkCompiler,
  compileAddon,
  refuse,
  sourcesDigest,
} from './addon.ts';
import { engineEnvironment } from './environment.ts';
import { cacheFolder, downloadsFolder, type EngineKind, engineFolder } from './folder.ts';
import { fromTarball } from './from-tarball.ts';
import { fromWheel } from './from-wheel.ts';
import { checkFiles, type Manifest, readManifest, writeManifest } from './manifest.ts';
import { type Release, releaseFor } from './releases.ts';
import type { Parts, WayOptions } from './way.ts';

/** Where TensorFlow's C headers lie in an engine. */
const HEADERS = 'include';

export interface InstallOptions {
  /** What is being done, for people. */
  readonly onStep: (step: string) => void;
  readonly signal: AbortSignal;
  /** Programs, for those who have them elsewhere. */
  readonly python?: string;
  readonly compiler?: string;
  /** Of the addon; null: they are not installed. */
  readonly sources?: AddonSources | null;
  /** The files it is made of; null: there are none for this machine. */
  readonly release?: Release | null;
}

/**
 * Puts a native engine into the user's cache folder: TensorFlow's libraries, each file checked against its pinned
 * sha256, and the addon compiled against its headers. All is made in a folder of its own and renamed at the end, so
 * that two installs at once, or one that is killed, leave either a whole engine or none. What was fetched stays until
 * an install ends well.
 */
export async function installEngine(kind: EngineKind, options: InstallOptions): Promise<Result<Manifest>> {
  const { release = releaseFor(kind, process.platform, process.arch) } = options;
  if (release === null)
    return refuse(
      `there is no native engine${kind === 'cuda' ? ' for CUDA' : ''} for ${process.platform} ${process.arch}`,
      kind === 'cuda'
        ? '`bloodline engine install` gets the one for the CPU, where there is one'
        : 'training uses WebAssembly here, which is slower and needs nothing',
    );
  const folder = engineFolder(kind);
  const there = readManifest(folder);
  const whole = there !== null && (await checkFiles(folder, there, true)) === null;
  const { sources = addonSources() } = options;
  if (whole && (sources === null || there.sources === sourcesDigest(sources))) return ok(there);
  const again = whole && existsSync(join(folder, HEADERS)) ? there : null;

  const work = join(cacheFolder(), 'tmp', `install-${kind}-${hostname()}-${process.pid}`);
  try {
    mkdirSync(work, { recursive: true });
    sweepKilled(kind);
    const full = again === null ? checkRoom(release) : null;
    if (full !== null) return full;
    const installed = await install(release, again, folder, work, options);
    if (installed.ok) rmSync(downloadsFolder(kind), { recursive: true, force: true });
    return installed;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (options.signal.aborted) return refuse('it was interrupted; what was fetched is kept');
    if (code === undefined) throw error;
    // What fills the disk goes, too.
    if (code === 'ENOSPC') rmSync(downloadsFolder(kind), { recursive: true, force: true });
    return refuse(
      `the engine could not be installed: ${message}`,
      code === 'ENOSPC' ? roomNeeded(release) : '',
    );
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** What installs left that were killed on this machine. */
function sweepKilled(kind: EngineKind): void {
  const folder = join(cacheFolder(), 'tmp');
  const ours = `install-${kind}-${hostname()}-`;
  for (const name of readdirSync(folder)) {
    const pid = name.startsWith(ours) ? Number(name.slice(ours.length)) : Number.NaN;
    if (Number.isInteger(pid) && pid !== process.pid && !isAlive(pid))
      rmSync(join(folder, name), { recursive: true, force: true });
  }
}

const roomNeeded = ({ room }: Release): string =>
  `it needs ${gigabytes(room.during)} in ${cacheFolder()} while it is installed, ${gigabytes(room.after)} after; BLOODLINE_CACHE names a folder on another disk`;

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

/** Looked at before anything is fetched. What was fetched already counts. */
function checkRoom(release: Release): { ok: false; error: Failure } | null {
  const { bavail, bsize } = statfsSync(cacheFolder());
  const free = bavail * bsize;
  const downloads = downloadsFolder(release.kind);
  const have = existsSync(downloads)
    ? readdirSync(downloads).reduce((sum, name) => sum + statSync(join(downloads, name)).size, 0)
    : 0;
  return free + have >= release.room.during
    ? null
    : refuse(`only ${gigabytes(free)} are free on the disk of ${cacheFolder()}`, roomNeeded(release));
}

async function install(
  release: Release,
  again: Manifest | null,
  folder: string,
  work: string,
  {
    onStep,
    signal,
    python = 'python3',
    compiler = process.env.CXX || 'c++',
    sources = addonSources(),
  }: InstallOptions,
): Promise<Result<Manifest>> {
  if (sources === null)
    return refuse('the optional package @tensorflow/tfjs-node-gpu is not installed', 'run `npm ci` again');
  const compilerThere = await checkCompiler(compiler);
  if (!compilerThere.ok) return compilerThere;

  const engine = join(work, 'engine');
  mkdirSync(engine);
  const way = { work, engine, downloads: downloadsFolder(release.kind), python, onStep, signal };
  const parts = again === null ? await getParts(release, way) : ok(partsOf(again, folder, engine));
  if (!parts.ok) return parts;
  const { version, libraries, others, headers } = parts.value;

  onStep('compiles the addon and tries it');
  const choice = { name: 'native', kind: release.kind, folder: engine, device: 'cpu', note: null } as const;
  const env = engineEnvironment({ gpuIds: [], choice });
  const compiled = await compileAddon({ compiler, sources, headers, engine, libraries, env, signal });
  if (!compiled.ok) return compiled;
  // For the next version of the addon: nothing is fetched for it.
  if (headers !== join(engine, HEADERS)) cpSync(headers, join(engine, HEADERS), { recursive: true });
  const about = {
    kind: release.kind,
    tensorflow: version,
    addon: sources.version,
    sources: sourcesDigest(sources),
  };
  const manifest = await writeManifest(engine, about, [...libraries, ...others, ADDON]);
  // Another install, of another machine on this disk, may have been first: what it made is as good, and may be in use.
  const meanwhile = readManifest(folder);
  if (meanwhile?.sources === about.sources && (await checkFiles(folder, meanwhile, false)) === null)
    return ok(meanwhile);
  return ok(publish(engine, folder, manifest));
}

/** TensorFlow's libraries as they lie in an engine whose addon is outdated; a second name of the same files. */
function partsOf({ tensorflow, files }: Manifest, folder: string, engine: string): Parts {
  const names = Object.keys(files).filter((name) => name !== ADDON);
  for (const name of names) {
    try {
      linkSync(join(folder, name), join(engine, name));
    } catch {
      copyFileSync(join(folder, name), join(engine, name));
    }
  }
  cpSync(join(folder, HEADERS), join(engine, HEADERS), { recursive: true });
  const isTensorflow = (name: string): boolean => name.startsWith('libtensorflow');
  return {
    version: tensorflow,
    libraries: names.filter(isTensorflow),
    others: names.filter((name) => !isTensorflow(name)),
    headers: join(engine, HEADERS),
  };
}

/** The wheels; where they cannot be had, the archive. */
async function getParts(release: Release, options: WayOptions): Promise<Result<Parts>> {
  const { tarball } = release;
  const first = await fromWheel(release, options);
  if (first.ok || tarball === null || options.signal.aborted) return first;
  if (first.error.reason !== 'engine') return first;
  options.onStep(`${first.error.message}; tries libtensorflow ${tarball.version} instead`);
  const second = await fromTarball(tarball, options);
  if (second.ok || second.error.reason !== 'engine') return second;
  return refuse(`${first.error.message}, and ${second.error.message}`, first.error.help);
}

/** What was there before is moved away first: a process that has it open keeps its files. */
function publish(engine: string, folder: string, manifest: Manifest): Manifest {
  mkdirSync(dirname(folder), { recursive: true });
  try {
    renameSync(folder, `${engine}-before`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  try {
    renameSync(engine, folder);
    return manifest;
  } catch (error) {
    // Another install was first.
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    return readManifest(folder) ?? manifest;
  }
}
