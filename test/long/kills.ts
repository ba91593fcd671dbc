/**
 * Runs that are killed (SIGKILL) at random points, the runner alone or with all its stages, twice in a row, then run to
 * their end: the same bytes as an undisturbed run, a store that is whole, and after `gc` the same files in it.
 *
 *     node dist/test/long/kills.js [--times 200] [--seed 1]       about 4 s each on two quiet cores
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { digestsOf } from '../rig/digests.ts';
import { BIN } from '../rig/front-door.ts';
import { endTree } from './process-tree.ts';

const { values } = parseArgs({
  options: { times: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' } },
});

const PIPELINE = `
name: kills
stages:
  many: { command: 'mkdir "$BLOODLINE_OUTPUT_F"; for i in $(seq 300); do echo $i > "$BLOODLINE_OUTPUT_F/$i.txt"; done', outputs: [f] }
  big: { command: 'yes big | head -c 4000000 > "$BLOODLINE_OUTPUT_X"', outputs: [x] }
  copy:
    matrix: { n: [1, 2, 3] }
    command: 'cp -r "$BLOODLINE_INPUT_F" "$BLOODLINE_OUTPUT_F"; chmod -R u+w "$BLOODLINE_OUTPUT_F"; echo "$BLOODLINE_PARAM_N" > "$BLOODLINE_OUTPUT_F/n"'
    params: { n: "\${n}" }
    inputs: { f: many.f }
    outputs: [f]
  last: { command: 'cat "$BLOODLINE_INPUT_F"/*/n "$BLOODLINE_INPUT_X" > "$BLOODLINE_OUTPUT_X"', inputs: { f: copy.f, x: big.x }, outputs: [x] }
`;

const folder = mkdtempSync(join(tmpdir(), 'bloodline-kills-'));
const store = join(folder, 'artifacts');
const bloodline = (...args: string[]): void => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  assert.equal(status, 0, stdout + stderr);
};
/** What lies in the store when nothing is left over: runs have a folder each, and descriptions of them are no results. */
const files = (): readonly string[] =>
  readdirSync(store, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.startsWith('runs/'))
    .sort();

let state = Number(values.seed) >>> 0;
/** Between 0 and 1, from the seed. */
const random = (): number => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
};

try {
  writeFileSync(join(folder, 'pipeline.yaml'), PIPELINE);
  const began = performance.now();
  bloodline('run');
  const longest = performance.now() - began;
  const expected = digestsOf(store);
  bloodline('gc', '--delete');
  const clean = files();
  const times = Number(values.times);
  for (let time = 1; time <= times; time++) {
    rmSync(store, { recursive: true, force: true });
    for (let again = 0; again < 2; again++) {
      const child = spawn(process.execPath, [BIN, 'run'], { cwd: folder, stdio: 'ignore' });
      const ended = once(child, 'exit');
      await Promise.race([pause(random() * longest), ended]);
      if (child.exitCode === null) {
        if (random() < 0.5) child.kill('SIGKILL');
        else endTree(child.pid!);
      }
      await ended;
    }
    const kill = `kill ${time} of seed ${values.seed}`;
    bloodline('run');
    assert.equal(digestsOf(store), expected, kill);
    bloodline('verify');
    bloodline('gc', '--delete');
    assert.deepEqual(files(), clean, kill);
    if (time % 10 === 0) process.stdout.write(`${time} of ${times}: the same bytes\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
