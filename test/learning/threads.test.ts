import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { withSharedMemory } from '../../stages/engines/wasm/shared-memory.ts';

const program = fileURLToPath(new URL('./wasm-digest.js', import.meta.url));
const withThreads = (threads: number): string[] =>
  execFileSync(process.execPath, [program, String(threads)], { encoding: 'utf8' })
    .trim()
    .split(' ');

test('the wasm engine computes the same bytes with one thread, two and seven', () => {
  const [one, ...others] = [1, 2, 7].map(withThreads);
  assert.equal(one![0], '1');
  assert.match(one![1]!, /^[0-9a-f]{64}$/);
  assert.deepEqual(others, [
    ['2', one![1]],
    ['7', one![1]],
  ]);
});

test('only a module with a bounded memory of its own can be given shared memory', () => {
  const header = [0, 97, 115, 109, 1, 0, 0, 0];
  const memory = (flags: number, ...limits: number[]) =>
    Uint8Array.from([...header, 5, 2 + limits.length, 1, flags, ...limits]);
  assert.deepEqual(withSharedMemory(memory(1, 2, 9)), memory(3, 2, 9));
  assert.throws(() => withSharedMemory(memory(0, 2)), /no bounded memory/);
  assert.throws(() => withSharedMemory(Uint8Array.from(header)), /no bounded memory/);
});
