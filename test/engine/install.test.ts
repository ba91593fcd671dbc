import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { addonSources } from '../../src/engine/addon.ts';
import { downloadsFolder, engineFolder } from '../../src/engine/folder.ts';
import { installEngine } from '../../src/engine/install.ts';
import { writeManifest } from '../../src/engine/manifest.ts';
import { type Release, releaseFor } from '../../src/engine/releases.ts';
import { kindStatus, removeEngine } from '../../src/engine/status.ts';
import { engineInstall } from '../../src/verbs/engine.ts';
import { type IndexServer, startIndex, works } from './index-server.ts';

const require = createRequire(import.meta.url);
const skip = works('c++', ['--version']) ? false : 'there is no C++ compiler here';
const noPip = works('python3', ['-m', 'pip', '--version']) ? false : 'there is no pip here';

let index: IndexServer;
let cache = '';
const saved = { ...process.env };
const steps: string[] = [];

before(async () => {
  if (skip) return;
  index = await startIndex(join(dirname(require.resolve('node-api-headers/package.json')), 'include'));
});
beforeEach(() => {
  if (cache) rmSync(cache, { recursive: true, force: true });
  cache = mkdtempSync(join(tmpdir(), 'bloodline-engine-'));
  for (const name of ['PIP_FIND_LINKS', 'PIP_NO_INDEX', 'PIP_EXTRA_INDEX_URL', 'BLOODLINE_ENGINE', 'CXX'])
    delete process.env[name];
  Object.assign(process.env, { BLOODLINE_CACHE: cache, PIP_RETRIES: '0' });
  steps.length = 0;
  if (index === undefined) return;
  process.env.PIP_INDEX_URL = `${index.host}/simple/`;
  index.mood = 'fine';
  index.asked.length = 0;
});
after(() => {
  index?.close();
  rmSync(cache, { recursive: true, force: true });
  process.env = saved;
});

type Options = Partial<Parameters<typeof installEngine>[1]>;
const install = (options: Options = {}) =>
  installEngine('cpu', {
    onStep: (step) => void steps.push(step),
    signal: new AbortController().signal,
    release: index.release,
    sources: index.sources,
    ...options,
  });

/** The release with other pins. */
const changed = (
  changes: Partial<Release['wheel']>,
  tarball: Partial<Release['tarball']> | null = null,
): Release => ({
  ...index.release,
  wheel: { ...index.release.wheel, ...changes },
  tarball: tarball && { ...index.release.tarball!, ...tarball },
});

/** What installing says when it fails. Nothing half-made is left. */
async function refusal(options: Options = {}): Promise<string> {
  const installed = await install(options);
  assert.ok(!installed.ok, 'it was installed');
  assert.equal(installed.error.reason, 'engine');
  assert.equal((await kindStatus('cpu', { sources: null })).tensorflow, null);
  assert.deepEqual(existsSync(join(cache, 'tmp')) ? readdirSync(join(cache, 'tmp')) : [], []);
  const { message, help } = installed.error as { message: string; help?: string };
  return `${message} (${help ?? ''})`;
}

/** TF_Version as the addon in small says it. */
function version(): string {
  const addon = join(engineFolder('cpu'), 'tfjs_binding.node');
  return execFileSync(process.execPath, ['-p', `require(${JSON.stringify(addon)}).TF_Version`], {
    encoding: 'utf8',
  }).trim();
}

const NO_PYTHON = '/nowhere/python3';

test('a platform without an engine is told what is used instead', async () => {
  const words = await refusal({ release: null, sources: null });
  assert.match(words, /^there is no native engine for .*WebAssembly/);
});

test('without a compiler nothing is fetched', { skip }, async () => {
  const words = await refusal({ compiler: '/nowhere/c++' });
  assert.match(words, /needs a C\+\+ compiler, and \/nowhere\/c\+\+ does not start \(.*apt install g\+\+/);
  assert.deepEqual(index.asked, []);
});

test('libraries of all wheels, the addon compiled and loaded', { skip: skip || noPip }, async () => {
  const installed = await install();
  assert.ok(installed.ok, JSON.stringify(installed));
  assert.deepEqual(Object.keys(installed.value.files).sort(), [
    'libcublas.so.12',
    'libtensorflow_cc.so.2',
    'libtensorflow_framework.so.2',
    'tfjs_binding.node',
  ]);
  assert.equal((await kindStatus('cpu', { full: true, sources: null })).state, 'installed');
  assert.equal(version(), '9.0.0');
  assert.ok(steps.some((step) => step.startsWith('checks its sha256')));
  // What was fetched for it is gone.
  assert.equal(existsSync(downloadsFolder('cpu')), false);
  assert.deepEqual(readdirSync(join(cache, 'tmp')), []);
});

test('without Python the wheels come from their own addresses', { skip }, async () => {
  assert.ok((await install({ python: NO_PYTHON })).ok);
  assert.match(
    steps.join('\n'),
    /\/nowhere\/python3 is not there, and pip with it; asks 127\.0\.0\.1:\d+ itself/,
  );
  assert.equal(version(), '9.0.0');
});

test('without pip, and without any server', { skip }, async () => {
  const python = join(cache, 'python3');
  writeFileSync(python, '#!/bin/sh\necho "$0: No module named pip" >&2\nexit 1\n');
  chmodSync(python, 0o755);
  const release = changed({ url: 'http://127.0.0.1:9/a.whl' });
  const words = await refusal({ python, release });
  assert.match(words, /python3 has no pip, and http:\/\/127\.0\.0\.1:9\/a\.whl could not be fetched: /);
  assert.match(words, /apt install python3-pip\) and run the same command again/);
});

test('without a network', { skip: skip || noPip }, async () => {
  process.env.PIP_INDEX_URL = 'http://127.0.0.1:9/simple/';
  const words = await refusal({ release: changed({ url: 'http://127.0.0.1:9/a.whl' }) });
  assert.match(words, /pip could not fetch tensorflow-cpu 9\.0\.0: .*see that PyPI can be reached/);
});

test('a wheel of other bytes is not used, whoever serves it', { skip: skip || noPip }, async () => {
  const words = await refusal({ release: changed({ sha256: 'ab'.repeat(32) }) });
  const { sha256: real } = index.release.wheel;
  assert.match(words, new RegExp(`whl has sha256 ${real}, expected (ab){32}; it was not used, and `));
  assert.match(words, new RegExp(`127.0.0.1.*whl has sha256 ${real}, expected (ab){32}; it was not used`));
});

test('a proxy that answers with its own page', { skip: skip || noPip }, async () => {
  index.mood = 'web-page';
  const words = await refusal({ release: { ...index.release, tarball: null } });
  assert.match(
    words,
    /pip could not fetch .*, and .*answered with a web page and not with the file: a proxy/,
  );
  index.mood = 'index-only';
  const files = await refusal({ release: { ...index.release, tarball: null } });
  assert.match(
    files,
    /answered with a web page and not with the file: a proxy or a login page stands between/,
  );
});

test('where no wheel can be had, the archive of libtensorflow', { skip }, async () => {
  const wheel = { url: `${index.host}/gone.whl` };
  const wrong = changed(wheel, { sha256: 'cd'.repeat(32) });
  const words = await refusal({ python: NO_PYTHON, release: wrong });
  assert.match(
    words,
    /gone\.whl answered 404 Not Found, and .*tar\.gz has sha256 .*, expected (cd){32}; it was not/,
  );
  const gone = changed(wheel, { url: `${index.host}/gone.tar.gz` });
  assert.match(await refusal({ python: NO_PYTHON, release: gone }), /gone\.tar\.gz answered 404 Not Found/);
  assert.ok((await install({ python: NO_PYTHON, release: changed(wheel, {}) })).ok);
  assert.match(steps.join('\n'), /tries libtensorflow 2\.9\.1 instead/);
  assert.equal(version(), '2.9.1');
  assert.equal((await kindStatus('cpu', { full: true, sources: null })).tensorflow, '2.9.1');
});

test('a server that stops half-way is asked for the rest next time', { skip }, async () => {
  index.mood = 'half';
  const name = index.release.wheel.url.split('/').at(-1)!;
  index.arrives = join(downloadsFolder('cpu'), `${name}.part`);
  const release = { ...index.release, tarball: null };
  const words = await refusal({ python: NO_PYTHON, release });
  assert.match(words, /could not be fetched|the server stopped after/);
  const parts = readdirSync(downloadsFolder('cpu'));
  assert.match(parts.join(), /^tensorflow_cpu-.*\.whl\.part$/);
  index.mood = 'fine';
  assert.ok((await install({ python: NO_PYTHON, release })).ok);
  assert.match(steps.join('\n'), /goes on with http/);
  assert.equal(version(), '9.0.0');
});

test('bytes left by an earlier try that are of another file are given up', { skip }, async () => {
  mkdirSync(downloadsFolder('cpu'), { recursive: true });
  const name = index.release.wheel.url.split('/').at(-1)!;
  writeFileSync(join(downloadsFolder('cpu'), `${name}.part`), 'something else');
  assert.ok((await install({ python: NO_PYTHON })).ok);
  assert.equal(version(), '9.0.0');
});

test('an interrupted install goes on with the wheels that it had', { skip: skip || noPip }, async () => {
  const interrupt = new AbortController();
  const onStep = (step: string): void => {
    if (step.startsWith('fetches nvidia')) interrupt.abort();
  };
  await refusal({ onStep, signal: interrupt.signal });
  assert.deepEqual(readdirSync(downloadsFolder('cpu')), [index.release.wheel.url.split('/').at(-1)]);
  index.asked.length = 0;
  assert.ok((await install()).ok);
  assert.match(steps[0]!, /^has tensorflow_cpu-.* from before$/);
  assert.ok(index.asked.every((path) => path.includes('nvidia')));
});

test('what a killed install left is swept away', { skip }, async () => {
  // A process of this machine that has ended.
  const gone = execFileSync('sh', ['-c', 'echo $$'], { encoding: 'utf8' }).trim();
  assert.ok((await install({ python: NO_PYTHON })).ok);
  removeEngine('cpu');
  const name = `install-cpu-${execFileSync('hostname', { encoding: 'utf8' }).trim()}-${gone}`;
  mkdirSync(join(cache, 'tmp', name, 'engine'), { recursive: true });
  await refusal({ python: NO_PYTHON, release: changed({ url: `${index.host}/gone.whl` }) });
});

test('an addon of other sources is compiled anew, and nothing is fetched for it', { skip }, async () => {
  assert.ok((await install({ python: NO_PYTHON })).ok);
  const other = join(cache, 'addon.cc');
  const [file] = index.sources.files as [string];
  writeFileSync(other, readFileSync(file, 'utf8').replace('"TF_Version"', '"TF_Version2"'));
  const sources = { ...index.sources, files: [other] };
  const outdated = await kindStatus('cpu', { sources });
  assert.equal(outdated.state, 'outdated');
  assert.match(
    outdated.note!,
    /is of another version of bloodline; `bloodline engine install` compiles it anew/,
  );
  index.asked.length = 0;
  steps.length = 0;
  const before = version();
  assert.ok((await install({ python: NO_PYTHON, sources })).ok);
  assert.deepEqual([index.asked, steps], [[], ['compiles the addon and tries it']]);
  assert.equal(before, '9.0.0');
  assert.equal(version(), 'undefined');
  assert.equal((await kindStatus('cpu', { full: true, sources })).state, 'installed');
});

test('an addon that does not load is not kept', { skip }, async () => {
  const release = { ...index.release, libraries: ['libtensorflow_framework.so.2', 'libtensorflow_cc.so.2'] };
  const file = join(cache, 'addon.cc');
  const sources = { ...index.sources, files: [file] };
  writeFileSync(
    file,
    '#include <node_api.h>\nextern "C" int TF_Gone();\nNAPI_MODULE_INIT() { TF_Gone(); return exports; }\n',
  );
  const words = await refusal({ python: NO_PYTHON, release, sources });
  assert.match(words, /^the engine does not load: .*TF_Gone.* \(training uses WebAssembly\)/);
  writeFileSync(file, '#error "headers too old"\n');
  assert.match(
    await refusal({ python: NO_PYTHON, sources }),
    /could not compile the addon: .*headers too old.*g\+\+ 9/,
  );
});

test('a disk without room is noticed before anything is fetched', { skip }, async () => {
  const release = { ...index.release, room: { during: 1e18, after: 1e17 } };
  const words = await refusal({ release });
  assert.match(
    words,
    /^only [\d.]+ GB are free on the disk of .*bloodline-engine-.*BLOODLINE_CACHE names a folder/,
  );
  assert.deepEqual(index.asked, []);
});

test('a disk that fills up while it is installed', async (t) => {
  if (skip) return t.skip(skip);
  const disk = join(cache, 'disk');
  mkdirSync(disk);
  if (!works('mount', ['-t', 'tmpfs', '-o', 'size=24k', 'tmpfs', disk]))
    return t.skip('only root may mount a small disk');
  try {
    process.env.BLOODLINE_CACHE = disk;
    const release = { ...index.release, room: { during: 1, after: 1 } };
    const python = noPip ? NO_PYTHON : 'python3';
    for (const way of [python, NO_PYTHON]) {
      const words = await refusal({ release, python: way });
      assert.match(
        words,
        /^the engine could not be installed: .*(no space|ENOSPC).* \(it needs .* GB in .*disk/,
      );
      assert.equal(existsSync(downloadsFolder('cpu')), false);
    }
  } finally {
    execFileSync('umount', [disk]);
  }
});

test('of two installs at once one works, and the other takes what it made', { skip }, async () => {
  const said: string[][] = [[], []];
  const answers = await Promise.all(
    said.map((own) =>
      engineInstall({
        kind: 'cpu',
        optional: false,
        onStep: (step) => void own.push(step),
        signal: new AbortController().signal,
        release: index.release,
        sources: index.sources,
        python: NO_PYTHON,
      }),
    ),
  );
  const sentences = answers.map((answer) => (answer.ok ? answer.value : 'failed')).sort();
  assert.match(sentences[0]!, /^Installed the native engine: TensorFlow 9\.0\.0 in /);
  assert.match(sentences[1]!, /^The native engine is installed: TensorFlow 9\.0\.0 in /);
  assert.equal(said.flat().filter((step) => step.startsWith('another install (process ')).length, 1);
  assert.equal(index.asked.filter((path) => path.includes('tensorflow')).length, 1);
  assert.deepEqual(readdirSync(join(cache, 'locks')), []);
});

test('a cache folder that cannot be written', { skip }, async () => {
  writeFileSync(join(cache, 'file'), '');
  process.env.BLOODLINE_CACHE = join(cache, 'file', 'below');
  const request = { kind: 'cpu', onStep: () => {}, signal: new AbortController().signal } as const;
  const answer = await engineInstall({ ...request, optional: false });
  assert.ok(!answer.ok && answer.error.reason === 'engine');
  assert.match(answer.error.message, /^the cache folder cannot be written: /);
  assert.equal((await engineInstall({ ...request, optional: true })).ok, true);
});

/** An engine of two small files in the cache. */
async function placeEngine(): Promise<string> {
  const folder = engineFolder('cpu');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'a.so'), 'library');
  writeFileSync(join(folder, 'b.node'), 'addon');
  await writeManifest(folder, { kind: 'cpu', tensorflow: '9.0.0', addon: '1.0.0' }, ['a.so', 'b.node']);
  return folder;
}

test('damage is noticed: a lost or shortened file at once, a changed byte by reading all', async () => {
  assert.match((await kindStatus('cpu', { sources: null })).state, /^not-/);
  const folder = await placeEngine();
  assert.equal((await kindStatus('cpu', { full: true, sources: null })).state, 'installed');
  writeFileSync(join(folder, 'a.so'), 'librarY');
  assert.equal((await kindStatus('cpu', { sources: null })).state, 'installed');
  const flipped = await kindStatus('cpu', { full: true, sources: null });
  assert.equal(flipped.state, 'damaged');
  assert.match(flipped.note!, /a\.so does not fit its sha256; `bloodline engine install` makes it anew/);
  writeFileSync(join(folder, 'a.so'), 'lib');
  assert.match((await kindStatus('cpu', { sources: null })).note!, /a\.so has 3 bytes, expected 7/);
  rmSync(join(folder, 'a.so'));
  assert.match((await kindStatus('cpu', { sources: null })).note!, /a\.so is missing/);
  writeFileSync(join(folder, 'engine.json'), '{');
  assert.match((await kindStatus('cpu', { sources: null })).state, /^not-/);
});

test('a whole engine is not fetched again, and is removed once', async () => {
  await placeEngine();
  const installed = await installEngine('cpu', {
    onStep: (step) => void steps.push(step),
    signal: new AbortController().signal,
    python: '/nowhere',
    compiler: '/nowhere',
    release: index.release,
    sources: null,
  });
  assert.ok(installed.ok);
  assert.deepEqual(steps, []);
  assert.equal(removeEngine('cpu'), true);
  assert.equal(existsSync(engineFolder('cpu')), false);
  assert.equal(removeEngine('cpu'), false);
});

test('--optional makes a sentence of every failure', { skip }, async () => {
  process.env.CXX = '/nowhere/c++';
  const request = { kind: 'cpu', onStep: () => {}, signal: new AbortController().signal } as const;
  const optional = await engineInstall({ ...request, optional: true });
  assert.ok(optional.ok);
  assert.match(optional.value, /^Goes on without the native engine, on WebAssembly: .*\.$/);
  assert.equal((await engineInstall({ ...request, optional: false })).ok, false);
  process.env.BLOODLINE_ENGINE = 'wasm';
  const unasked = await engineInstall({ ...request, optional: true });
  assert.ok(unasked.ok && unasked.value.startsWith('BLOODLINE_ENGINE=wasm'));
});

const noAddon = addonSources() === null && '@tensorflow/tfjs-node-gpu is not installed here';
const onLinux =
  releaseFor('cpu', process.platform, process.arch) === null && 'there is no native engine here';
test('Ctrl-C while pip waits: the command ends, and pip with it', {
  skip: skip || noPip || noAddon || onLinux,
}, async () => {
  index.mood = 'silent';
  const bin = fileURLToPath(new URL('../../../bin/bloodline.js', import.meta.url));
  const child = spawn(process.execPath, [bin, 'engine', 'install'], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  while (index.asked.length === 0) await once(index.events, 'asked', { signal: AbortSignal.timeout(60_000) });
  child.kill('SIGINT');
  const [code] = (await once(child, 'close', { signal: AbortSignal.timeout(30_000) })) as [number | null];
  assert.equal(code, 130, said);
  assert.deepEqual(readdirSync(join(cache, 'tmp')), []);
  assert.deepEqual(readdirSync(join(cache, 'locks')), []);
  // pip has ended: its connection is gone.
  if (index.open() > 0) await once(index.events, 'closed', { signal: AbortSignal.timeout(10_000) });
  assert.equal(index.open(), 0);
});
