/**
 * Whether a tensor engine computes right on this machine: the gradients of a small network with every kind of layer,
 * held against tfjs's own backend in plain JavaScript. Prints a line of JSON; exits with 0 where they agree, 1 where
 * not, 2 where the engine does not start.
 *
 *     node check-engine.js [--engine auto|native|wasm|webgpu] [--device auto|cpu|gpu]
 */
import { parseArgs } from 'node:util';
import { StageError } from 'bloodline-ml/stage';
import { type Engine, type EngineWish, openEngine } from '../engines/engine.ts';
import { random } from '../imaging/random.ts';
import { anatomy } from '../learning/anatomy.ts';
import { crossEntropy } from '../learning/cross-entropy.ts';
import { gradientsOf } from '../learning/gradients.ts';
import { newGraph } from '../learning/graph.ts';
import type { Network } from '../learning/network.ts';
import { drawWeights } from '../learning/weights.ts';

const SIZE = 20; // pixels
const CLASSES = 3;
const COUNT = 6; // images
/** Of the largest of a gradient: float32 sums in another order stay below 1e-5, a wrong gradient is far above. */
const TOLERANCE = 1e-3;

function network(): Network {
  const g = newGraph();
  let x = g.input('input', { size: SIZE });
  const scale = [1 / 64, 1 / 64, 1 / 64];
  x = g.rescale(x, 'rescaling', { order: [2, 1, 0], scale, offset: [-2, -2, -2] });
  x = g.pad(x, 'pad', { top: 0, bottom: 1, left: 0, right: 1 });
  x = g.convolution(x, 'stem', { filters: 8, kernel: 3, stride: 2, bias: false });
  x = g.batchNorm(x, 'stem_bn', { momentum: 0.9 });
  const skip = g.activation(x, 'swish', 'swish');
  x = g.depthwise(skip, 'depthwise', { kernel: 3, padding: 'same' });
  let gate = g.globalAveragePool(x, 'squeeze', { keepDimensions: true });
  gate = g.convolution(gate, 'expand', { filters: 8, kernel: 1, activation: 'sigmoid' });
  x = g.add([g.multiply([x, gate], 'excite'), skip], 'add');
  x = g.convolution(x, 'convolution', { filters: 12, kernel: 3, padding: 'same', activation: 'relu' });
  const features = g.maxPool(x, 'pool');
  x = g.globalAveragePool(features, 'average');
  return g.network({ features, output: g.dense(x, 'logits', { units: CLASSES }) });
}

/** Values of each gradient, by the weight's name. */
async function gradients(engine: Engine): Promise<Map<string, Float32Array>> {
  const { tf } = engine;
  const net = network();
  const draw = random(1, 'check');
  const pixels = Float32Array.from({ length: COUNT * SIZE * SIZE * 3 }, () => draw.integer(256));
  const targets = new Float32Array(COUNT * CLASSES);
  for (let i = 0; i < COUNT; i++) targets[i * CLASSES + (i % CLASSES)] = 1 / COUNT;
  const passed = gradientsOf({
    engine,
    network: net,
    weights: drawWeights(tf, anatomy(net).weights, 1),
    images: tf.tensor4d(pixels, [COUNT, SIZE, SIZE, 3]),
    training: { seed: 1, statistics: () => {} },
    loss: crossEntropy(engine, targets),
  });
  const values = new Map<string, Float32Array>();
  for (const [name, gradient] of passed.gradients) values.set(name, (await gradient.data()) as Float32Array);
  return values;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      engine: { type: 'string', default: 'auto' },
      device: { type: 'string', default: 'auto' },
    },
  });
  const warnings: string[] = [];
  const wish = { want: values.engine, device: values.device, warn: (line: string) => warnings.push(line) };
  const engine = await openEngine(wish as EngineWish);
  const got = await gradients(engine);
  const wanted = engine.name === 'cpu' ? got : await gradients(await openEngine({ want: 'cpu' }));
  let worst = { weight: '', difference: 0 };
  for (const [weight, reference] of wanted) {
    const own = got.get(weight);
    let [largest, most] = [1e-6, own?.length === reference.length ? 0 : Number.POSITIVE_INFINITY];
    reference.forEach((value, i) => {
      largest = Math.max(largest, Math.abs(value));
      const difference = Math.abs(value - (own?.[i] ?? Number.NaN));
      // A NaN is no small difference.
      if (!(difference <= most)) most = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
    });
    if (most / largest > worst.difference) worst = { weight, difference: most / largest };
  }
  const right = worst.difference <= TOLERANCE;
  process.stdout.write(`${JSON.stringify({ facts: engine.facts, warnings, right, worst })}\n`);
  return right ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  // On one line, whatever it is: a library that is broken may fail in any way, and 1 means that gradients are wrong.
  const help = error instanceof StageError && error.help ? ` ${error.help}` : '';
  process.stderr.write(`${(error as Error).message}${help}\n`);
  process.exitCode = 2;
}
