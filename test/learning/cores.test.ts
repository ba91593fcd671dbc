import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { engineEnvironment } from '../../src/engine/environment.ts';
import type { Training } from '../../stages/learning/loop.ts';
import { PLAIN, type Recipe } from '../../stages/learning/recipe.ts';
import { nativeMissing } from '../native-engine.ts';
import { stageFolder } from '../stage-harness.ts';
import { microData } from './micro.ts';

// On one type of CPU the bytes of a training depend on the number of threads, which is a parameter, and not on how many
// cores they run on, what else runs, or which process was first.

const folder = stageFolder();
after(() => folder.remove());
const child = fileURLToPath(new URL('./train-child.js', import.meta.url));
const checker = fileURLToPath(new URL('../../stages/tools/check-engine.js', import.meta.url));

/** Numbers of the cores that this process may use. */
function cores(): readonly string[] | null {
  try {
    const said = execFileSync('taskset', ['-cp', String(process.pid)], { encoding: 'utf8' });
    return said
      .trim()
      .split(': ')
      .at(-1)!
      .split(',')
      .flatMap((range) => {
        const [from = 0, to = from] = range.split('-').map(Number);
        return Array.from({ length: to - from + 1 }, (_, i) => String(from + i));
      });
  } catch {
    return null;
  }
}

const here = cores();
const skip =
  nativeMissing ||
  (here === null && 'taskset is not there, or does nothing here') ||
  (here!.length < 2 && 'there is one core only');

/** Digest of the weights that a training of a few steps ends with. */
async function trained(name: string, on: string, env: NodeJS.ProcessEnv): Promise<string> {
  const checkpoint = join(folder.path, name);
  mkdirSync(checkpoint);
  const recipe: Recipe = { ...PLAIN, epochs: 2, batch: 14, learningRate: 1e-2, seed: 5 };
  const told = { folder: folder.path, checkpoint, engine: 'native', recipe, size: 32, die: {} };
  const { stdout } = await promisify(execFile)(
    'taskset',
    ['-c', on, process.execPath, child, JSON.stringify(told)],
    { env: { ...process.env, ...env } },
  );
  const { lastFile } = JSON.parse(stdout) as Training;
  return createHash('sha256').update(readFileSync(lastFile)).digest('hex');
}

test('native: one core or two, alone or side by side, the bytes are the same', { skip }, async () => {
  await microData(folder.path, { count: 40, size: 32, classes: 3 });
  const env = engineEnvironment({ threads: 4, gpuIds: [] });
  const [first, second] = here as [string, string];
  const alone = await trained('alone', first, env);
  const both = `${first},${second}`;
  const digests = await Promise.all([trained('two', both, env), trained('beside', both, env)]);
  assert.deepEqual(digests, [alone, alone]);
});

test('the record says CPU instructions, their cap, TensorFlow, threads and device', {
  skip: nativeMissing,
}, () => {
  const env = { ...process.env, ...engineEnvironment({ threads: 3, gpuIds: [] }), DNNL_MAX_CPU_ISA: 'AVX2' };
  const said = execFileSync(process.execPath, [checker, '--engine', 'native'], { env, encoding: 'utf8' });
  const { facts, right } = JSON.parse(said) as { facts: Record<string, unknown>; right: boolean };
  assert.equal(right, true);
  assert.equal(facts['engine'], 'native');
  assert.equal(facts['threads'], 3);
  assert.equal(facts['device'], 'cpu');
  assert.equal(facts['instructionsUpTo'], 'AVX2');
  assert.match(String(facts['instructions']), /avx|asimd|unknown/);
  assert.match(String(facts['tensorflow']), /^\d+\.\d+\.\d+$/);
});
