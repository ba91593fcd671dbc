/**
 * What an epoch costs where the backbone is frozen: the first one works its features out, the others read them.
 *
 *     node dist/bench/frozen.js [--models vgg16,efficientnet-b4] [--engine native] [--images 96] [--batch 8] [--size 128]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { engineEnvironment } from '../src/engine/environment.ts';
import { type EngineName, openEngine } from '../stages/engines/engine.ts';
import { PixelsReader, PixelsWriter } from '../stages/imaging/pixels.ts';
import { random } from '../stages/imaging/random.ts';
import { newGraph } from '../stages/learning/graph.ts';
import { train } from '../stages/learning/loop.ts';
import type { Model } from '../stages/learning/model.ts';
import { PLAIN } from '../stages/learning/recipe.ts';
import '../test/native-engine.ts';
import { machine, printTable, root } from './measure.ts';

// The native engine wants its environment before its process starts.
if (process.env.BLOODLINE_ENGINE_FOLDER === undefined) {
  const env = { ...process.env, ...engineEnvironment({ gpuIds: [] }) };
  const { status } = spawnSync(process.execPath, process.argv.slice(1), { env, stdio: 'inherit' });
  process.exit(status ?? 1);
}

const { values } = parseArgs({
  options: {
    models: { type: 'string', default: 'vgg16,efficientnet-b4' },
    engine: { type: 'string', default: 'native' },
    images: { type: 'string', default: '96' },
    batch: { type: 'string', default: '8' },
    size: { type: 'string', default: '128' },
  },
});
const [images, batch, size] = [values.images, values.batch, values.size].map(Number) as [
  number,
  number,
  number,
];
const CLASSES = 8;
const engine = await openEngine({ want: values.engine as EngineName });
const folder = mkdtempSync(join(tmpdir(), 'bloodline-frozen-'));
try {
  const writer = await PixelsWriter.create(
    join(folder, 'pixels'),
    size,
    Array.from({ length: images }, String),
  );
  const draw = random(1, 'pixels of the benchmark');
  const square = new Uint8Array(size * size * 3);
  for (let row = 0; row < images; row++) {
    for (let i = 0; i < square.length; i++) square[i] = draw.integer(256);
    writer.write(row, square);
  }
  writer.close();
  const pixels = new PixelsReader(join(folder, 'pixels'));
  const rows = Array.from({ length: images }, (_, row) => row);
  const examples = { rows, labels: rows.map((row) => row % CLASSES) };
  const table: (string | number)[][] = [];
  for (const name of values.models.split(',')) {
    const model = (await import(pathToFileURL(join(root, `dist/stages/models/${name}.js`)).href)) as Model;
    const network = model.default({ size, classes: CLASSES, graph: newGraph() });
    const ends = [performance.now()];
    const recipe = { ...PLAIN, epochs: 3, batch, learningRate: 1e-4, freeze: 'all', seed: 1 } as const;
    const watch = {
      checkpoint: join(folder, name),
      signal: new AbortController().signal,
      progress: (_: number, __: number, label: string) => {
        if (label.startsWith('epoch') || label.startsWith('features')) ends.push(performance.now());
      },
    };
    const data = { pixels, train: examples, validation: { rows: [], labels: [] } };
    train(engine, network, data, recipe, watch);
    const steps = Math.ceil(images / batch);
    // Features come in as many batches as an epoch has; the last epoch's checkpoint lies between its steps' ends.
    const features = ends[steps]! - ends[0]!;
    const later = ends.at(-1)! - ends.at(-steps)!;
    table.push([name, features / steps, later / (steps - 1), features / later]);
  }
  console.log(`${machine()}; ${values.engine}, ${images} images of ${size} pixels, batch ${batch}`);
  printTable(['network', 'ms a batch, features', 'ms a step afterwards', 'times'], table);
  pixels.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
