import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { fail, ok, type Result } from '../failure.ts';
import { lastLines, megabytes, refuse } from './addon.ts';
import { download, isWebPage } from './download.ts';
import { sha256Of } from './manifest.ts';
import type { Wheel } from './releases.ts';
import type { WayOptions } from './way.ts';

/**
 * A wheel's file with the right bytes: what an earlier try brought, else by pip, which knows the machine's mirror and
 * proxy, else by its own address. It stays in the folder of downloads until the install ends well.
 */
export async function fetchWheel(wheel: Wheel, options: WayOptions): Promise<Result<string>> {
  const { downloads, onStep, signal } = options;
  const to = join(downloads, basename(new URL(wheel.url).pathname));
  if (existsSync(to) && statSync(to).size === wheel.bytes && (await sha256Of(to)) === wheel.sha256) {
    onStep(`has ${basename(to)} from before`);
    return ok(to);
  }
  mkdirSync(downloads, { recursive: true });
  rmSync(to, { force: true });
  if (!existsSync(`${to}.part`)) {
    const byPip = await withPip(wheel, to, options);
    if (byPip.ok || signal.aborted) return byPip;
    const { message, help } = byPip.error as { message: string; help?: string };
    onStep(`${message}; asks ${new URL(wheel.url).host} itself`);
    const problem = await download(wheel, to, onStep, signal);
    return problem === null ? ok(to) : refuse(`${message}, and ${problem}`, help);
  }
  const problem = await download(wheel, to, onStep, signal);
  return problem === null
    ? ok(to)
    : refuse(problem, `see that ${new URL(wheel.url).host} can be reached, and run the same command again`);
}

const WAY_OUT =
  'see that PyPI can be reached (PIP_INDEX_URL names a mirror, HTTPS_PROXY a proxy) and run the same command again; what was fetched is kept';

async function withPip(
  release: Wheel,
  to: string,
  { work, python, onStep, signal }: WayOptions,
): Promise<Result<string>> {
  onStep(`fetches ${release.package} ${release.version} with pip (${megabytes(release.bytes)})`);
  const into = join(work, 'wheel');
  rmSync(into, { recursive: true, force: true });
  mkdirSync(into, { recursive: true });
  const timer = setInterval(() => {
    const bytes = sizeOf(into);
    if (bytes > 0) onStep(`fetches ${release.package}: ${megabytes(bytes)} of ${megabytes(release.bytes)}`);
  }, 1000);
  // The names of interpreter, ABI and platform pick one file, whatever Python runs pip.
  const pip = execa(
    python,
    [
      ...['-m', 'pip', 'download', '--quiet', '--no-deps', '--no-cache-dir', '--only-binary=:all:'],
      '--disable-pip-version-check',
      ...['--python-version', '3.11', '--implementation', 'cp', '--abi', 'cp311'],
      ...['--platform', release.pipPlatform, '--dest', into, `${release.package}==${release.version}`],
    ],
    // pip builds the file up in TMPDIR: beside ours it is on the same disk, and is swept with it.
    { reject: false, all: true, env: { TMPDIR: into }, detached: true },
  );
  // The whole process group: `python3` may be a script that starts another one (pyenv's is).
  const end = (): void => {
    try {
      if (pip.pid !== undefined) process.kill(-pip.pid, 'SIGTERM');
    } catch {
      // It has ended by itself.
    }
  };
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  const got = await pip;
  signal.removeEventListener('abort', end);
  clearInterval(timer);
  if (got.failed) {
    const said = got.all ?? '';
    // Not the network: the caller says how much room is needed.
    if (/No space left on device/.test(said))
      throw Object.assign(new Error('no space left on the disk'), { code: 'ENOSPC' });
    if (got.code === 'ENOENT')
      return refuse(
        `${python} is not there, and pip with it`,
        'install Python with pip (Debian, Ubuntu: apt install python3-pip) and run the same command again',
      );
    if (/No module named pip/.test(said))
      return refuse(
        `${python} has no pip`,
        'install it (Debian, Ubuntu: apt install python3-pip) and run the same command again',
      );
    return refuse(`pip could not fetch ${release.package} ${release.version}: ${reason(said)}`, WAY_OUT);
  }
  const name = readdirSync(into).find((file) => file.endsWith('.whl'));
  if (name === undefined) return refuse('pip ended well but left no wheel', WAY_OUT);
  const wheel = join(into, name);
  onStep('checks its sha256');
  const digest = await sha256Of(wheel);
  if (digest === release.sha256) {
    renameSync(wheel, to);
    return ok(to);
  }
  return isWebPage(wheel)
    ? refuse('pip got a web page for the wheel: a proxy or a login page stands between', WAY_OUT)
    : fail({
        reason: 'engine',
        message: `${name} has sha256 ${digest}, expected ${release.sha256}; it was not used`,
        help: 'the index that pip uses serves other bytes than PyPI: see `pip config list`',
      });
}

/** What pip says went wrong, without its warnings of every try. */
function reason(said: string): string {
  const errors = said.split('\n').filter((line) => line.startsWith('ERROR:'));
  return errors.length > 0
    ? errors
        .map((line) => line.slice(7).trim())
        .join(' / ')
        .slice(0, 600)
    : lastLines(said);
}

/** Of the largest file below a folder: pip builds one file up, and may hold a second copy of a part of it. */
const sizeOf = (folder: string): number =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((most, { parentPath, name }) => {
      const stats = statSync(join(parentPath, name), { throwIfNoEntry: false });
      return Math.max(most, stats?.size ?? 0);
    }, 0);
