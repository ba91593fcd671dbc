import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { sha256 } from '../../src/digest.ts';
import { divide } from '../../src/store/remote/contents.ts';
import { makeDirectoryRemote } from '../../src/store/remote/directory.ts';
import { openS3 } from '../../src/store/remote/s3.ts';
import { openFaultyProxy } from '../rig/faulty-proxy.ts';
import { type FrontDoor, openFrontDoor } from '../rig/front-door.ts';
import { pipeline, remoteContract } from './remote-contract.ts';

const root = mkdtempSync(join(tmpdir(), 'bloodline-share-'));
after(() => rmSync(root, { recursive: true, force: true }));

let count = 0;
remoteContract('a directory', async () => {
  const path = join(root, `share ${++count}`);
  await makeDirectoryRemote(path);
  return { yaml: `path: "${path}"`, at: { path } };
});

describe('a run is never worse off for its remotes', () => {
  const doors: FrontDoor[] = [];
  after(() => {
    for (const door of doors) door.remove();
  });
  before(() => {
    process.env.AWS_ACCESS_KEY_ID = 'some';
    process.env.AWS_SECRET_ACCESS_KEY = 'secret';
  });

  /** All stages run, and one line tells of the remote. */
  async function runsWithout(yaml: string, why: RegExp): Promise<void> {
    const door = openFrontDoor({ 'pipeline.yaml': pipeline(yaml) });
    doors.push(door);
    const run = await door.run('--remote', 'write');
    assert.deepEqual([run.code, run.ran], [0, ['many', 'large', 'last']], run.answer.stderr);
    const said = run.answer.events.filter(({ type }) => type === 'remote-off');
    assert.equal(said.length, 1);
    assert.match(String(said[0]!.message), why);
  }

  it('a server that takes connections and says nothing', async () => {
    const silent = await openFaultyProxy(0, { silent: true });
    await runsWithout(
      `s3: { bucket: results, endpoint: "http://127.0.0.1:${silent.port}" }`,
      /^no answer within 5 s$/,
    );
    silent.close();
  });

  it('a server that is not there', async () => {
    const { port, close } = await openFaultyProxy(0);
    close();
    await runsWithout(`s3: { bucket: results, endpoint: "http://127.0.0.1:${port}" }`, /ECONNREFUSED/);
  });

  it('a server that stops in the midst of what it is sent', async () => {
    const stopping = await openFaultyProxy(0, { stopReading: true });
    const at = { bucket: 'results', prefix: '', endpoint: `http://127.0.0.1:${stopping.port}`, region: null };
    const objects = await openS3(at, { answerMs: 200, stallMs: 300 });
    await assert.rejects(
      objects.put('large', Buffer.alloc(10_000_000)),
      /it stopped in the midst of a request/,
    );
    objects.close();
    stopping.close();
  });

  it('a folder that is not mounted', () =>
    runsWithout(
      'path: /nowhere/at/all',
      /is not there, or is no remote; `bloodline remote init` makes it one/,
    ));

  it('a folder that hangs, as one of a dead file server does', async () => {
    const path = join(root, 'dead');
    mkdirSync(path);
    execFileSync('mkfifo', [join(path, 'bloodline-remote')]);
    await runsWithout(`path: "${path}"`, /^no answer within 5 s$/);
  });
});

describe('packs', () => {
  const contents = (count: number, edited: number | null) =>
    Array.from({ length: count }, (_, i) => ({
      kind: 'blob' as const,
      digest: sha256<'file bytes'>(i === edited ? 'edited' : `file ${i}`),
      bytes: 5000 + (i % 7),
    }));
  const names = (of: readonly (readonly { readonly digest: string }[])[]) =>
    new Set(of.map((pack) => pack.map(({ digest }) => digest).join()));

  it('hold some megabytes each, and nearly all stay as they were where one file of ten thousand changed', () => {
    const [before, after] = [divide(contents(10_000, null)).packs, divide(contents(10_000, 77)).packs];
    assert.equal(before.flat().length, 10_000);
    for (const pack of before) {
      const bytes = pack.reduce((sum, one) => sum + one.bytes, 0);
      assert.ok(bytes > 3e6 && bytes < 16e6, `${bytes} bytes`);
    }
    const known = names(before);
    const fresh = [...names(after)].filter((name) => !known.has(name));
    assert.ok(fresh.length <= 2, `${fresh.length} of ${after.length} packs are new`);
  });
});

describe('keys', () => {
  it('are made once, outside the store, for their owner alone; without one nothing is sent', async () => {
    const door = openFrontDoor({ 'pipeline.yaml': pipeline(`path: "${root}"`) });
    process.env.XDG_CONFIG_HOME = join(door.root, 'config');
    delete process.env.BLOODLINE_SIGNING_KEY;
    const refused = await door.bloodline('push');
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /there is no key to sign results with/);
    const inStore = await door.bloodline('remote', 'keygen', 'artifacts/my.key');
    assert.match(inStore.stderr, /is in the store/);
    const made = await door.bloodline('remote', 'keygen');
    assert.match(made.stdout, /^ed25519:[A-Za-z0-9+/]{43}=\n$/);
    const file = join(door.root, 'config', 'bloodline', 'signing.key');
    assert.equal(execFileSync('stat', ['-c', '%a', file], { encoding: 'utf8' }), '600\n');
    const again = await door.bloodline('remote', 'keygen');
    assert.match(again.stderr, /there is a key at .* already/);
    door.remove();
  });
});
