import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { sweepRates } from '../../stages/learning/rate-sweep.ts';
import { runStage, stageFolder } from '../stage-harness.ts';
import { microData } from './micro.ts';

const folder = stageFolder();
after(() => folder.remove());

test('a sweep stops where the loss explodes and suggests a tenth of the rate with the lowest', () => {
  // Minimising x²/2 from 1: each step multiplies x by 1 − rate, so that a rate above 2 explodes. It never comes nearer
  // than .1, as no training does.
  let x = 1;
  const { steps, suggested, steepest } = sweepRates({ lowest: 1e-4, highest: 100, steps: 121 }, (rate) => {
    const loss = (x * x) / 2;
    x = Math.max(0.1, Math.abs(x * (1 - rate)));
    return loss;
  });
  assert.ok(steps.length < 121, 'it went on');
  assert.ok(steps.at(-1)!.rate > 2 && steps.at(-1)!.rate < 20, `it ended at ${steps.at(-1)!.rate}`);
  assert.ok(suggested > 0.1 && suggested < 0.4, `it suggests ${suggested}`);
  assert.ok(steepest < 10 * suggested);
  assert.ok(Math.abs(steps[1]!.rate / steps[0]!.rate - Math.exp(Math.log(1e6) / 120)) < 1e-12);
});

test('a loss that never falls is said', () => {
  assert.throws(
    () => sweepRates({ lowest: 1, highest: 2, steps: 10 }, (_, step) => 1 + step),
    /does not fall at any rate from 1 to 2/,
  );
});

test('the stage plots the loss over the rate, with the same bytes twice', async () => {
  const data = await microData(folder.path, { count: 40, size: 9, classes: 3 });
  const params = { model: 'test/learning/micro-model.ts', steps: 40, batch: 16, engine: 'wasm' };
  const inputs = { pixels: data.pixels, split: data.split };
  const read = async () => {
    const stage = await runStage('stages/find-learning-rate.ts', { folder: folder.path, params, inputs });
    const text = (name: string): string => readFileSync(join(stage.output('rates'), name), 'utf8');
    return { metrics: stage.metrics, json: text('learning-rate.json'), svg: text('learning-rate.svg') };
  };
  const first = await read();
  assert.deepEqual(await read(), first);
  const suggested = first.metrics['suggested learning rate']!;
  assert.ok(suggested > 1e-6 && suggested < 1, `it suggests ${suggested}`);
  assert.match(first.svg, /^<svg.*suggested/s);
});
