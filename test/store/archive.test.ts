import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { packTar, unpackTar } from 'modern-tar';
import { sha256 } from '../../src/digest.ts';
import { canonicalJson } from '../../src/json.ts';
import { ArchiveRefused, readArchive } from '../../src/store/archive/read.ts';
import { resultName, writeResult } from '../../src/store/remote/signed-result.ts';
import { newKey } from '../../src/store/remote/signing.ts';
import { openStore } from '../../src/store/store.ts';
import { type FrontDoor, openFrontDoor } from '../rig/front-door.ts';
import { value } from './contract.ts';

const TEAM = newKey();
process.env.BLOODLINE_SIGNING_KEY = TEAM.pem;

const PIPELINE = `name: kept
stages:
  many: { command: 'mkdir "$BLOODLINE_OUTPUT_OUT"; for i in 1 2 3; do echo "file $i" > "$BLOODLINE_OUTPUT_OUT/f$i"; done', outputs: [out] }
  large: { command: 'yes "0123456789abcde" | head -c 3000000 > "$BLOODLINE_OUTPUT_OUT"', outputs: [out], inputs: { many: many.out } }
`;

interface Entry {
  readonly header: { name: string; size: number; type?: string; linkname?: string };
  readonly data: Buffer;
}

describe('archives of runs', () => {
  const root = mkdtempSync(join(tmpdir(), 'bloodline-archive-'));
  const file = join(root, 'run.tar');
  let door: FrontDoor;
  let good: readonly Entry[];
  const doors: FrontDoor[] = [];
  const clone = (): FrontDoor => {
    const made = openFrontDoor({ 'pipeline.yaml': PIPELINE });
    doors.push(made);
    return made;
  };
  before(async () => {
    door = clone();
    assert.equal((await door.run()).code, 0);
    const archived = await door.bloodline('archive', 'last', file);
    assert.match(archived.stdout, /2 results in .*\nsigned by ed25519:/, archived.stderr);
    good = (await unpackTar(readFileSync(file))).map(({ header, data }) => ({
      header: { ...header },
      data: Buffer.from(data!),
    }));
  });
  after(() => {
    for (const one of doors) one.remove();
    rmSync(root, { recursive: true, force: true });
  });

  it('bring a run with its page into an empty store, where nothing runs again', async () => {
    const second = clone();
    const taken = await second.bloodline('unarchive', file);
    assert.equal(taken.code, 0, taken.stderr);
    assert.deepEqual((await second.run()).cached, ['many', 'large']);
    assert.equal((await second.bloodline('verify')).code, 0);
    const [run] = readdirSync(join(second.root, 'artifacts', 'runs'));
    assert.ok(existsSync(join(second.root, 'artifacts', 'runs', run!, 'index.html')));
    assert.equal((await second.bloodline('unarchive', file)).code, 0, 'twice does no harm');
  });

  it('are the same bytes for the same run, and never written over a file', async () => {
    const again = join(root, 'again.tar');
    assert.equal((await door.bloodline('archive', 'last', again)).code, 0);
    assert.equal(sha256(readFileSync(again)), sha256(readFileSync(file)));
    assert.match((await door.bloodline('archive', 'last', again)).stderr, /there is a file .* already/);
    assert.match(
      (await door.bloodline('archive', 'no-run', join(root, 'x'))).stderr,
      /there is no run "no-run"/,
    );
  });

  it('are taken in if a trusted key signed them, or if one says so', async () => {
    const stranger = clone();
    const PEM = process.env.BLOODLINE_SIGNING_KEY;
    process.env.BLOODLINE_SIGNING_KEY = newKey().pem;
    const refused = await stranger.bloodline('unarchive', file);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /was signed by "ed25519:.*", which is not trusted here/);
    assert.match(refused.stderr, /--key ed25519:… trusts a key/);
    const other = join(root, 'other.tar');
    writeFileSync(
      other,
      await bytesOf([{ header: { name: 'signed', size: 4, type: 'file' }, data: Buffer.from('evil') }]),
    );
    const odd = await stranger.bloodline('unarchive', other);
    assert.match(odd.stderr, /begins with "signed"/);
    assert.doesNotMatch(odd.stderr, /--unsigned/, 'trust would not help');
    assert.equal((await stranger.bloodline('unarchive', file, '--key', TEAM.publicKey)).code, 0);
    process.env.BLOODLINE_SIGNING_KEY = PEM;
  });

  const bytesOf = (entries: readonly Entry[]) =>
    packTar(
      entries.map(({ header, data }) => ({ header: { ...header, size: data.length }, body: data })) as never,
    );
  const extra = (header: Partial<Entry['header']>, data = Buffer.from('evil')) => [
    ...good,
    { header: { name: 'x', size: data.length, type: 'file', ...header }, data } as Entry,
  ];
  const changed = (pattern: RegExp, change: (data: Buffer) => Buffer) => {
    const hit = good.findIndex(({ header }) => pattern.test(header.name));
    assert.notEqual(hit, -1);
    return good.map((entry, i) => (i === hit ? { ...entry, data: change(Buffer.from(entry.data)) } : entry));
  };
  const flipped = (data: Buffer): Buffer => {
    data[data.length >> 1]! ^= 1;
    return data;
  };

  const hostile: Readonly<Record<string, () => Promise<Uint8Array> | Uint8Array>> = {
    'a path that leaves': () => bytesOf(extra({ name: '../../evil' })),
    'an absolute path': () => bytesOf(extra({ name: '/tmp/evil' })),
    'a path into the store that no result speaks of': () =>
      bytesOf(extra({ name: `blobs/${'0'.repeat(62)}` })),
    'a file of the run’s folder that is not listed': () => bytesOf(extra({ name: 'runs/../evil' })),
    'a link': () =>
      bytesOf(extra({ name: 'blobs/link', type: 'symlink', linkname: '/etc/passwd' }, Buffer.alloc(0))),
    'a hard link': () => bytesOf(extra({ name: 'blobs/link', type: 'link', linkname: 'x' }, Buffer.alloc(0))),
    'a device': () => bytesOf(extra({ name: 'blobs/null', type: 'character-device' }, Buffer.alloc(0))),
    'an entry given twice': () => bytesOf([...good, good.at(-1)!]),
    'a file longer than announced': () =>
      bytesOf(changed(/^blobs/, (data) => Buffer.concat([data, Buffer.from('x')]))),
    'a flipped byte in a file': () => bytesOf(changed(/^blobs/, flipped)),
    'a flipped byte in a pack': () => bytesOf(changed(/^packs/, flipped)),
    'a flipped byte in the page': () => bytesOf(changed(/index\.html$/, flipped)),
    'a result changed after it was signed': () =>
      bytesOf(changed(/^results/, (data) => Buffer.from(data.toString().replace(/"ms": \d+/, '"ms": 99')))),
    'a result nested a hundred thousand deep': () =>
      bytesOf(
        changed(/^results/, (data) =>
          Buffer.from(
            data.toString().replace('"facts": {', `"facts": { "deep": ${'['.repeat(1e5)}${']'.repeat(1e5)},`),
          ),
        ),
      ),
    'a result that is missing': () =>
      bytesOf(good.filter(({ header }) => !header.name.startsWith('results'))),
    'a file that is missing': () => bytesOf(good.filter(({ header }) => !header.name.startsWith('blobs'))),
    'an end that is missing': () => readFileSync(file).subarray(0, 1_000_000),
    'another tar': () => bytesOf(extra({}).slice(-1)),
    'a compressed bomb': () => gzipSync(Buffer.alloc(10_000_000)),
    'no tar': () => Buffer.from('PK\u0003\u0004 something else '.repeat(100)),
    nothing: () => Buffer.alloc(0),
  };
  for (const [what, make] of Object.entries(hostile))
    it(`are refused whole: ${what}`, async () => refusedWhole(await make(), [TEAM.publicKey]));

  it('are refused whole, even where nobody need have signed: a folder whose names lead out of it', async () => {
    const evil = Buffer.from('evil');
    const node = canonicalJson({
      '../../../evil': { kind: 'file', digest: sha256(evil), bytes: evil.length },
    });
    const list = [
      ['tree', sha256(node), node.length],
      ['blob', sha256(evil), evil.length],
    ];
    const pack = Buffer.concat([Buffer.from(`${JSON.stringify(list)}\n${node}`), evil]);
    const signed = good.find(({ header }) => header.name.startsWith('results'))!;
    const { record } = JSON.parse(signed.data.toString());
    const out = { kind: 'folder', digest: sha256<'folder node'>(node), files: 1, bytes: 4 } as const;
    const result = {
      record: { ...record, outputs: { out }, log: null },
      packs: [{ digest: sha256<'pack'>(pack), bytes: pack.length }],
      alone: [],
    };
    const manifest = JSON.parse(good[0]!.data.toString());
    const entry = (name: string, data: string | Buffer) =>
      ({ header: { name, type: 'file' }, data: Buffer.from(data) }) as unknown as Entry;
    const tar = await bytesOf([
      entry(good[0]!.header.name, JSON.stringify({ ...manifest, results: 1, files: [] })),
      entry(resultName(result.record, null), writeResult(result, null)),
      entry(`packs/${sha256(pack)}`, pack),
    ]);
    await refusedWhole(tar, null);
    const climbing = {
      ...manifest,
      results: 0,
      files: [{ path: '../../evil', bytes: 4, sha256: sha256(evil) }],
    };
    await refusedWhole(await bytesOf([entry(good[0]!.header.name, JSON.stringify(climbing))]), null);
  });

  async function refusedWhole(tar: Uint8Array, trusted: Parameters<typeof readArchive>[2]): Promise<void> {
    const folder = mkdtempSync(join(root, 'hostile-'));
    writeFileSync(join(folder, 'a.tar'), tar);
    const store = value(await openStore(join(folder, 'deep', 'store')));
    await assert.rejects(readArchive(store, join(folder, 'a.tar'), trusted), ArchiveRefused);
    assert.deepEqual(readdirSync(folder).sort(), ['a.tar', 'deep'], 'nothing outside the store');
    assert.deepEqual(readdirSync(join(folder, 'deep')), ['store']);
    assert.ok(!existsSync(join(store.root, 'records')), 'no record');
    assert.ok(!existsSync(join(store.root, 'runs')), 'no run');
    assert.deepEqual(readdirSync(join(store.root, 'tmp')), [], 'nothing left over');
  }
});
