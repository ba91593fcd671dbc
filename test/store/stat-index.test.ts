import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { sha256 } from '../../src/digest.ts';
import { bootId } from '../../src/store/boot.ts';
import { openStatIndex, SETTLED_MS, type StatIndex } from '../../src/store/stat-index.ts';

describe('the stat index', () => {
  let root: string;
  before(() => {
    root = mkdtempSync(join(tmpdir(), 'bloodline-index-'));
  });
  after(() => rmSync(root, { recursive: true, force: true }));
  const rows = () => join(root, 'stat-index.jsonl');
  const open = (): StatIndex => openStatIndex(rows(), () => false);
  beforeEach(() => rmSync(rows(), { force: true }));
  const file = (text: string, mtime?: number): string => {
    const path = join(root, 'file');
    writeFileSync(path, text);
    if (mtime !== undefined) utimesSync(path, mtime, mtime);
    return path;
  };
  const look = (index: StatIndex, path: string) => index.digest(path, path, statSync(path));
  const known = (index: StatIndex, path: string) => index.lookup(path, statSync(path));

  it('believes a file that was old enough when it was read, an mtime in the future or not', async () => {
    for (const mtime of [undefined, 1_000_000_000, Date.now() / 1000 + 1_000_000]) {
      const path = file('A', mtime);
      await pause(SETTLED_MS);
      const index = open();
      await look(index, path);
      index.save();
      assert.equal(known(open(), path), sha256('A'));
      if (mtime !== undefined) file('B', mtime);
      else file('B');
      assert.equal(known(open(), path), null, 'of the same size, with the same mtime');
    }
  });

  it('does not believe a file younger than two seconds where times are whole seconds', async () => {
    const path = file('A');
    const stats = statSync(path);
    const second = Math.floor(Date.now() / 1000) * 1000;
    const dated = (age: number) => Object.assign(stats, { mtimeMs: second - age, ctimeMs: second - age });
    for (const [age, found] of [
      [0, null],
      [1000, null],
      [4000, sha256('A')],
    ] as const) {
      const index = open();
      await index.digest(path, path, dated(age));
      assert.equal(index.lookup(path, dated(age)), found, `${age} ms`);
    }
  });

  const noExt4 = process.getuid?.() !== 0 || !hasLoops();
  it('sees each change on a file system with whole seconds', {
    skip: noExt4 ? 'only root may mount one' : false,
  }, async () => {
    const [image, folder] = [join(root, 'image'), join(root, 'mounted')];
    mkdirSync(folder);
    // Inodes of 128 bytes have no room for more than seconds.
    execFileSync('mkfs.ext4', ['-q', '-I', '128', image, '2M'], { stdio: 'ignore' });
    execFileSync('mount', ['-o', 'loop', image, folder]);
    try {
      const path = join(folder, 'racy');
      for (let i = 0; i < 30; i += 1) {
        writeFileSync(path, `${i % 10}`);
        assert.equal(statSync(path).mtimeMs % 1000, 0);
        const index = open();
        assert.equal(await look(index, path), sha256(`${i % 10}`));
        index.save();
        await pause(70);
      }
    } finally {
      execFileSync('umount', [folder]);
    }
  });

  it('forgets the last minutes of a session that may have ended with a power loss', {
    skip: bootId() === null ? 'this system has no name for a session' : false,
  }, async () => {
    const path = file('A', 1);
    await pause(SETTLED_MS);
    const index = open();
    await look(index, path);
    index.save();
    assert.equal(known(open(), path), sha256('A'));
    const text = readFileSync(rows(), 'utf8');
    assert.ok(text.includes(bootId()!));
    const earlier = text.replace(bootId()!, 'the one before');
    writeFileSync(rows(), earlier);
    const after = open();
    assert.equal(known(after, path), null, 'the power may have gone at once');
    await look(after, path);
    after.save();
    assert.equal(known(open(), path), sha256('A'), 'read again, it is believed again');
    const [, , , , , , seen] = JSON.parse(text.trim().split('\n').at(-1)!) as number[];
    const later = (ms: number) => `\n${JSON.stringify(['other', 'a', 1, 1, 1, 1, seen! + ms])}`;
    writeFileSync(rows(), earlier + later(110_000));
    assert.equal(known(open(), path), null);
    writeFileSync(rows(), earlier + later(130_000));
    assert.equal(known(open(), path), sha256('A'), 'what the system has written back long since');
  });
});

function hasLoops(): boolean {
  try {
    execFileSync('sh', ['-c', 'command -v mkfs.ext4 && losetup --find'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
