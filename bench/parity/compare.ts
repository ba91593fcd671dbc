/**
 * Our networks in full against what reference.py wrote, as a table:
 *
 *     node dist/bench/parity/compare.js FOLDER [native|wasm] [NETWORK-SIZE…]
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chooseEngine } from '../../src/engine/choose.ts';
import { type Engine, openEngine } from '../../stages/engines/engine.ts';
import { PixelsReader, PixelsWriter } from '../../stages/imaging/pixels.ts';
import { newGraph } from '../../stages/learning/graph.ts';
import { train } from '../../stages/learning/loop.ts';
import type { Model } from '../../stages/learning/model.ts';
import { PLAIN } from '../../stages/learning/recipe.ts';
import { openWeights } from '../../stages/weights/initial-weights.ts';
import { matchWeights } from '../../stages/weights/match-weights.ts';
import { giveWeights, inference, training } from './measure.ts';
import { withoutDropout } from './micro-networks.ts';
import { images, labels } from './numbers.ts';

interface Reference {
  readonly name: string;
  readonly size: number;
  readonly batch: number;
  readonly classes: number;
  readonly learningRate: number;
  readonly weights: string;
  readonly probabilities: readonly number[];
  readonly norms: Readonly<Record<string, number>>;
  readonly loss: number;
  /** Numbers of each tensor in the file beside this one, in this order. */
  readonly gradients: Readonly<Record<string, number>>;
  readonly moving: Readonly<Record<string, number>>;
  readonly curve: readonly number[];
}

const [folder, want = 'native', ...chosen] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: compare.js FOLDER [native|wasm] [NETWORK-SIZE…]');
// What the runner hands to a stage's process.
process.env.BLOODLINE_ENGINE_FOLDER ??= chooseEngine({ want: 'native', gpuIds: [] }).folder ?? '';
const engine = await openEngine({ want: want as 'native' });
const row = (...cells: readonly string[]): void => console.log(`| ${cells.join(' | ')} |`);
console.log(
  Object.entries(engine.facts)
    .map((fact) => fact.join(' '))
    .join(', '),
);
row(
  'network, size',
  'probability',
  'feature map’s norm',
  'gradient',
  'gradient against float64: ours; Keras’s',
  'moving statistics',
  'losses of Adam',
);
row(...Array<string>(7).fill('---'));
for (const file of readdirSync(folder)
  .filter((each) => each.endsWith('.json'))
  .sort()) {
  const name = file.replace(/\.json$/, '');
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  row(...(await compare(engine, join(folder, name))));
}

async function compare(engine: Engine, at: string): Promise<string[]> {
  const keras = JSON.parse(readFileSync(`${at}.json`, 'utf8')) as Reference;
  const { size, batch, classes } = keras;
  const stored = await openWeights(join(at, '..', keras.weights));
  const file = keras.name.replace('-imagenet', '');
  const model = (await import(new URL(`../../stages/models/${file}.js`, import.meta.url).href)) as Model;
  const network = withoutDropout(
    model.default({ size, classes, graph: newGraph(), imagenet: stored.imagenet }),
  );
  const { values } = matchWeights(network, stored, 'whole');
  stored.close();
  const weights = giveWeights(engine, network, (name) => values.get(name)!);
  const pixels = images(batch, size);
  const truth = labels(batch, classes);

  const { probabilities, norms } = inference(engine, network, weights, pixels);
  const probability = worst(keras.probabilities.map((p, i) => ['', Math.abs(p - probabilities[i]!)]));
  const shared = Object.entries(keras.norms).filter(([layer]) => norms.has(layer));
  const norm = worst(shared.map(([layer, n]) => [layer, Math.abs(norms.get(layer)! - n) / n]));

  const pass = training(engine, network, weights, pixels, truth);
  const answers = readTensors(`${at}.bin`, { ...keras.gradients, ...keras.moving });
  const only = (names: object) => answers.filter(([name]) => Object.hasOwn(names, name));
  const errors = (list: readonly [string, Float32Array][], ours: ReadonlyMap<string, Float32Array>) => {
    if (list.length !== ours.size) throw new Error(`Keras has ${list.length} tensors, we ${ours.size}`);
    // An exact 0 comes out as rounding noise on both sides: it is measured by the rest.
    const least = 1e-3 * Math.max(...list.map(([, values]) => length(values)));
    return worst(
      list.map(([name, values]) => {
        const own = ours.get(name)!;
        const difference = values.map((value, i) => value - own[i]!);
        return [name, length(difference) / Math.max(length(values), least)];
      }),
    );
  };
  const gradient = errors(only(keras.gradients), pass.gradients);
  // What float32 is worth: both sides against Keras in float64.
  const float64 = existsSync(`${at}-float64.bin`) ? readTensors(`${at}-float64.bin`, keras.gradients) : null;
  const precise =
    float64 === null
      ? '–'
      : `${errors(float64, pass.gradients)}; ${errors(float64, new Map(only(keras.gradients)))}`;
  const moving = keras.name === 'vgg16' ? '–' : errors(only(keras.moving), pass.moving);
  engine.tf.dispose([...weights.values()]);

  const { history } = train(
    engine,
    network,
    { ...(await asExamples(pixels, size, truth)), weights: values },
    {
      ...PLAIN,
      epochs: keras.curve.length,
      batch,
      learningRate: keras.learningRate,
      seed: 1,
    },
    { checkpoint: temporary(), signal: new AbortController().signal, progress: () => {} },
  );
  const curve = worst(
    history.map(({ loss }, step) => [
      `step ${step + 1}`,
      // Absolute: four images are learnt by heart, and a share of a loss near 0 says nothing.
      Math.abs(loss - keras.curve[step]!),
    ]),
  );
  const label = `${keras.name}, ${size}`;
  return [label, probability, `${norm} of ${shared.length}`, gradient, precise, moving, curve];
}

function readTensors(file: string, counts: Readonly<Record<string, number>>): [string, Float32Array][] {
  const numbers = new Float32Array(new Uint8Array(readFileSync(file)).buffer);
  let offset = 0;
  return Object.entries(counts).map(([name, count]) => {
    offset += count;
    return [name, numbers.subarray(offset - count, offset)];
  });
}

function length(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}

function worst(errors: readonly (readonly [name: string, error: number])[]): string {
  const [name, error] = errors.reduce((a, b) => (b[1] > a[1] || Number.isNaN(b[1]) ? b : a));
  return `${error.toExponential(1)}${name === '' ? '' : ` (${name})`}`;
}

function temporary(): string {
  const made = mkdtempSync(join(tmpdir(), 'parity-'));
  process.once('exit', () => rmSync(made, { recursive: true, force: true }));
  return made;
}

async function asExamples(pixels: Uint8Array, size: number, classes: readonly number[]) {
  const at = join(temporary(), 'pixels');
  const writer = await PixelsWriter.create(at, size, classes.map(String));
  const bytes = size * size * 3;
  for (const row of classes.keys()) writer.write(row, pixels.subarray(row * bytes, (row + 1) * bytes));
  writer.close();
  return {
    pixels: new PixelsReader(at),
    train: { rows: [...classes.keys()], labels: classes },
    validation: { rows: [], labels: [] },
  };
}
