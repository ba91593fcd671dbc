import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { layout } from '../../src/store/layout.ts';
import { openStore } from '../../src/store/store.ts';
import { type Content, publication, value } from './contract.ts';

const FILES = 1500;
const content = (): Content =>
  Object.fromEntries(Array.from({ length: FILES }, (_, i) => [`${i}.txt`, `file ${i}`]));

it('never shows a record with missing files, wherever a publisher was killed', async () => {
  const root = mkdtempSync(join(tmpdir(), 'bloodline-kill-'));
  try {
    const script = join(root, 'publish.mjs');
    const from = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
    writeFileSync(
      script,
      `const { openStore } = await import(${from('../../src/store/store.js')});
       const { publication } = await import(${from('./contract.js')});
       const store = (await openStore(process.argv[2])).value;
       const files = Object.fromEntries(Array.from({ length: ${FILES} }, (_, i) => [i + '.txt', 'file ' + i]));
       await store.publish(publication(store, { out: files }));`,
    );
    // Killed when so many blobs are visible: the moment is chosen by what was done, not by a clock.
    for (const [round, blobs] of [1, FILES / 3, FILES / 2, FILES - 1].entries()) {
      const folder = join(root, `store ${round}`);
      const child = spawn(process.execPath, [script, folder], { stdio: 'ignore' });
      await until(() => count(join(folder, 'blobs')) >= blobs || child.exitCode !== null);
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      const store = value(await openStore(folder));
      const expected = publication(store, {});
      const record = await store.find(expected.key);
      if (record !== null) {
        const path = value(await store.checkout(record.outputs['out']!));
        assert.equal(readdirSync(path).length, FILES);
      }
      const again = value(await store.publish(publication(store, { out: content() })));
      const path = value(await store.checkout(again.outputs['out']!));
      for (let i = 0; i < FILES; i += 1)
        assert.equal(readFileSync(join(path, `${i}.txt`), 'utf8'), `file ${i}`);
      store.sweepScratch();
      const dead = readdirSync(layout.tmp(folder)).filter((name) => name.split('-')[1] === String(child.pid));
      assert.deepEqual(dead, [], 'what the killed process left is swept');
    }
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});

function count(blobs: string): number {
  if (!existsSync(blobs)) return 0;
  return readdirSync(blobs).reduce((sum, name) => sum + readdirSync(join(blobs, name)).length, 0);
}

async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise((resolve) => setTimeout(resolve, 1));
}
