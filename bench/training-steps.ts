/**
 * The child of `training.ts`: some steps of one network on one engine, what they cost as JSON.
 *
 *     node dist/bench/training-steps.js MODEL ENGINE SIZE BATCH STEPS MODE
 *
 * MODE: train, bfloat16, inference; network: writes the network down for keras-steps.py and ends.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Engine, type EngineName, openEngine } from '../stages/engines/engine.ts';
import { PixelsReader, PixelsWriter } from '../stages/imaging/pixels.ts';
import { random } from '../stages/imaging/random.ts';
import { anatomy } from '../stages/learning/anatomy.ts';
import { newGraph } from '../stages/learning/graph.ts';
import { infer } from '../stages/learning/infer.ts';
import { train } from '../stages/learning/loop.ts';
import type { Model } from '../stages/learning/model.ts';
import { PLAIN } from '../stages/learning/recipe.ts';
import { drawWeights } from '../stages/learning/weights.ts';
import { root } from './measure.ts';

export interface StepCost {
  readonly batch: number;
  /** Of each step after the first, ms; in training with its images read from disk. */
  readonly times: readonly number[];
  /** Mean time that a step after the first keeps processors busy, ms: what a busy machine does not change. */
  readonly cpuMs: number;
  /** When the first step ended, ms since 1970. */
  readonly firstEnd: number;
  readonly peakMegabytes: number;
  /** The engine in words. */
  readonly facts: string;
}

const CLASSES = 8;
const recipe = { ...PLAIN, epochs: 1, learningRate: 1e-4, seed: 1 } as const;

const [file = '', want = '', ...rest] = process.argv.slice(2);
const [size = 0, batch = 0, steps = 0] = rest.slice(0, 3).map(Number);
const mode = rest[3] ?? 'train';
const model = (await import(
  pathToFileURL(join(root, 'dist/stages/models', `${file}.js`)).href
)) as unknown as Model;
const network = model.default({ size, classes: CLASSES, graph: newGraph() });
if (mode === 'network') process.stdout.write(JSON.stringify(network));
else {
  const folder = mkdtempSync(join(tmpdir(), 'bloodline-bench-'));
  try {
    process.stdout.write(JSON.stringify(await cost(folder)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function cost(folder: string): Promise<StepCost> {
  const engine = await openEngine({ want: want as EngineName });
  const { ends, firstEnd, spent } = mode === 'inference' ? inference(engine) : await training(engine, folder);
  return {
    batch,
    times: ends.slice(1).map((end, step) => end - ends[step]!),
    cpuMs: (processorMs() - spent) / steps,
    firstEnd,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
    facts: Object.entries(engine.facts)
      .map(([name, value]) => `${name} ${value}`)
      .join(', '),
  };
}

/** The end of each step. */
interface Ends {
  readonly ends: readonly number[];
  readonly firstEnd: number;
  /** Processor time up to the end of the first step, ms. */
  readonly spent: number;
}

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function training(engine: Engine, folder: string): Promise<Ends> {
  // One step more than is measured, for the first; and one that is never taken, because an epoch ends in a checkpoint.
  const rows = Array.from({ length: batch * (steps + 2) }, (_, row) => row);
  const pixels = await noise(folder, rows.map(String));
  const examples = { rows, labels: rows.map((row) => row % CLASSES) };
  const enough = new AbortController();
  const ends: number[] = [];
  let [firstEnd, spent] = [0, 0];
  const watch = {
    checkpoint: join(folder, 'checkpoint'),
    signal: enough.signal,
    progress: () => {
      if (firstEnd === 0) [firstEnd, spent] = [Date.now(), processorMs()];
      ends.push(performance.now());
      if (ends.length === steps + 1) enough.abort();
    },
  };
  const parts = { pixels, train: examples, validation: { rows: [], labels: [] } };
  try {
    train(
      engine,
      network,
      parts,
      { ...recipe, batch, precision: mode === 'bfloat16' ? 'bfloat16' : 'float32' },
      watch,
    );
  } catch (error) {
    if (!enough.signal.aborted) throw error;
  } finally {
    pixels.close();
  }
  return { ends, firstEnd, spent };
}

function inference(engine: Engine): Ends {
  const weights = drawWeights(engine.tf, anatomy(network).weights, 1);
  const draw = random(recipe.seed, 'pixels of the benchmark');
  const pixels = Uint8Array.from({ length: batch * size * size * 3 }, () => draw.integer(256));
  const ends: number[] = [];
  let [firstEnd, spent] = [0, 0];
  for (let step = 0; step <= steps; step++) {
    infer(engine, network, weights, pixels);
    if (firstEnd === 0) [firstEnd, spent] = [Date.now(), processorMs()];
    ends.push(performance.now());
  }
  return { ends, firstEnd, spent };
}

/** Squares of random bytes. */
async function noise(folder: string, ids: readonly string[]): Promise<PixelsReader> {
  const draw = random(recipe.seed, 'pixels of the benchmark');
  const place = join(folder, 'pixels');
  const writer = await PixelsWriter.create(place, size, ids);
  const square = new Uint8Array(size * size * 3);
  for (const row of ids.keys()) {
    for (let i = 0; i < square.length; i += 4) square.fill(draw.integer(256), i, i + 4);
    writer.write(row, square);
  }
  writer.close();
  return new PixelsReader(place);
}
