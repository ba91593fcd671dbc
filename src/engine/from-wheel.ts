import { mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { ok, type Result } from '../failure.ts';
import { lastLines, megabytes, refuse } from './addon.ts';
import { sha256Of } from './manifest.ts';
import { WANTED, type Wheel } from './releases.ts';
import { unpack } from './unpack.ts';
import type { Parts, WayOptions } from './way.ts';

const LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];

/** Libraries and headers out of TensorFlow's wheel, which pip fetches; nothing of Python is needed afterwards. */
export async function fromWheel(wheel: Wheel, options: WayOptions): Promise<Result<Parts>> {
  const { work, engine, python, onStep, signal } = options;
  const got = await fetchWheel(wheel, join(work, 'wheel'), python, onStep, signal);
  if (!got.ok) return got;
  const unpacked = join(work, 'unpacked');
  await unpack(got.value, WANTED, unpacked, (file, bytes) => {
    if (bytes > 1e6) onStep(`unpacks ${file.split('/').at(-1)} (${megabytes(bytes)})`);
  });
  for (const library of LIBRARIES) renameSync(join(unpacked, 'tensorflow', library), join(engine, library));
  return ok({
    version: wheel.version,
    libraries: LIBRARIES,
    headers: join(unpacked, 'tensorflow', 'include'),
  });
}

async function fetchWheel(
  release: Wheel,
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

/** Of the largest file below a folder: pip builds one file up, and may hold a second copy of a part of it. */
const sizeOf = (folder: string): number =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((most, { parentPath, name }) => {
      const stats = statSync(join(parentPath, name), { throwIfNoEntry: false });
      return Math.max(most, stats?.size ?? 0);
    }, 0);
