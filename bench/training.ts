/**
 * What a training step costs, ours beside Keras's: every network on every engine, the training loop itself on random
 * pixels. Each measurement runs in a process of its own, with the environment that the runner gives a stage, so that
 * its peak memory is its own. The sides of a row take turns, so that all see the same minutes of the machine.
 *
 *     node dist/bench/training.js [--size 128] [--steps 8] [--rounds 2] [--models custom-cnn,vgg16]
 *                                 [--modes train,bfloat16,inference] [--engines native,wasm] [--threads 8] [--keras PYTHON]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chooseEngine } from '../src/engine/choose.ts';
import { engineEnvironment } from '../src/engine/environment.ts';
import { machine, median, printTable, root } from './measure.ts';
import type { StepCost } from './training-steps.ts';

const models = readdirSync(join(root, 'stages/models'))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -'.ts'.length))
  .sort();
const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '128' },
    steps: { type: 'string', default: '8' },
    rounds: { type: 'string', default: '2' },
    models: { type: 'string', default: models.join(',') },
    modes: { type: 'string', default: 'train,bfloat16,inference' },
    engines: { type: 'string', default: chooseEngine({ gpuIds: [] }).folder ? 'native,wasm' : 'wasm' },
    threads: { type: 'string', default: '8' },
    keras: { type: 'string' },
  },
});

/** Images a step: the large networks would not fit a small machine's memory with the pipeline's 32. */
const batchOf = (model: string): number => (model === 'custom-cnn' ? 32 : 8);

const child = resolve(fileURLToPath(new URL('./training-steps.js', import.meta.url)));
const environment = engineEnvironment({ gpuIds: [], threads: Number(values.threads) });
const engines = values.engines.split(',');
const sides = [...engines, ...(values.keras ? ['keras'] : [])];

/** What the runs of one side of a row came to. */
interface Side {
  readonly ms: number;
  readonly cpuMs: number;
  /** From the start of the process to the end of the first step. */
  readonly startMs: number;
  readonly peakMegabytes: number;
  readonly facts: string;
}

const ours = (model: string, engine: string, mode: string): [string, string[]] => [
  process.execPath,
  [child, model, engine, values.size, String(batchOf(model)), values.steps, mode],
];

function once(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): StepCost & { startMs: number } {
  const start = Date.now();
  const done = spawnSync(program, args, { cwd: root, env, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (done.status !== 0)
    throw new Error(done.stderr.trim().split('\n').at(-1) ?? `ended with ${done.status ?? done.signal}`);
  const cost = JSON.parse(done.stdout.trim().split('\n').at(-1)!) as StepCost;
  return { ...cost, startMs: cost.firstEnd - start };
}

function row(model: string, mode: string, network: string): Map<string, Side | string> {
  const runs = new Map<string, ReturnType<typeof once>[]>();
  const failed = new Map<string, string>();
  for (let round = 0; round < Number(values.rounds); round++)
    for (const side of sides) {
      if (failed.has(side) || (side === 'wasm' && mode === 'bfloat16')) continue;
      try {
        const made =
          side === 'keras'
            ? once(
                values.keras!,
                [join(root, 'bench/keras-steps.py'), network, mode, String(batchOf(model)), values.steps],
                process.env,
              )
            : once(...ours(model, side, mode), { ...process.env, ...environment });
        runs.set(side, [...(runs.get(side) ?? []), made]);
      } catch (error) {
        failed.set(side, (error as Error).message);
      }
    }
  const results = new Map<string, Side | string>(failed);
  for (const [side, all] of runs)
    results.set(side, {
      ms: median(all.flatMap(({ times }) => times)),
      cpuMs: Math.min(...all.map(({ cpuMs }) => cpuMs)),
      startMs: Math.min(...all.map(({ startMs }) => startMs)),
      peakMegabytes: Math.max(...all.map(({ peakMegabytes }) => peakMegabytes)),
      facts: all[0]!.facts,
    });
  return results;
}

const facts = new Set<string>();
const rows: (string | number)[][] = [];
let bad = false;
const folder = mkdtempSync(join(tmpdir(), 'bloodline-bench-networks-'));
try {
  for (const model of values.models.split(',')) {
    const network = join(folder, `${model}.json`);
    if (values.keras)
      writeFileSync(
        network,
        spawnSync(...ours(model, 'none', 'network'), { cwd: root, encoding: 'utf8' }).stdout,
      );
    for (const mode of values.modes.split(',')) {
      const results = row(model, mode, network);
      const keras = results.get('keras');
      for (const [side, result] of [...results].sort(([a], [b]) => sides.indexOf(a) - sides.indexOf(b))) {
        const about = [`${model}, ${mode}`, String(batchOf(model)), side];
        if (typeof result === 'string') {
          rows.push([...about, `failed: ${result}`]);
          bad = true;
          continue;
        }
        facts.add(result.facts);
        const ratio = typeof keras === 'object' && side !== 'keras' ? (result.ms / keras.ms).toFixed(2) : '';
        const { ms, cpuMs, startMs, peakMegabytes } = result;
        rows.push([...about, ms, ratio, cpuMs, startMs, (1000 * batchOf(model)) / ms, peakMegabytes]);
      }
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(
  `${machine()}; ${values.size}×${values.size} pixels, median of ${values.rounds} × ${values.steps} steps after the first, the sides in turn`,
);
for (const fact of facts) console.log(fact);
const head = [
  '',
  'batch',
  'side',
  'ms a step',
  'of Keras',
  'CPU ms',
  'start to first step',
  'images/s',
  'peak MB',
];
printTable(
  head,
  rows.map((row) => head.map((_, column) => row[column] ?? '')),
);
if (bad) process.exitCode = 1;
