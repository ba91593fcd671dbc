import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Tensor4D } from '@tensorflow/tfjs';
import { giveWeights, inference, type Short, short, training } from '../../bench/parity/measure.ts';
import { CLASSES, IMAGES, microNetworks, SIZE, withoutDropout } from '../../bench/parity/micro-networks.ts';
import { images, labels, weightValues } from '../../bench/parity/numbers.ts';
import { type Engine, openEngine } from '../../stages/engines/engine.ts';
import { PixelsReader, PixelsWriter } from '../../stages/imaging/pixels.ts';
import { anatomy } from '../../stages/learning/anatomy.ts';
import { forward } from '../../stages/learning/forward.ts';
import { newGraph } from '../../stages/learning/graph.ts';
import { train } from '../../stages/learning/loop.ts';
import { PLAIN } from '../../stages/learning/recipe.ts';
import { nativeFolder } from '../native-engine.ts';
import { stageFolder } from '../stage-harness.ts';

interface Reference {
  readonly keras: string;
  readonly steps: number;
  readonly learningRates: Readonly<Record<string, number>>;
  readonly networks: Readonly<
    Record<
      string,
      {
        readonly probabilities: readonly number[];
        readonly norms: Readonly<Record<string, number>>;
        readonly loss: number;
        readonly gradients: Readonly<Record<string, Short>>;
        readonly moving: Readonly<Record<string, Short>>;
        readonly curve: readonly number[];
      }
    >
  >;
}

// What Keras computes of these networks; bench/parity/write-micro.ts makes it anew.
const file = resolve(fileURLToPath(new URL('../../../test/learning/keras/parity.json', import.meta.url)));
const reference = JSON.parse(readFileSync(file, 'utf8')) as Reference;
const networks = microNetworks();
const pixels = images(IMAGES, SIZE);
const classes = labels(IMAGES, CLASSES);

/** To a share of `scale`, which is the size of the tensor that the number stands for. */
const close = (got: number, wanted: number, share: number, scale: number, what: string): void =>
  assert.ok(Math.abs(got - wanted) <= share * scale, `${what}: ${got}, Keras has ${wanted}`);

const closeTensors = (
  got: ReadonlyMap<string, ArrayLike<number>>,
  wanted: Readonly<Record<string, Short>>,
  share: number,
): void => {
  assert.deepEqual([...got.keys()].sort(), Object.keys(wanted).sort());
  // A gradient that is 0 but for rounding (an offset that the next batch norm takes away) is measured by all of them.
  const whole = Math.hypot(...Object.values(wanted).map(([norm]) => norm));
  for (const [name, [norm, projection]] of Object.entries(wanted)) {
    const own = short(name, got.get(name)!);
    const scale = Math.max(norm, 1e-3 * whole);
    close(own[0], norm, share, scale, `norm of ${name}`);
    close(own[1], projection, share, scale, `projection of ${name}`);
  }
};

for (const want of ['wasm', 'native'] as const)
  describe(`against Keras, ${want}`, {
    skip: want === 'native' && nativeFolder() === null && 'the native engine is not installed',
  }, () => {
    let engine: Engine;
    const folder = stageFolder();
    before(async () => {
      engine = await openEngine({ want });
    });
    after(() => folder.remove());

    for (const [name, network] of Object.entries(networks)) {
      const keras = reference.networks[name]!;

      test(`${name} gives Keras’s probabilities and feature maps`, () => {
        const weights = giveWeights(engine, network, weightValues);
        const { probabilities, norms } = inference(engine, network, weights, pixels);
        for (const [i, wanted] of keras.probabilities.entries())
          close(probabilities[i]!, wanted, 1e-4, 1, `probability ${i}`);
        let compared = 0;
        for (const [layer, wanted] of Object.entries(keras.norms)) {
          if (!norms.has(layer)) continue;
          close(norms.get(layer)!, wanted, 1e-3, wanted, `norm of ${layer}`);
          compared++;
        }
        assert.ok(compared > 0.4 * network.layers.length, `only ${compared} layers were compared`);
        engine.tf.dispose([...weights.values()]);
      });

      test(`${name} gives Keras’s gradients and moving statistics`, () => {
        const still = withoutDropout(network);
        const weights = giveWeights(engine, still, weightValues);
        const { loss, gradients, moving } = training(engine, still, weights, pixels, classes);
        close(loss, keras.loss, 1e-5, keras.loss, 'loss');
        closeTensors(gradients, keras.gradients, 1e-3);
        closeTensors(moving, keras.moving, 1e-5);
        engine.tf.dispose([...weights.values()]);
      });

      test(`twenty steps of Adam follow Keras’s losses for ${name}`, async () => {
        const still = withoutDropout(network);
        const at = mkdtempSync(join(folder.path, 'c-'));
        const weights = new Map(
          anatomy(still).weights.map(({ name, shape }) => [name, weightValues(name, shape)]),
        );
        const { history } = train(
          engine,
          still,
          { ...(await asExamples(at)), weights },
          {
            epochs: reference.steps,
            batch: IMAGES,
            learningRate: reference.learningRates[name]!,
            ...PLAIN,
            seed: 1,
          },
          { checkpoint: join(at, 'c'), signal: new AbortController().signal, progress: () => {} },
        );
        assert.equal(history.length, keras.curve.length);
        for (const [step, { loss }] of history.entries())
          close(loss, keras.curve[step]!, 1e-3, keras.curve[step]!, `loss of step ${step + 1}`);
      });
    }

    test('dropout keeps the mean, and drop-connect drops whole branches of a sample', () => {
      const rate = 0.3;
      const [count, size] = [400, 8];
      for (const perSample of [false, true]) {
        const g = newGraph();
        const x = g.dropout(g.input('input', { size, channels: 1 }), 'drop', { rate, perSample });
        const network = g.network({ features: x, output: x });
        const training = { seed: 5, statistics: () => {} };
        const values = engine.tf.tidy(() => {
          const ones = engine.tf.ones([count, size, size, 1]) as Tensor4D;
          return forward(engine, network, new Map(), ones, training).dataSync() as Float32Array;
        });
        const kept = Math.fround(1 / (1 - rate));
        assert.ok(values.every((value) => value === 0 || Math.abs(value - kept) < 1e-6));
        const cells = size * size;
        const draws = perSample ? count : count * cells;
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        // Five standard errors of the mean of so many draws.
        const error = Math.sqrt(rate / (1 - rate) / draws);
        assert.ok(Math.abs(mean - 1) < 5 * error, `the mean is ${mean}`);
        const whole = Array.from({ length: count }, (_, i) =>
          values.slice(i * cells, (i + 1) * cells),
        ).filter((sample) => sample.every((value) => value === sample[0]));
        assert.equal(whole.length, perSample ? count : 0);
      }
    });
  });

/** All images as training part, nothing to validate. */
async function asExamples(folder: string) {
  const at = join(folder, 'pixels');
  const writer = await PixelsWriter.create(at, SIZE, classes.map(String));
  const bytes = SIZE * SIZE * 3;
  for (const row of classes.keys()) writer.write(row, pixels.subarray(row * bytes, (row + 1) * bytes));
  writer.close();
  const rows = [...classes.keys()];
  return {
    pixels: new PixelsReader(at),
    train: { rows, labels: classes },
    validation: { rows: [], labels: [] },
  };
}
