import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const checkout = join(dirname(fileURLToPath(import.meta.url)), '../../..');

/** Removes a store, whose folders are read-only. */
function removeStore(store: string): void {
  for (const name of readdirSync(store, { recursive: true, encoding: 'utf8' })) {
    const path = join(store, name);
    if (existsSync(path) && statSync(path).isDirectory()) chmodSync(path, 0o755);
  }
  rmSync(store, { recursive: true, force: true });
}

test('the data stages run as the command runs them, and a second time not at all', (t) => {
  const store = mkdtempSync(join(checkout, 'artifacts', 'test-'));
  t.after(() => removeStore(store));
  const run = (...more: string[]) => {
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      [
        join(checkout, 'bin/bloodline.js'),
        'run',
        'split',
        'resize-normalize',
        '--profile',
        'demo',
        '--json',
        ...more,
      ],
      {
        cwd: checkout,
        env: { ...process.env, BLOODLINE_STORE: store },
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      },
    );
    const last = stdout.trim().split('\n').at(-1)!;
    assert.equal(status, 0, stderr + last);
    return JSON.parse(last) as { type: string; ran: string[]; cached: string[] };
  };
  const stages = ['balance-augment', 'ingest', 'resize-normalize', 'split'];
  assert.deepEqual([...run().ran].sort(), stages);
  const again = run();
  assert.deepEqual([again.ran, [...again.cached].sort()], [[], stages]);
  const other = run('--param', 'size=32');
  assert.deepEqual(other.ran, ['resize-normalize']);

  const split = JSON.parse(readFileSync(join(store, 'latest/split/assignment/split.json'), 'utf8'));
  assert.equal(split.classes.length, 5);
  const pixels = JSON.parse(readFileSync(join(store, 'latest/resize-normalize/pixels/pixels.json'), 'utf8'));
  assert.equal(pixels.size, 32);
});
