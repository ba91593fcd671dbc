import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { sha256, sha256OfJson } from '../../src/digest.ts';
import type { Result } from '../../src/failure.ts';
import { canonicalJson } from '../../src/json.ts';
import { layout } from '../../src/store/layout.ts';
import type { Publication } from '../../src/store/publish.ts';
import type { Artifact, KeyParts, StageRecord } from '../../src/store/record.ts';
import { outputsDigest, recordText } from '../../src/store/records.ts';
import type { Store } from '../../src/store/store.ts';
import { writeWhole } from '../../src/store/write.ts';

/** What every store keeps, whatever it is made of. */
export function storeContract(name: string, open: (folder: string) => Promise<Result<Store>>): void {
  describe(`store contract: ${name}`, () => {
    let root: string;
    before(() => {
      root = mkdtempSync(join(tmpdir(), 'bloodline-store-'));
    });
    after(() => rmSync(root, { recursive: true, force: true }));

    let count = 0;
    const fresh = async (): Promise<Store> => {
      count += 1;
      return value(await open(join(root, `store ${count}`)));
    };
    const again = async (store: Store) => value(await open(store.root));

    it('finds what was published, with its metrics, facts and log', async () => {
      const store = await fresh();
      const folder = store.scratch();
      writeFileSync(join(folder, 'log.txt'), 'a line\n');
      const record = value(
        await store.publish({ ...publication(store, { table: 'a,b\n' }), logFile: join(folder, 'log.txt') }),
      );
      assert.deepEqual(await (await again(store)).find(record.key), record);
      assert.deepEqual(record.metrics, { accuracy: 0.5 });
      const log = value(await store.checkout({ kind: 'file', digest: record.log!, files: 1, bytes: 7 }));
      assert.equal(readFileSync(log, 'utf8'), 'a line\n');
      assert.equal(await store.find(sha256('another key')), null);
    });

    it('hands out files and folders with the same bytes, read-only, by the same path each time', async () => {
      const store = await fresh();
      const content = { 'a.txt': 'A', deep: { 'b.txt': 'B', empty: {} }, 'ünï cödé.txt': 'U' };
      const record = value(await store.publish(publication(store, { table: 'a,b\n', folder: content })));
      const file = value(await store.checkout(record.outputs['table']!));
      assert.equal(readFileSync(file, 'utf8'), 'a,b\n');
      const path = value(await store.checkout(record.outputs['folder']!));
      assert.deepEqual(readBack(path), content);
      assert.equal(lstatSync(join(path, 'a.txt')).mode & 0o222, 0);
      const inode = lstatSync(join(path, 'deep', 'b.txt')).ino;
      assert.equal(value(await (await again(store)).checkout(record.outputs['folder']!)), path);
      assert.equal(lstatSync(join(path, 'deep', 'b.txt')).ino, inode);
      const { files, bytes } = record.outputs['folder']!;
      assert.deepEqual({ files, bytes }, { files: 3, bytes: 3 });
    });

    it('gives one digest to the same bytes, wherever and whenever they were made', async () => {
      const [one, two] = [await fresh(), await fresh()];
      const content = { b: 'B', a: { c: 'C' } };
      const first = value(await one.publish(publication(one, { out: content })));
      const second = value(await two.publish(publication(two, { out: { a: { c: 'C' }, b: 'B' } })));
      assert.equal(first.outputs['out']!.digest, second.outputs['out']!.digest);
      assert.equal(
        value(await one.digestPath(value(await one.checkout(first.outputs['out']!)))),
        first.outputs['out']!.digest,
      );
    });

    it('never hands out a file with a flipped byte, though size and times are as before', async () => {
      const store = await fresh();
      const record = value(
        await store.publish(publication(store, { table: 'some bytes', folder: { x: 'folder bytes' } })),
      );
      for (const [output, path] of [
        ['table', value(await store.checkout(record.outputs['table']!))],
        ['folder', join(value(await store.checkout(record.outputs['folder']!)), 'x')],
      ] as const) {
        flipByte(path);
        const later = await again(store);
        assert.equal(await later.find(record.key), null);
        const refused = await later.checkout(record.outputs[output]!);
        assert.equal(refused.ok, false);
        assert.equal((await later.checkout(record.outputs[output]!)).ok, false, 'nor when asked again');
        assert.ok(readdirSync(layout.damaged(store.root)).length > 0, 'it is kept to be looked at');
        const remade = value(
          await later.publish(publication(store, { table: 'some bytes', folder: { x: 'folder bytes' } })),
        );
        assert.deepEqual(remade.outputs, record.outputs);
        assert.deepEqual(await later.find(record.key), record, 'made again, it is found again');
        value(await later.checkout(record.outputs[output]!));
      }
    });

    it('makes a damaged blob good when the same bytes are published again', async () => {
      const store = await fresh();
      const record = value(await store.publish(publication(store, { table: 'good bytes' })));
      flipByte(layout.blob(store.root, record.outputs['table']!.digest as never));
      value(await store.publish(publication(store, { table: 'good bytes' })));
      assert.equal(readFileSync(value(await store.checkout(record.outputs['table']!)), 'utf8'), 'good bytes');
    });

    it('does not find a record whose blob is missing, cut short, or a folder', async () => {
      const store = await fresh();
      const content = { table: 'some bytes' };
      const record = value(await store.publish(publication(store, content)));
      const blob = layout.blob(store.root, sha256('some bytes'));
      const ways = [
        () => rmSync(blob),
        () => {
          chmodSync(blob, 0o644);
          truncateSync(blob, 3);
        },
        () => {
          rmSync(blob);
          mkdirSync(blob);
        },
      ];
      for (const way of ways) {
        way();
        const later = await again(store);
        assert.equal(await later.find(record.key), null);
        assert.equal((await later.checkout(record.outputs['table']!)).ok, false);
        assert.equal(later.records(record.key).length, 1, 'why it must run again can still be told');
        value(await later.publish(publication(later, content)));
        assert.notEqual(await later.find(record.key), null);
      }
    });

    it('does not find a record whose folder node is missing or was edited', async () => {
      const store = await fresh();
      const content = { folder: { a: 'A' } };
      const record = value(await store.publish(publication(store, content)));
      const node = layout.tree(store.root, record.outputs['folder']!.digest as never);
      for (const way of [
        () => rmSync(node),
        () => writeFileSync(node, '{}'),
        () => writeFileSync(node, '{'),
      ]) {
        way();
        assert.equal(await (await again(store)).find(record.key), null);
        value(await store.publish(publication(store, content)));
        assert.notEqual(await (await again(store)).find(record.key), null);
      }
    });

    it('takes a truncated, emptied or foreign record for none', async () => {
      const store = await fresh();
      const record = value(await store.publish(publication(store, { table: 'x' })));
      const path = layout.record(store.root, record.key, outputsDigest(record.outputs));
      const text = readFileSync(path, 'utf8');
      for (const broken of [
        '',
        text.slice(0, text.length >> 1),
        'null',
        '[]',
        text.replace(record.key, sha256('other')),
      ]) {
        writeFileSync(path, broken);
        assert.equal(await store.find(record.key), null);
        assert.deepEqual(
          store.recordsOf('ingest').filter(({ key }) => key === record.key),
          [],
        );
      }
      value(await store.publish(publication(store, { table: 'x' })));
      assert.notEqual(await store.find(record.key), null);
    });

    it('lays a folder out anew when only the view of it was changed', async () => {
      const store = await fresh();
      const record = value(await store.publish(publication(store, { folder: { a: 'A', b: { c: 'C' } } })));
      const path = value(await store.checkout(record.outputs['folder']!));
      for (const way of [
        () => writeFileSync(join(path, 'extra'), ''),
        () => rmSync(join(path, 'b', 'c')),
        () => {
          rmSync(join(path, 'a'));
          symlinkSync('/etc/hostname', join(path, 'a'));
        },
        () => {
          rmSync(path, { recursive: true });
          writeFileSync(path, '');
        },
      ]) {
        way();
        assert.equal(value(await (await again(store)).checkout(record.outputs['folder']!)), path);
        assert.deepEqual(readBack(path), { a: 'A', b: { c: 'C' } });
      }
    });

    it('says when a stage has written to its input, added to it or taken from it', async () => {
      const store = await fresh();
      const make = async () =>
        value(await store.publish(publication(store, { folder: { a: 'A' }, table: 'T' })));
      for (const way of [
        (folder: string) => flipByte(join(folder, 'a')),
        (folder: string) => writeFileSync(join(folder, 'new'), ''),
        (folder: string) => rmSync(join(folder, 'a')),
      ]) {
        const record = await make();
        const artifact = record.outputs['folder']!;
        const path = value(await store.checkout(artifact));
        assert.equal(await store.verifyInput(artifact), null);
        way(path);
        assert.notEqual(await store.verifyInput(artifact), null);
        await make();
        assert.deepEqual(readBack(value(await store.checkout(artifact))), { a: 'A' });
      }
      const { outputs } = await make();
      flipByte(value(await store.checkout(outputs['table']!)));
      assert.notEqual(await store.verifyInput(outputs['table']!), null);
    });

    it('refuses links, sockets and missing outputs, and leaves nothing visible', async () => {
      const store = await fresh();
      const at = (make: (folder: string) => void) => {
        const folder = store.scratch();
        make(folder);
        return {
          ...publication(store, {}),
          outputs: { table: writeAt(store, 'fine'), out: join(folder, 'out') },
        };
      };
      const server = createServer();
      const cases: [string, Publication][] = [
        ['output-missing', at(() => {})],
        ['output-unusable', at((folder) => symlinkSync('/etc/hostname', join(folder, 'out')))],
        [
          'output-unusable',
          at((folder) => {
            mkdirSync(join(folder, 'out'));
            symlinkSync('a', join(folder, 'out', 'b'));
          }),
        ],
      ];
      const socket = store.scratch();
      // Linux allows about 108 bytes for a socket's path, so it is made elsewhere first.
      const short = join(mkdtempSync(join(tmpdir(), 's-')), 's');
      await new Promise<void>((resolve) => server.listen(short, resolve));
      renameSync(short, join(socket, 'out'));
      cases.push(['output-unusable', { ...publication(store, {}), outputs: { out: join(socket, 'out') } }]);
      for (const [reason, unusable] of cases) {
        const refused = await store.publish(unusable);
        assert.equal(refused.ok ? 'published' : refused.error.reason, reason);
        assert.equal(await store.find(unusable.key), null);
        assert.deepEqual(store.recordsOf(unusable.stage), []);
        assert.equal(existsSync(layout.blob(store.root, sha256('fine'))), false, 'not even a blob');
      }
      await new Promise((resolve) => server.close(resolve));
      rmSync(dirname(short), { recursive: true });
    });

    it('takes a copy of an output that is a hard link to a file elsewhere', async () => {
      const store = await fresh();
      const elsewhere = join(root, 'elsewhere.txt');
      writeFileSync(elsewhere, 'mine');
      const folder = store.scratch();
      linkSync(elsewhere, join(folder, 'out'));
      const record = value(
        await store.publish({ ...publication(store, {}), outputs: { out: join(folder, 'out') } }),
      );
      writeFileSync(elsewhere, 'changed');
      assert.equal(readFileSync(value(await store.checkout(record.outputs['out']!)), 'utf8'), 'mine');
    });

    it('shows nothing of a publication that was interrupted, and completes it next time', async () => {
      const store = await fresh();
      const record = value(await store.publish(publication(store, { folder: { a: 'A', b: 'B' } })));
      // Killed before the record: blobs and trees are there.
      rmSync(layout.recordsOfKey(store.root, record.key), { recursive: true });
      assert.equal(await (await again(store)).find(record.key), null);
      // Killed before the tree.
      rmSync(layout.tree(store.root, record.outputs['folder']!.digest as never));
      assert.equal(await (await again(store)).find(record.key), null);
      // Killed within the blobs.
      rmSync(layout.blob(store.root, sha256('B')));
      const later = await again(store);
      value(await later.publish(publication(later, { folder: { a: 'A', b: 'B' } })));
      assert.deepEqual(readBack(value(await later.checkout(record.outputs['folder']!))), { a: 'A', b: 'B' });
    });

    it('takes two publications at once, of the same and of other bytes', async () => {
      const one = await fresh();
      const other = await again(one);
      const many = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`f${i}`, `${i}`]));
      const records = await Promise.all([
        one.publish(publication(one, { folder: many })),
        other.publish(publication(other, { folder: many })),
        one.publish(publication(one, { folder: { ...many, f0: 'different' } })),
        other.publish({ ...publication(other, { folder: many }), key: sha256('another') }),
      ]);
      for (const record of records) {
        const path = value(await (await again(one)).checkout(value(record).outputs['folder']!));
        assert.equal(readdirSync(path).length, 50);
      }
      assert.equal(one.records(value(records[0]!).key).length, 2, 'both results of one key are kept');
    });

    it('gives the records of a stage latest first, and of a key oldest first', async () => {
      const store = await fresh();
      const publish = async (text: string, startedAt: string) =>
        value(await store.publish({ ...publication(store, { table: text }), startedAt }));
      const first = await publish('1', '2026-01-01T00:00:00.000Z');
      await publish('2', '2026-01-02T00:00:00.000Z');
      await publish('3', '2026-01-03T00:00:00.000Z');
      const texts = (records: readonly StageRecord[]) =>
        records.map(({ outputs }) =>
          readFileSync(layout.blob(store.root, outputs['table']!.digest as never), 'utf8'),
        );
      assert.deepEqual(texts(store.recordsOf('ingest')), ['3', '2', '1']);
      assert.deepEqual(texts(store.recordsOf('ingest', 1)), ['3']);
      assert.deepEqual(texts(store.records(first.key)), ['1', '2', '3']);
      assert.deepEqual(await store.find(first.key), first, 'a hit is the first of them');
      assert.deepEqual(store.recordsOf('never/ran @ all'), []);
    });

    it("hashes a user's file or folder by content, through links, whatever its name and times", async () => {
      const store = await fresh();
      const data = join(root, 'data');
      writeTo(data, { 'a.txt': 'A', '.hidden': 'H', deep: { 'b.txt': 'B' } });
      const digest = value(await store.digestPath(data));
      utimesSync(join(data, 'a.txt'), 1, 1);
      writeFileSync(join(data, '.DS_Store'), 'litter');
      assert.equal(value(await store.digestPath(data)), digest);
      symlinkSync(data, join(root, 'link'));
      assert.equal(value(await store.digestPath(join(root, 'link'))), digest);
      renameSync(data, join(root, 'moved'));
      assert.equal(value(await store.digestPath(join(root, 'moved'))), digest);
      writeFileSync(join(root, 'moved', '.hidden'), 'h');
      assert.notEqual(value(await store.digestPath(join(root, 'moved'))), digest);
      assert.equal(value(await store.digestPath(join(root, 'moved', 'a.txt'))), sha256('A'));
      for (const [path, make] of [
        ['nothing', () => {}],
        ['broken', (at: string) => symlinkSync('nowhere', at)],
        [
          'circle',
          (at: string) => {
            mkdirSync(at);
            symlinkSync('..', join(at, 'up'));
            symlinkSync(at, join(at, 'self'));
          },
        ],
      ] as [string, (at: string) => void][]) {
        make(join(root, path));
        assert.equal((await store.digestPath(join(root, path))).ok, false, path);
      }
    });

    it('uses no record that its schema refuses, though its checksum fits', async () => {
      const store = await fresh();
      const good = value(await store.publish(publication(store, { table: '1' })));
      const forged: readonly (readonly [string, object, boolean])[] = [
        [
          'a digest that is a path',
          { outputs: { table: { ...good.outputs['table'], digest: '../../../etc/passwd' } } },
          false,
        ],
        ['a name that is a path', { outputs: { '../table': good.outputs['table'] } }, false],
        ['another key', { key: sha256('other') }, false],
        ['an output of no kind', { outputs: { table: { ...good.outputs['table'], kind: 'link' } } }, false],
        ['no params', { parts: { ...good.parts, params: undefined } }, true],
        ['a member too much', { extra: 1 }, true],
      ];
      for (const [what, changes, found] of forged) {
        const record = { ...good, ...changes } as StageRecord;
        rmSync(layout.recordsOfKey(store.root, good.key), { recursive: true });
        const path = layout.record(store.root, good.key, outputsDigest(record.outputs));
        writeWhole(store.root, path, recordText(good.key, record));
        const opened = await again(store);
        assert.deepEqual(opened.records(good.key), [], what);
        // A hit reads nothing but the outputs.
        assert.equal((await opened.find(good.key)) !== null, found, what);
      }
    });

    it('sees a user file that is written again within the same instant and to the same size', async () => {
      const store = await fresh();
      const file = join(root, 'racy');
      for (let i = 0; i < 20; i += 1) {
        writeFileSync(file, `${i % 10}`);
        assert.equal(value(await store.digestPath(file)), sha256(`${i % 10}`));
      }
    });

    it('keeps a download by the digest that was named, as long as its bytes fit', async () => {
      const store = await fresh();
      const md5 = { algorithm: 'md5', hex: '900150983cd24fb0d6963f7d28e17f72' } as const;
      assert.equal(await store.findUrl(md5), null);
      const fetched = { path: writeAt(store, 'abc'), sha256: sha256<'file bytes'>('abc') };
      assert.equal(readFileSync(await store.putUrl(md5, fetched), 'utf8'), 'abc');
      const path = await (await again(store)).findUrl(md5);
      assert.equal(readFileSync(path!, 'utf8'), 'abc');
      flipByte(path!);
      assert.equal(await (await again(store)).findUrl(md5), null);
    });

    it('shows the latest outputs by links that follow the store', async () => {
      const store = await fresh();
      const stage = 'train@model=a/b,seed=2';
      const first = value(await store.publish(publication(store, { table: '1', folder: { a: 'A' } })));
      value(await store.latest(stage, first));
      const second = value(
        await store.publish({ ...publication(store, { table: '2' }), key: sha256('second') }),
      );
      const moved = `${store.root} moved`;
      const names = () =>
        readdirSync(join(store.root, 'latest')).flatMap((name) =>
          readdirSync(join(store.root, 'latest', name)).sort(),
        );
      assert.deepEqual(names(), ['folder', 'table']);
      value(await store.latest(stage, second));
      assert.deepEqual(names(), ['table']);
      rmSync(join(store.root, 'checkouts'), { recursive: true });
      value(await store.latest(stage, first));
      const shown = readdirSync(join(store.root, 'latest'))[0]!;
      assert.deepEqual(readdirSync(join(store.root, 'latest', shown, 'folder')), ['a']);
      value(await store.latest(stage, second));
      renameSync(store.root, moved);
      const [folder] = readdirSync(join(moved, 'latest'));
      assert.equal(readFileSync(join(moved, 'latest', folder!, 'table'), 'utf8'), '2');
      assert.ok(realpathSync(join(moved, 'latest', folder!, 'table')).startsWith(realpathSync(moved)));
    });

    it('keeps descriptions, code and checkpoints', async () => {
      const store = await fresh();
      const source = sha256<'executed code'>('source');
      assert.equal(store.description(source), null);
      const description = { inputs: {}, outputs: ['x'], draws: true, tensors: false, params: {} };
      store.putDescription(source, description);
      assert.deepEqual((await again(store)).description(source), description);
      writeFileSync(layout.description(store.root, source), '{"inp');
      assert.equal(store.description(source), null);
      const text = 'export default 1;';
      const path = store.putCode(root, sha256(text), text);
      assert.ok(path.startsWith(store.root));
      writeFileSync(path, 'broken');
      assert.equal(readFileSync(store.putCode(root, sha256(text), text), 'utf8'), text);
      const project = join(root, 'elsewhere');
      assert.ok(store.putCode(project, sha256(text), text).startsWith(join(project, 'artifacts', 'code')));
      const key = sha256<'key parts'>('key');
      const checkpoints = store.checkpointFolder(key, 'native');
      mkdirSync(checkpoints, { recursive: true });
      writeFileSync(join(checkpoints, 'epoch-3'), '');
      assert.equal((await again(store)).checkpointFolder(key, 'native'), checkpoints);
      assert.notEqual(store.checkpointFolder(key, 'wasm'), checkpoints);
      store.dropCheckpoints(key);
      assert.equal(existsSync(checkpoints), false);
    });

    it('gives scratch folders that are empty, however they were given back', async () => {
      const store = await fresh();
      const first = store.scratch();
      assert.deepEqual(readBack(first), { outputs: {} });
      assert.notEqual(store.scratch(), first);
      writeTo(join(first, 'log.txt'), 'log');
      writeTo(join(first, 'inputs'), { a: { b: 'c' } });
      writeTo(join(first, 'outputs', 'left'), { d: 'e' });
      symlinkSync(root, join(first, 'outputs', 'link'));
      store.giveBackScratch(first);
      assert.equal(store.scratch(), first);
      assert.deepEqual(readBack(first), { outputs: {} });
      assert.ok(existsSync(root));
      store.giveBackScratch(first);
      store.closeScratch();
      assert.equal(existsSync(first), false);
    });

    it('survives indexes that are cut short, nonsense or gone', async () => {
      const store = await fresh();
      const record = value(await store.publish(publication(store, { table: 'x', folder: { a: 'A' } })));
      const file = layout.statIndex(store.root);
      store.save();
      for (const text of [readFileSync(file, 'utf8').slice(0, -9), 'nonsense\n{}\n[]\nnull', '']) {
        writeFileSync(file, text);
        const later = await again(store);
        assert.deepEqual(await later.find(record.key), record);
        later.save();
      }
      rmSync(file);
      rmSync(join(store.root, 'records', 'index'));
      assert.deepEqual(await (await again(store)).find(record.key), record);
    });

    it('says why a folder cannot be a store', async () => {
      const file = join(root, 'a file');
      writeFileSync(file, '');
      const refused = await open(join(file, 'artifacts'));
      assert.equal(refused.ok ? 'opened' : refused.error.reason, 'store-unusable');
    });
  });
}

export type Content = { readonly [name: string]: string | Content };

export function value<T, E>(result: Result<T, E>): T {
  assert.ok(result.ok, `expected success, got ${result.ok ? '' : JSON.stringify(result.error)}`);
  return result.value;
}

/** A publication of outputs written to fresh scratch folders; its key is always the same. */
export function publication(store: Store, outputs: Readonly<Record<string, string | Content>>): Publication {
  const parts: KeyParts = {
    protocol: 1,
    program: { kind: 'command', command: { shell: 'true' }, sources: {} },
    modules: {},
    packages: {},
    params: {},
    inputs: {},
    seed: null,
    outputs: Object.keys(outputs),
    env: {},
  };
  return {
    key: sha256OfJson({ ...parts, outputs: [] }),
    parts,
    stage: 'ingest',
    outputs: Object.fromEntries(
      Object.entries(outputs).map(([name, content]) => [name, writeAt(store, content)]),
    ),
    metrics: { accuracy: 0.5 },
    facts: { engine: 'none' },
    warnings: [],
    logFile: null,
    run: 'run-1',
    startedAt: '2026-01-01T00:00:00.000Z',
    ms: 12,
  };
}

function writeAt(store: Store, content: string | Content): string {
  const path = join(store.scratch(), 'out');
  writeTo(path, content);
  return path;
}

function writeTo(path: string, content: string | Content): void {
  if (typeof content === 'string') {
    writeFileSync(path, content);
    return;
  }
  mkdirSync(path);
  for (const [name, below] of Object.entries(content)) writeTo(join(path, name), below);
}

export function readBack(path: string): string | Content {
  if (!lstatSync(path).isDirectory()) return readFileSync(path, 'utf8');
  const entries = readdirSync(path).map((name): [string, string | Content] => [
    name,
    readBack(join(path, name)),
  ]);
  return Object.fromEntries(entries);
}

/** As a bad disk or a careless program would: same size, same mtime. */
function flipByte(path: string): void {
  const { atime, mtime } = lstatSync(path);
  const bytes = readFileSync(path);
  bytes[0] = bytes[0]! ^ 1;
  chmodSync(path, 0o644);
  writeFileSync(path, bytes);
  utimesSync(path, atime, mtime);
  chmodSync(path, 0o444);
}

/** Of an artifact as it would be hashed by hand. */
export function handDigest(content: Content): Artifact['digest'] {
  const node = Object.fromEntries(
    Object.entries(content).map(([name, below]) => [
      name,
      typeof below === 'string'
        ? { kind: 'file', digest: sha256(below), bytes: Buffer.byteLength(below) }
        : { kind: 'folder', digest: handDigest(below) },
    ]),
  );
  return sha256(canonicalJson(node));
}
