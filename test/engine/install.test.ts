import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { gzipSync, zipSync } from 'fflate';
import { packTar } from 'modern-tar';
import { engineFolder } from '../../src/engine/folder.ts';
import { installEngine } from '../../src/engine/install.ts';
import { writeManifest } from '../../src/engine/manifest.ts';
import { type Release, releaseFor } from '../../src/engine/releases.ts';
import { engineStatus, removeEngine } from '../../src/engine/status.ts';
import { unpack } from '../../src/engine/unpack.ts';
import { engineInstall } from '../../src/verbs/engine.ts';

// Against a server of our own: an index as pip reads it with a small wheel, and a small archive of libtensorflow.

const text = (words: string): Uint8Array => new TextEncoder().encode(words);
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const WHEEL = 'tensorflow_cpu-9.0.0-cp311-cp311-manylinux2014_x86_64.whl';
const wheel = zipSync({
  'tensorflow/libtensorflow_cc.so.2': text('no library'),
  'tensorflow/libtensorflow_framework.so.2': text('no library either'),
  'tensorflow/include/tensorflow/c/c_api.h': text('#error "no header"\n'),
  'tensorflow/python/large.py': text('not wanted'),
  'tensorflow_cpu-9.0.0.dist-info/METADATA': text(
    'Metadata-Version: 2.1\nName: tensorflow-cpu\nVersion: 9.0.0\n',
  ),
  'tensorflow_cpu-9.0.0.dist-info/WHEEL': text('Wheel-Version: 1.0\nTag: cp311-cp311-manylinux2014_x86_64\n'),
});

let server: Server;
let host = '';
let archive: Uint8Array;
let cache = '';
const saved = { ...process.env };
const steps: string[] = [];

before(async () => {
  const library = (name: string) => ({ header: { name, size: 2, type: 'file' as const }, body: 'no' });
  archive = gzipSync(
    await packTar([
      library('./lib/libtensorflow.so.2.9.1'),
      {
        header: {
          name: './lib/libtensorflow.so.2',
          size: 0,
          type: 'symlink',
          linkname: 'libtensorflow.so.2.9.1',
        },
      },
      library('./lib/libtensorflow_framework.so.2.9.1'),
      {
        header: { name: './include/tensorflow/c/c_api.h', size: 17, type: 'file' },
        body: '#error "archive"\n',
      },
    ]),
    { mtime: 0 },
  );
  server = createServer((request, response) => {
    const files: Record<string, Uint8Array> = { [`/${WHEEL}`]: wheel, '/libtensorflow.tar.gz': archive };
    const file = files[request.url ?? ''];
    if (file) response.writeHead(200, { 'content-length': file.length }).end(file);
    else if (request.url === '/simple/tensorflow-cpu/')
      response.writeHead(200, { 'content-type': 'text/html' }).end(`<a href="/${WHEEL}">${WHEEL}</a>`);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

beforeEach(() => {
  if (cache) rmSync(cache, { recursive: true, force: true });
  cache = mkdtempSync(join(tmpdir(), 'bloodline-engine-'));
  process.env.BLOODLINE_CACHE = cache;
  process.env.PIP_INDEX_URL = `${host}/simple/`;
  process.env.PIP_CACHE_DIR = join(cache, 'pip');
  for (const name of ['PIP_FIND_LINKS', 'PIP_NO_INDEX', 'PIP_EXTRA_INDEX_URL', 'BLOODLINE_ENGINE', 'CXX'])
    delete process.env[name];
  steps.length = 0;
});
after(() => {
  server.close();
  rmSync(cache, { recursive: true, force: true });
  process.env = saved;
});

const works = (program: string, args: string[]): boolean => {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
const noPip = works('python3', ['-m', 'pip', '--version']) ? false : 'there is no pip here';
const noCompiler = works('c++', ['--version']) ? false : 'there is no C++ compiler here';
const noSources = existsSync(
  new URL('../../../node_modules/@tensorflow/tfjs-node-gpu/binding', import.meta.url),
)
  ? false
  : '@tensorflow/tfjs-node-gpu is not installed here';
const skip = noSources || noCompiler;

const release = (changes: { wheel?: string; tarball?: string | null } = {}): Release => ({
  wheel: {
    package: 'tensorflow-cpu',
    version: '9.0.0',
    pipPlatform: 'manylinux2014_x86_64',
    sha256: changes.wheel ?? sha256(wheel),
    bytes: wheel.length,
  },
  tarball:
    changes.tarball === undefined || changes.tarball === null
      ? null
      : { url: `${host}/libtensorflow.tar.gz`, version: '2.9.1', sha256: changes.tarball },
});

/** What installing says when it fails. */
async function refusal(options: Partial<Parameters<typeof installEngine>[0]>): Promise<string> {
  const installed = await installEngine({
    onStep: (step) => void steps.push(step),
    signal: new AbortController().signal,
    ...options,
  });
  assert.ok(!installed.ok, 'it was installed');
  assert.equal(installed.error.reason, 'engine');
  // Nothing half-made is left.
  assert.equal((await engineStatus()).tensorflow, null);
  assert.deepEqual(existsSync(join(cache, 'tmp')) ? readdirSync(join(cache, 'tmp')) : [], []);
  const { message, help } = installed.error as { message: string; help?: string };
  return `${message} (${help ?? ''})`;
}

test('a platform without an engine is told what is used instead', async () => {
  assert.equal(releaseFor('darwin', 'arm64'), null);
  assert.equal(releaseFor('win32', 'x64'), null);
  assert.match(await refusal({ release: null }), /^there is no native engine for .*WebAssembly/);
});

test('without a compiler nothing is fetched', { skip: noSources }, async () => {
  const words = await refusal({ release: release(), compiler: '/nowhere/c++' });
  assert.match(words, /needs a C\+\+ compiler, and \/nowhere\/c\+\+ does not start \(.*apt install g\+\+/);
  assert.deepEqual(steps, []);
});

test('without Python, and without a second way', { skip }, async () => {
  const words = await refusal({ release: release(), python: '/nowhere/python3' });
  assert.match(words, /fetched with pip, and \/nowhere\/python3 is not there \(install Python with pip/);
});

test('without a network', { skip: skip || noPip }, async () => {
  process.env.PIP_INDEX_URL = 'http://127.0.0.1:9/simple/';
  process.env.PIP_RETRIES = '0';
  const words = await refusal({ release: release() });
  delete process.env.PIP_RETRIES;
  assert.match(words, /pip could not fetch tensorflow-cpu 9\.0\.0: .*see that PyPI can be reached/);
});

test('a wheel of other bytes is not used', { skip: skip || noPip }, async () => {
  const words = await refusal({ release: release({ wheel: 'ab'.repeat(32) }) });
  assert.match(words, new RegExp(`${WHEEL} has sha256 ${sha256(wheel)}, expected (ab){32}; it was not used`));
});

test('the right wheel is unpacked and its headers are compiled against', {
  skip: skip || noPip,
}, async () => {
  assert.match(await refusal({ release: release() }), /could not compile the addon: /);
  assert.ok(steps.some((step) => step.startsWith('checks its sha256')));
});

test('without pip, libtensorflow is taken from its own archive', { skip }, async () => {
  const python = '/nowhere/python3';
  assert.match(
    await refusal({ release: release({ tarball: sha256(archive) }), python }),
    /could not compile the addon: /,
  );
  assert.ok(steps.some((step) => step.includes('tries libtensorflow 2.9.1 instead')));
  assert.match(
    await refusal({ release: release({ tarball: 'cd'.repeat(32) }), python }),
    /python3 is not there, and .*tar\.gz has sha256 .*, expected (cd){32}; it was not used/,
  );
});

test('an archive that the server does not have', { skip }, async () => {
  const { tarball, wheel } = release({ tarball: sha256(archive) });
  const gone = { wheel, tarball: { ...tarball!, url: `${host}/gone.tar.gz` } };
  assert.match(await refusal({ release: gone, python: '/nowhere' }), /gone\.tar\.gz answered 404 Not Found/);
});

test('what is wanted is taken out of a wheel, and nothing else', async () => {
  const file = join(cache, WHEEL);
  writeFileSync(file, wheel);
  const into = join(cache, 'out');
  assert.equal(await unpack(file, [/\.so\.2$/], into, () => {}), 2);
  assert.deepEqual(readdirSync(join(into, 'tensorflow')).sort(), [
    'libtensorflow_cc.so.2',
    'libtensorflow_framework.so.2',
  ]);
  assert.equal(readFileSync(join(into, 'tensorflow', 'libtensorflow_cc.so.2'), 'utf8'), 'no library');
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
  assert.match((await engineStatus()).state, /^not-/);
  const folder = await placeEngine();
  assert.equal((await engineStatus({ full: true })).state, 'installed');
  writeFileSync(join(folder, 'a.so'), 'librarY');
  assert.equal((await engineStatus()).state, 'installed');
  const flipped = await engineStatus({ full: true });
  assert.equal(flipped.state, 'damaged');
  assert.match(flipped.note!, /a\.so does not fit its sha256; `bloodline engine install` makes it anew/);
  writeFileSync(join(folder, 'a.so'), 'lib');
  assert.match((await engineStatus()).note!, /a\.so has 3 bytes, expected 7/);
  rmSync(join(folder, 'a.so'));
  assert.match((await engineStatus()).note!, /a\.so is missing/);
  writeFileSync(join(folder, 'engine.json'), '{');
  assert.match((await engineStatus()).state, /^not-/);
});

test('a whole engine is not fetched again, and is removed once', async () => {
  await placeEngine();
  const installed = await installEngine({
    onStep: (step) => void steps.push(step),
    signal: new AbortController().signal,
    python: '/nowhere',
    compiler: '/nowhere',
    release: release(),
  });
  assert.ok(installed.ok);
  assert.deepEqual(steps, []);
  assert.equal(removeEngine(), true);
  assert.equal(existsSync(engineFolder('cpu')), false);
  assert.equal(removeEngine(), false);
});

test('--optional makes a sentence of every failure', { skip: noSources }, async () => {
  process.env.CXX = '/nowhere/c++';
  const request = { onStep: () => {}, signal: new AbortController().signal };
  const optional = await engineInstall({ ...request, optional: true });
  assert.ok(optional.ok);
  assert.match(optional.value, /^Goes on without the native engine, on WebAssembly: .*\.$/);
  assert.equal((await engineInstall({ ...request, optional: false })).ok, false);
  process.env.BLOODLINE_ENGINE = 'wasm';
  const unasked = await engineInstall({ ...request, optional: true });
  assert.ok(unasked.ok && unasked.value.startsWith('BLOODLINE_ENGINE=wasm'));
});
