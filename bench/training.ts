/**
 * What a training step costs: every network on every engine, the training loop itself on random pixels. Each pair runs
 * in a process of its own, with the environment that the runner gives a stage, so that its peak memory is its own.
 *
 *     node dist/bench/training.js [--size 128] [--steps 8] [--models custom-cnn,vgg16] [--engines native,wasm]
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chooseEngine } from '../src/engine/choose.ts';
import { engineEnvironment } from '../src/engine/environment.ts';
import { machine, printTable, root } from './measure.ts';
import type { StepCost } from './training-steps.ts';

const models = readdirSync(join(root, 'stages/models'))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -'.ts'.length))
  .sort();
const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '128' },
    steps: { type: 'string', default: '8' },
    models: { type: 'string', default: models.join(',') },
    engines: { type: 'string', default: chooseEngine({ gpuIds: [] }).folder ? 'native,wasm' : 'wasm' },
  },
});

/** Images a step: the large networks would not fit a small machine's memory with the pipeline's 32. */
const batchOf = (model: string): number => (model === 'custom-cnn' ? 32 : 8);

const child = resolve(fileURLToPath(new URL('./training-steps.js', import.meta.url)));
function measure(model: string, engine: string): StepCost | string {
  const args = [child, model, engine, values.size, String(batchOf(model)), values.steps];
  const done = spawnSync(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...engineEnvironment({ gpuIds: [] }) },
    encoding: 'utf8',
  });
  if (done.status === 0) return JSON.parse(done.stdout) as StepCost;
  return done.stderr.trim().split('\n').at(-1) ?? `ended with ${done.status ?? done.signal}`;
}

const facts = new Set<string>();
const rows: (string | number)[][] = [];
for (const model of values.models.split(','))
  for (const engine of values.engines.split(',')) {
    const cost = measure(model, engine);
    if (typeof cost === 'string') {
      rows.push([model, engine, `failed: ${cost}`]);
      continue;
    }
    const { batch, ms, firstMs, peakMegabytes } = cost;
    facts.add(cost.facts);
    rows.push([model, engine, String(batch), ms, firstMs, (1000 * batch) / ms, peakMegabytes]);
  }
console.log(
  `${machine()}; ${values.size}×${values.size} pixels, median of ${values.steps} steps after the first`,
);
for (const fact of facts) console.log(fact);
const head = ['network', 'engine', 'batch', 'ms a step', 'first step', 'images/s', 'peak MB'];
printTable(
  head,
  rows.map((row) => head.map((_, column) => row[column] ?? '')),
);
if (rows.some((row) => row.length < head.length)) process.exitCode = 1;
