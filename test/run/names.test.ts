import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { sha256 } from '../../src/digest.ts';
import type { Artifact } from '../../src/store/record.ts';
import { makeDirectoryRemote } from '../../src/store/remote/directory.ts';
import { newKey } from '../../src/store/remote/signing.ts';
import { openStore } from '../../src/store/store.ts';
import { writeTree } from '../../src/store/tree.ts';
import { type FrontDoor, openFrontDoor } from '../rig/front-door.ts';

const TEAM = newKey();
process.env.BLOODLINE_SIGNING_KEY = TEAM.pem;

const NAMES = [
  'two words',
  'line\nend',
  '-n',
  '\u00E9',
  'e\u0301',
  '🩸',
  '🩸'.repeat(63),
  'x'.repeat(255),
  'Case',
  'case',
  '__proto__',
  'constructor',
  '10',
  '9',
  'back\\slash',
  'quote"',
  '...',
  ' ',
  '\x1B[2J',
  // It stands for what is not UTF-8, and may be in a name.
  '\uFFFD',
];

/** Every name as a file and as a folder with a file of that name in it. */
function makeNames(folder: string): void {
  for (const [i, name] of NAMES.entries()) {
    mkdirSync(join(folder, 'folders', name), { recursive: true });
    writeFileSync(join(folder, 'folders', name, name), `in ${i}`);
    writeFileSync(join(folder, name), String(i));
  }
}

function assertNames(folder: string): void {
  assert.deepEqual(readdirSync(folder).sort(), ['folders', ...NAMES].sort());
  for (const [i, name] of NAMES.entries()) {
    assert.equal(readFileSync(join(folder, name), 'utf8'), String(i));
    assert.equal(readFileSync(join(folder, 'folders', name, name), 'utf8'), `in ${i}`);
  }
}

const COPY = 'cp -r "$BLOODLINE_INPUT_IN" "$BLOODLINE_OUTPUT_OUT"';
const PIPELINE = `
name: names
stages:
  first: { command: '${COPY}', inputs: { in: { path: data } }, outputs: [out] }
  second: { command: '${COPY} && true', inputs: { in: first.out }, outputs: [out] }
`;

const LATIN = Buffer.from([0x67, 0x72, 0xfc, 0x6e]);
const inBytes = (folder: string, name: Buffer) => Buffer.concat([Buffer.from(`${folder}/`), name]);

describe('names of files', {
  skip: process.platform === 'linux' ? false : 'elsewhere not all of them can be',
}, () => {
  let door: FrontDoor;
  afterEach(() => door.remove());
  const open = (files: Readonly<Record<string, string>>) => {
    door = openFrontDoor(files);
  };

  it('of any letters, cases and length go through inputs, outputs, verify and status, and count in keys', async () => {
    open({ 'pipeline.yaml': PIPELINE });
    makeNames(join(door.root, 'data'));
    assert.deepEqual((await door.run()).ran, ['first', 'second']);
    assertNames(join(door.root, 'artifacts/latest/second/out'));
    assert.deepEqual((await door.run()).ran, []);
    assert.equal((await door.bloodline('verify')).code, 0);
    // Laid out anew from the store.
    const artifacts = join(door.root, 'artifacts');
    rmSync(join(artifacts, 'checkouts'), { recursive: true });
    assert.deepEqual((await door.run('--force', 'second')).ran, ['second']);
    assertNames(join(artifacts, 'latest/second/out'));

    writeFileSync(join(door.root, 'data', 'case'), 'other');
    writeFileSync(join(door.root, 'data', 'line\nend'), 'other');
    assert.deepEqual((await door.run('first')).ran, ['first']);
    const told = (await door.bloodline('status', '--explain', 'second')).stdout;
    assert.match(told, /\n {6}~ case\n {6}~ "line\\nend"\n/);
  });

  it('go through a shared store and an archive', async () => {
    open({ 'pipeline.yaml': '' });
    const remotes = `\nremotes: { team: { path: "${join(door.root, 'shared')}", keys: ["${TEAM.publicKey}"] } }`;
    door.write({ 'pipeline.yaml': PIPELINE + remotes });
    await makeDirectoryRemote(join(door.root, 'shared'));
    makeNames(join(door.root, 'data'));
    assert.equal((await door.run()).code, 0);
    assert.equal((await door.bloodline('push')).code, 0);
    assert.equal((await door.bloodline('archive', 'last', 'run.tar')).code, 0);
    for (const verb of [['pull'], ['unarchive', 'run.tar']]) {
      rmSync(join(door.root, 'artifacts'), { recursive: true });
      const { code, stdout, stderr } = await door.bloodline(...verb);
      assert.equal(code, 0, stdout + stderr);
      assert.deepEqual((await door.run('--remote', 'off')).ran, []);
      assertNames(join(door.root, 'artifacts/latest/second/out'));
    }
  });

  it('which a file system takes for one are refused there', async () => {
    open({ data: 'bytes' });
    const store = await openStore(join(door.root, 'artifacts'));
    assert.ok(store.ok);
    const path = join(door.root, 'artifacts', 'tmp', 'data');
    writeFileSync(path, 'bytes');
    const digest = sha256<'file bytes'>('bytes');
    await store.value.putUrl({ algorithm: 'sha256', hex: digest }, { path, sha256: digest });
    const file = { kind: 'file', digest, bytes: 5 } as const;
    const tree = writeTree(store.value.root, {
      sub: { kind: 'folder', digest: writeTree(store.value.root, { A: file, a: file }) },
    });
    const artifact: Artifact = { kind: 'folder', digest: tree, files: 2, bytes: 10 };
    const told = await store.value.checkout(artifact).then(
      (laidOut) => (laidOut.ok ? readdirSync(join(laidOut.value, 'sub')).sort() : laidOut.error),
      (error: Error) => error.message,
    );
    writeFileSync(join(door.root, 'DATA'), 'other');
    if (readFileSync(join(door.root, 'data'), 'utf8') === 'bytes') assert.deepEqual(told, ['A', 'a']);
    else assert.match(String(told), /^this file system does not tell the name "sub\/[Aa]" from another one/);
  });

  it('a hard link with the longest name, beside one with the name of a copy, is kept', async () => {
    open({ 'pipeline.yaml': PIPELINE.replace(COPY, 'sh links.sh') });
    const long = 'x'.repeat(255);
    mkdirSync(join(door.root, 'data'));
    writeFileSync(join(door.root, 'outside'), 'bytes');
    door.write({
      'links.sh': `mkdir "$BLOODLINE_OUTPUT_OUT"
for name in ${long} a a.copy; do ln outside "$BLOODLINE_OUTPUT_OUT/$name"; done`,
    });
    assert.deepEqual((await door.run('first')).ran, ['first']);
    writeFileSync(join(door.root, 'outside'), 'other');
    const kept = join(door.root, 'artifacts/latest/first/out');
    assert.deepEqual(readdirSync(kept).sort(), ['a', 'a.copy', long]);
    for (const name of readdirSync(kept)) assert.equal(readFileSync(join(kept, name), 'utf8'), 'bytes');
  });

  it('that are not UTF-8 are refused, with their bytes: of inputs, of sources and of outputs', async () => {
    open({
      'pipeline.yaml': `${PIPELINE}
  coded: { command: 'true', sources: ["src/**"], outputs: [out] }
  makes: { command: 'mkdir -p "$BLOODLINE_OUTPUT_OUT/sub"; cp latin "$BLOODLINE_OUTPUT_OUT/sub/$(printf "gr\\\\374n")"', outputs: [out] }
`,
      'src/a.sh': 'true',
      'data/good': 'good',
      latin: 'bytes',
    });
    const says = async (...args: string[]) => {
      const { code, stdout, stderr } = await door.bloodline(...args);
      return { code, text: stdout + stderr };
    };
    const made = await says('run', 'makes');
    assert.equal(made.code, 1);
    assert.match(
      made.text,
      /output "out" cannot be kept: \S+\/out\/sub\/gr\\xfcn has a name that is not UTF-8/,
    );
    assert.deepEqual(readdirSync(join(door.root, 'artifacts/tmp')), []);

    writeFileSync(inBytes(join(door.root, 'data'), LATIN), 'bytes');
    for (const args of [['run', 'first'], ['status']]) {
      const refused = await says(...args);
      assert.notEqual(refused.code, 0);
      assert.match(
        refused.text,
        /input "in" cannot be read: \S+\/data\n\s+\S+\/data\/gr\\xfcn has a name that is not UTF-8/,
      );
    }
    rmSync(inBytes(join(door.root, 'data'), LATIN));

    writeFileSync(inBytes(join(door.root, 'src'), LATIN), 'bytes');
    const coded = await says('run', 'coded');
    assert.notEqual(coded.code, 0);
    assert.match(coded.text, /sources: \S+src\/gr\\xfcn has a name that is not UTF-8/);
  });
});
