import assert from 'node:assert/strict';
import { chmodSync, cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { openStore } from '../../src/store/store.ts';
import { DAMAGES } from '../rig/damage.ts';
import { publication, readBack, value } from './contract.ts';

const CONTENT = {
  table: 'id,label\n1,a\n',
  folder: { 'a.txt': 'some text', deep: { 'b.txt': 'more text' } },
};

it('gives the right bytes or none, whichever of its files is damaged in whichever way', async () => {
  const root = mkdtempSync(join(tmpdir(), 'bloodline-damage-'));
  try {
    const whole = join(root, 'whole');
    const store = value(await openStore(whole));
    const record = value(await store.publish(publication(store, CONTENT)));
    value(await store.latest('ingest', record));
    store.save();
    const files = filesBelow(whole);
    assert.ok(files.length >= 9, files.join('\n'));
    for (const file of files) {
      for (const [way, damage] of Object.entries(DAMAGES)) {
        const what = `${file}: ${way}`;
        const copy = join(root, 'copy');
        // Hard links become files of their own, so the copy is laid out anew; that is what a restored backup looks like.
        cpSync(whole, copy, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
        chmodSync(join(copy, file), 0o644);
        damage(join(copy, file));
        const damaged = value(await openStore(copy));
        const found = await damaged.find(record.key);
        if (found !== null) {
          assert.deepEqual(found, record, what);
          assert.deepEqual(await bytesOf(damaged, found), CONTENT, what);
        }
        const remade = value(await damaged.publish(publication(damaged, CONTENT)));
        assert.deepEqual(await bytesOf(damaged, remade), CONTENT, what);
        assert.deepEqual(await damaged.find(record.key), record, what);
        rmSync(copy, { recursive: true });
      }
    }
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});

type Opened = Extract<Awaited<ReturnType<typeof openStore>>, { ok: true }>['value'];
type Found = NonNullable<Awaited<ReturnType<Opened['find']>>>;

async function bytesOf(store: Opened, record: Found): Promise<object> {
  const entries: [string, unknown][] = [];
  for (const [output, artifact] of Object.entries(record.outputs)) {
    entries.push([output, readBack(value(await store.checkout(artifact)))]);
  }
  return Object.fromEntries(entries);
}

function filesBelow(root: string, folder = ''): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(root, path) : entry.isFile() ? [path] : [];
  });
}
