/**
 * The child of `training.ts`: some steps of one network on one engine, what they cost as JSON.
 *
 *     node dist/bench/training-steps.js MODEL ENGINE SIZE BATCH STEPS
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PixelsReader, PixelsWriter } from '../stages/imaging/pixels.ts';
import { random } from '../stages/imaging/random.ts';
import { type EngineName, openEngine } from '../stages/learning/engine.ts';
import { newGraph } from '../stages/learning/graph.ts';
import { train } from '../stages/learning/loop.ts';
import type { Model } from '../stages/learning/model.ts';
import { PLAIN } from '../stages/learning/recipe.ts';
import { median, root } from './measure.ts';

export interface StepCost {
  readonly batch: number;
  /** Median time of a step, its images read from disk included. */
  readonly ms: number;
  /** The first step, in which engines prepare what they keep. */
  readonly firstMs: number;
  readonly peakMegabytes: number;
  /** The engine in words. */
  readonly facts: string;
}

const CLASSES = 8;
const recipe = {
  epochs: 1,
  learningRate: 1e-4,
  ...PLAIN,
  seed: 1,
} as const;

const [file = '', want = '', ...numbers] = process.argv.slice(2);
const [size = 0, batch = 0, steps = 0] = numbers.map(Number);
const model = (await import(
  pathToFileURL(join(root, 'dist/stages/models', `${file}.js`)).href
)) as unknown as Model;
const folder = mkdtempSync(join(tmpdir(), 'bloodline-bench-'));
try {
  process.stdout.write(JSON.stringify(await cost()));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function cost(): Promise<StepCost> {
  const engine = await openEngine({ want: want as EngineName });
  // One step more than is measured, for the first; and one that is never taken, because an epoch ends in a checkpoint.
  const rows = Array.from({ length: batch * (steps + 2) }, (_, row) => row);
  const pixels = await noise(rows.map(String));
  const examples = { rows, labels: rows.map((row) => row % CLASSES) };
  const enough = new AbortController();
  const ends = [performance.now()];
  const watch = {
    checkpoint: join(folder, 'checkpoint'),
    signal: enough.signal,
    progress: () => {
      ends.push(performance.now());
      if (ends.length === steps + 2) enough.abort();
    },
  };
  const network = model.default({ size, classes: CLASSES, graph: newGraph() });
  const parts = { pixels, train: examples, validation: { rows: [], labels: [] } };
  try {
    train(engine, network, parts, { ...recipe, batch }, watch);
  } catch (error) {
    if (!enough.signal.aborted) throw error;
  } finally {
    pixels.close();
  }
  const [first = 0, ...later] = ends.slice(1).map((end, step) => end - ends[step]!);
  return {
    batch,
    ms: median(later),
    firstMs: first,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
    facts: Object.entries(engine.facts)
      .map(([name, value]) => `${name} ${value}`)
      .join(', '),
  };
}

/** Squares of random bytes. */
async function noise(ids: readonly string[]): Promise<PixelsReader> {
  const draw = random(recipe.seed, 'pixels of the benchmark');
  const place = join(folder, 'pixels');
  const writer = await PixelsWriter.create(place, size, ids);
  const square = new Uint8Array(size * size * 3);
  for (const row of ids.keys()) {
    for (let i = 0; i < square.length; i++) square[i] = draw.integer(256);
    writer.write(row, square);
  }
  writer.close();
  return new PixelsReader(place);
}
