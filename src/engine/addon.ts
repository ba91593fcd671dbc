import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { Failure, Result } from '../failure.ts';
import { fail, ok } from '../failure.ts';

export const ADDON = 'tfjs_binding.node';

export const refuse = (message: string, help = ''): { ok: false; error: Failure } =>
  fail({ reason: 'engine', message, ...(help ? { help } : {}) });

/** The end of what a program said, in one line. */
export const lastLines = (text: string): string =>
  text.trim().split('\n').slice(-3).join(' / ').slice(0, 600);

/** What Node says of an error that was not caught, without the trace. */
const errorLine = (text: string): string => /^\w*Error: .*$/m.exec(text)?.[0] ?? lastLines(text);

export const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;

export interface AddonSources {
  readonly folder: string;
  /** What is compiled: the package's two C++ files, and kernels of our own. */
  readonly files: readonly string[];
  readonly nodeHeaders: string;
  /** Of @tensorflow/tfjs-node-gpu. */
  readonly version: string;
}

/** Where the addon's two C++ files and Node's headers lie, if the packages that carry them are installed. */
export function addonSources(): AddonSources | null {
  const require = createRequire(import.meta.url);
  try {
    const manifest = require.resolve('@tensorflow/tfjs-node-gpu/package.json');
    const { version } = require(manifest) as { version: string };
    const headers = dirname(require.resolve('node-api-headers/package.json'));
    const folder = dirname(manifest);
    return existsSync(join(folder, 'binding', 'tfjs_binding.cc'))
      ? {
          folder,
          files: [
            join(folder, 'binding', 'tfjs_backend.cc'),
            join(folder, 'binding', 'tfjs_binding.cc'),
            kernels,
          ],
          nodeHeaders: join(headers, 'include'),
          version,
        }
      : null;
  } catch {
    return null;
  }
}

/** A digest of what is compiled: an engine whose addon was made of other sources is outdated. */
export function sourcesDigest({ files }: AddonSources): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest('hex');
}

/** Our own operations, which register themselves with TensorFlow when the addon is loaded. */
const kernels = fileURLToPath(new URL('../../../src/engine/native/kernels.cc', import.meta.url));

/** Whether a C++ compiler starts; looked at before anything is fetched. */
export async function checkCompiler(compiler: string): Promise<Result<null>> {
  const { failed } = await execa(compiler, ['--version'], { reject: false });
  return failed
    ? refuse(
        `the native engine needs a C++ compiler, and ${compiler} does not start`,
        'install one (Debian, Ubuntu: apt install g++; Fedora: dnf install gcc-c++; macOS: xcode-select --install) and run the same command again',
      )
    : ok(null);
}

/** How a library that Node loads is linked, and finds others beside itself. Node's own functions are found at run time. */
const SHARED = {
  linux: ['-shared', '-Wl,-rpath,$ORIGIN'],
  darwin: ['-bundle', '-undefined', 'dynamic_lookup', '-Wl,-rpath,@loader_path'],
} as const;

/**
 * Compiles the addon into `engine`, which holds TensorFlow's libraries, and loads it once in a Node of its own. It
 * finds the libraries beside itself, so that no library path has to be set.
 */
export async function compileAddon({
  compiler,
  sources,
  headers,
  engine,
  libraries,
  env,
  platform = process.platform,
  signal,
}: {
  readonly compiler: string;
  readonly sources: AddonSources;
  readonly headers: string;
  readonly engine: string;
  readonly libraries: readonly string[];
  /** For the Node that loads it. */
  readonly env: Readonly<Record<string, string>>;
  readonly platform?: NodeJS.Platform;
  readonly signal: AbortSignal;
}): Promise<Result<null>> {
  const built = await execa(
    compiler,
    [
      ...['-O3', '-std=c++17', '-fPIC', '-pthread', '-DNAPI_VERSION=8'],
      ...SHARED[platform === 'darwin' ? 'darwin' : 'linux'],
      // What loops are vectorised with; none of it changes a result that is finite.
      ...['-fno-math-errno', '-fno-trapping-math', '-ffp-contract=fast'],
      ...['-I', sources.nodeHeaders, '-I', headers, '-I', sources.folder],
      ...sources.files,
      ...['-o', join(engine, ADDON), ...libraries.map((library) => join(engine, library))],
    ],
    { reject: false, cancelSignal: signal, all: true },
  );
  if (built.failed)
    return refuse(
      `${compiler} could not compile the addon: ${lastLines(built.all ?? built.shortMessage ?? '')}`,
      'g++ 9 or clang 10 and newer are known to work; CXX names another compiler',
    );
  const tried = await execa(process.execPath, ['-e', `require(${JSON.stringify(join(engine, ADDON))})`], {
    reject: false,
    env,
    cancelSignal: signal,
    all: true,
  });
  return tried.failed
    ? refuse(`the engine does not load: ${errorLine(tried.all ?? '')}`, 'training uses WebAssembly')
    : ok(null);
}
