/** Against Keras: the numbers are of `bench/parity/recipe.py`. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Variable } from '@tensorflow/tfjs';
import { openEngine } from '../../stages/engines/engine.ts';
import { weightedLoss } from '../../stages/learning/loss.ts';
import { type OptimizerOptions, openOptimizer } from '../../stages/learning/optimizer.ts';
import { PLAIN } from '../../stages/learning/recipe.ts';
import { learningRateAt, plateausOf } from '../../stages/learning/schedule.ts';
import { classWeightsOf, targetsOf } from '../../stages/learning/targets.ts';
import { nativeFolder } from '../native-engine.ts';

type Pair = readonly [kernel: number[], bias: number[]];
interface Reference {
  readonly rate: number;
  readonly kernel: number[];
  readonly bias: number[];
  readonly gradients: readonly Pair[];
  readonly optimizers: Readonly<
    Record<string, { options: Partial<OptimizerOptions>; steps: Pair[]; means?: Pair }>
  >;
  readonly logits: number[];
  readonly labels: number[];
  readonly losses: readonly { labelSmoothing: number; classWeights: number[] | null; loss: number }[];
  readonly schedules: { readonly cosine: number[]; readonly step: number[] };
  readonly plateau: { readonly losses: number[]; readonly rates: Readonly<Record<string, number[]>> };
}
const file = new URL('../../../test/learning/keras/recipe.json', import.meta.url);
const keras = JSON.parse(readFileSync(file, 'utf8')) as Reference;

function close(got: ArrayLike<number>, wanted: readonly number[], tolerance: number, what: string): void {
  assert.equal(got.length, wanted.length, what);
  for (const [i, value] of wanted.entries())
    assert.ok(Math.abs(got[i]! - value) <= tolerance, `${what}[${i}] is ${got[i]}, Keras has ${value}`);
}

const engines = [
  ['wasm', false],
  ['cpu', false],
  ['native', nativeFolder() ? false : 'the native engine is not installed: `bloodline engine install`'],
] as const;
for (const [want, skip] of engines)
  test(`optimizers on ${want} move weights as Keras's do`, { skip }, async () => {
    const engine = await openEngine({ want });
    const { tf } = engine;
    const variable = (values: number[], shape: number[]): Variable => tf.variable(tf.tensor(values, shape));
    for (const [name, { options, steps, means }] of Object.entries(keras.optimizers)) {
      const kernel = variable(keras.kernel, [3, 2]);
      const bias = variable(keras.bias, [2]);
      const weights = new Map([
        ['kernel', kernel],
        ['bias', bias],
      ]);
      const optimizer = openOptimizer(engine, weights, ['kernel', 'bias'], { ...PLAIN, ...options });
      for (const [step, wanted] of steps.entries()) {
        const [dKernel, dBias] = keras.gradients[step]!;
        const gradients = new Map([
          ['kernel', tf.tensor(dKernel, [3, 2])],
          ['bias', tf.tensor(dBias, [2])],
        ]);
        optimizer.step(keras.rate, gradients);
        // Keras works out 1 − β^t in float32, which leaves five digits of .001; six steps add up.
        close(kernel.dataSync(), wanted[0], 5e-6, `${name}: kernel after step ${step + 1}`);
        close(bias.dataSync(), wanted[1], 5e-6, `${name}: bias after step ${step + 1}`);
      }
      if (means) {
        close(optimizer.result.get('kernel')!.dataSync(), means[0], 5e-6, `${name}: mean of the kernel`);
        close(optimizer.result.get('bias')!.dataSync(), means[1], 5e-6, `${name}: mean of the bias`);
      }
      optimizer.finish();
      tf.dispose([kernel, bias]);
    }
  });

test('class weights and label smoothing give the mean loss of Keras', () => {
  for (const { loss, ...options } of keras.losses) {
    const targets = targetsOf(keras.labels, 3, options);
    const mean = weightedLoss(Float32Array.from(keras.logits), targets, 3) / keras.labels.length;
    assert.ok(Math.abs(mean - loss) < 1e-6, `${JSON.stringify(options)}: ${mean}, Keras has ${loss}`);
  }
});

test('balanced weights are examples / (classes × examples of the class); weights by name', () => {
  assert.deepEqual(classWeightsOf('balanced', ['a', 'b', 'c'], [0, 0, 0, 1]), [4 / 9, 4 / 3, 1]);
  assert.deepEqual(classWeightsOf({ b: 3 }, ['a', 'b'], [0]), [1, 3]);
  assert.throws(() => classWeightsOf({ d: 3 }, ['a', 'b'], [0]), /names "d"; the classes are a, b/);
});

test('schedules are those of Keras', () => {
  const options = { ...PLAIN, learningRate: 0.5 };
  const steps = 20;
  const rates = (more: object): number[] =>
    Array.from({ length: steps }, (_, step) =>
      learningRateAt({ ...options, ...more }, { step, steps, stepsAnEpoch: 3, plateaus: 0 }),
    );
  // Keras's warm-up begins with a step at rate 0, ours with what is its second.
  const cosine = rates({ schedule: 'cosine', warmup: 0.2 });
  close(cosine.slice(0, 4), keras.schedules.cosine.slice(1, 5), 1e-7, 'warm-up');
  close(cosine.slice(4), keras.schedules.cosine.slice(4), 1e-7, 'cosine');
  close(rates({ schedule: 'step', decayEvery: 2 }), keras.schedules.step, 1e-7, 'step');
});

test('plateaus are those of Keras', () => {
  for (const [patience, rates] of Object.entries(keras.plateau.rates))
    for (const [i, rate] of rates.entries()) {
      const plateaus = plateausOf(keras.plateau.losses.slice(0, i + 1), Number(patience));
      assert.equal(rate, 1 / (1 << plateaus), `after epoch ${i + 1} with patience ${patience}`);
    }
});
