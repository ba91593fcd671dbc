import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ok, type Result } from '../failure.ts';
import { ADDON, addonSources, checkCompiler, compileAddon, refuse } from './addon.ts';
import { cacheFolder, engineFolder } from './folder.ts';
import { fromTarball } from './from-tarball.ts';
import { fromWheel } from './from-wheel.ts';
import { checkFiles, type Manifest, readManifest, writeManifest } from './manifest.ts';
import { type Release, releaseFor } from './releases.ts';
import type { Parts, WayOptions } from './way.ts';

export interface InstallOptions {
  /** What is being done, for people. */
  readonly onStep: (step: string) => void;
  readonly signal: AbortSignal;
  /** Programs, for those who have them elsewhere. */
  readonly python?: string;
  readonly compiler?: string;
  /** The files it is made of; null: there are none for this machine. */
  readonly release?: Release | null;
}

/**
 * Puts the native engine into the user's cache folder: TensorFlow's libraries, each file checked against its pinned
 * sha256, and the addon compiled against its headers. All is made in a folder of its own and renamed at the end, so
 * that two installs at once, or one that is killed, leave either a whole engine or none.
 */
export async function installEngine(options: InstallOptions): Promise<Result<Manifest>> {
  const { release = releaseFor(process.platform, process.arch) } = options;
  if (release === null)
    return refuse(
      `there is no native engine for ${process.platform} ${process.arch}`,
      'training uses WebAssembly here, which is slower and needs nothing',
    );
  const folder = engineFolder('cpu');
  const there = readManifest(folder);
  if (there !== null && (await checkFiles(folder, there, true)) === null) return ok(there);

  const work = join(cacheFolder(), 'tmp', `install-${process.pid}-${Date.now().toString(36)}`);
  try {
    mkdirSync(work, { recursive: true });
    return await install(release, folder, work, options);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const help =
      code === 'ENOSPC' ? `it needs 1.2 GB in ${cacheFolder()} while it is installed, 700 MB after` : '';
    return refuse(`the engine could not be installed: ${message}`, help);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function install(
  release: Release,
  folder: string,
  work: string,
  { onStep, signal, python = 'python3', compiler = process.env.CXX || 'c++' }: InstallOptions,
): Promise<Result<Manifest>> {
  const sources = addonSources();
  if (sources === null)
    return refuse('the optional package @tensorflow/tfjs-node-gpu is not installed', 'run `npm ci` again');
  const compilerThere = await checkCompiler(compiler);
  if (!compilerThere.ok) return compilerThere;

  const engine = join(work, 'engine');
  mkdirSync(engine);
  const parts = await getParts(release, { work, engine, python, onStep, signal });
  if (!parts.ok) return parts;
  const { version, libraries, headers } = parts.value;

  onStep('compiles the addon and tries it');
  const compiled = await compileAddon({ compiler, sources, headers, engine, libraries, signal });
  if (!compiled.ok) return compiled;
  const about = { kind: 'cpu', tensorflow: version, addon: sources.version };
  const manifest = await writeManifest(engine, about, [...libraries, ADDON]);
  // Another install may have been first: what it made is as good, and may be in use.
  const meanwhile = readManifest(folder);
  if (meanwhile !== null && (await checkFiles(folder, meanwhile, false)) === null) return ok(meanwhile);
  return ok(publish(engine, folder, manifest));
}

/** The wheel; where it cannot be had, the archive. */
async function getParts({ wheel, tarball }: Release, options: WayOptions): Promise<Result<Parts>> {
  const first = await fromWheel(wheel, options);
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
