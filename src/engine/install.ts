import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { type Failure, fail, ok, type Result } from '../failure.ts';
import { cacheFolder, engineFolder } from './folder.ts';
import { checkFiles, type Manifest, readManifest, sha256Of, writeManifest } from './manifest.ts';
import { type Release, releaseFor, WANTED } from './releases.ts';
import { unpack } from './unpack.ts';

const LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];
const ADDON = 'tfjs_binding.node';

export interface InstallOptions {
  /** What is being done, for people. */
  readonly onStep: (step: string) => void;
  readonly signal: AbortSignal;
  /** Programs, for those who have them elsewhere. */
  readonly python?: string;
  readonly compiler?: string;
}

/**
 * Puts the native engine into the user's cache folder: the wheel over pip, checked against its pinned sha256, its two
 * libraries taken out, the addon compiled against its headers. All is made in a folder of its own and renamed at the
 * end, so that two installs at once, or one that is killed, leave either a whole engine or none.
 */
export async function installEngine(options: InstallOptions): Promise<Result<Manifest>> {
  const release = releaseFor(process.platform, process.arch);
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
  const compilerThere = await execa(compiler, ['--version'], { reject: false });
  if (compilerThere.failed)
    return refuse(
      `the native engine needs a C++ compiler, and ${compiler} does not start`,
      'install one (Debian, Ubuntu: apt install g++; Fedora: dnf install gcc-c++) and run `bloodline engine install`',
    );

  const wheel = await fetchWheel(release, join(work, 'wheel'), python, onStep, signal);
  if (!wheel.ok) return wheel;

  const unpacked = join(work, 'unpacked');
  await unpack(wheel.value, WANTED, unpacked, (file, bytes) => {
    if (bytes > 1e6) onStep(`unpacks ${file.split('/').at(-1)} (${megabytes(bytes)})`);
  });
  const engine = join(work, 'engine');
  mkdirSync(engine);
  for (const library of LIBRARIES) renameSync(join(unpacked, 'tensorflow', library), join(engine, library));

  onStep('compiles the addon');
  const built = await execa(
    compiler,
    [
      ...['-O2', '-std=c++17', '-shared', '-fPIC', '-DNAPI_VERSION=8'],
      ...['-I', sources.nodeHeaders, '-I', join(unpacked, 'tensorflow', 'include'), '-I', sources.folder],
      ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => join(sources.folder, 'binding', file)),
      ...['-o', join(engine, ADDON), '-L', engine, ...LIBRARIES.map((library) => `-l:${library}`)],
      '-Wl,-rpath,$ORIGIN',
    ],
    { reject: false, cancelSignal: signal, all: true },
  );
  if (built.failed)
    return refuse(
      `${compiler} could not compile the addon: ${lastLines(built.all ?? built.shortMessage ?? '')}`,
      'g++ 9 or clang 10 and newer are known to work; CXX names another compiler',
    );
  onStep('tries it');
  const tried = await execa(process.execPath, ['-e', `require(${JSON.stringify(join(engine, ADDON))})`], {
    reject: false,
    env: { TF_CPP_MIN_LOG_LEVEL: '2' },
    all: true,
  });
  if (tried.failed)
    return refuse(`the engine does not load: ${lastLines(tried.all ?? '')}`, 'training uses WebAssembly');
  const about = { kind: 'cpu', tensorflow: release.version, addon: sources.version };
  const manifest = await writeManifest(engine, about, [...LIBRARIES, ADDON]);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  try {
    renameSync(engine, folder);
  } catch (error) {
    // Another install was first; what it made is as good.
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
  return ok(manifest);
}

async function fetchWheel(
  release: Release,
  into: string,
  python: string,
  onStep: (step: string) => void,
  signal: AbortSignal,
): Promise<Result<string>> {
  onStep(`fetches ${release.package} ${release.version} with pip (${megabytes(release.bytes)})`);
  mkdirSync(into, { recursive: true });
  const timer = setInterval(() => {
    const bytes = sizeOf(into);
    if (bytes > 0) onStep(`fetches ${release.package}: ${megabytes(bytes)} of ${megabytes(release.bytes)}`);
  }, 1000);
  // The names of interpreter, ABI and platform pick one file, whatever Python runs pip.
  const got = await execa(
    python,
    [
      ...[
        '-m',
        'pip',
        'download',
        '--quiet',
        '--no-deps',
        '--only-binary=:all:',
        '--disable-pip-version-check',
      ],
      ...['--python-version', '3.11', '--implementation', 'cp', '--abi', 'cp311'],
      ...['--platform', release.pipPlatform, '--dest', into, `${release.package}==${release.version}`],
    ],
    // pip builds the file up in TMPDIR: beside ours it is on the same disk, and is swept with it.
    { reject: false, cancelSignal: signal, all: true, env: { TMPDIR: into } },
  );
  clearInterval(timer);
  if (got.failed)
    return refuse(
      got.code === 'ENOENT'
        ? `the native engine is fetched with pip, and ${python} is not there`
        : `pip could not fetch ${release.package} ${release.version}: ${lastLines(got.all ?? '')}`,
      'install Python with pip (Debian, Ubuntu: apt install python3-pip), see that PyPI can be reached, and run `bloodline engine install`',
    );
  const name = readdirSync(into).find((file) => file.endsWith('.whl'));
  if (name === undefined)
    return refuse('pip ended well but left no wheel', 'run `bloodline engine install` again');
  const wheel = join(into, name);
  onStep('checks its sha256');
  const digest = await sha256Of(wheel);
  return digest === release.sha256
    ? ok(wheel)
    : refuse(
        `${name} has sha256 ${digest}, expected ${release.sha256}; it was not used`,
        'the index that pip uses serves other bytes than PyPI',
      );
}

/** Where the addon's two C++ files and Node's headers lie, if the packages that carry them are installed. */
function addonSources(): { folder: string; nodeHeaders: string; version: string } | null {
  const require = createRequire(import.meta.url);
  try {
    const manifest = require.resolve('@tensorflow/tfjs-node-gpu/package.json');
    const { version } = require(manifest) as { version: string };
    const headers = dirname(require.resolve('node-api-headers/package.json'));
    const folder = dirname(manifest);
    return existsSync(join(folder, 'binding', 'tfjs_binding.cc'))
      ? { folder, nodeHeaders: join(headers, 'include'), version }
      : null;
  } catch {
    return null;
  }
}

const refuse = (message: string, help: string): { ok: false; error: Failure } =>
  fail({ reason: 'engine', message, ...(help ? { help } : {}) });

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;

const lastLines = (text: string): string => text.trim().split('\n').slice(-3).join(' / ').slice(0, 600);

/** Of the largest file below a folder: pip builds one file up, and may hold a second copy of a part of it. */
const sizeOf = (folder: string): number =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((most, { parentPath, name }) => {
      const stats = statSync(join(parentPath, name), { throwIfNoEntry: false });
      return Math.max(most, stats?.size ?? 0);
    }, 0);
