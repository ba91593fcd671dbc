import assert from 'node:assert/strict';
import { test } from 'node:test';
import { augmenter, LIGHT } from '../../stages/learning/augment.ts';
import { learningRateAt, plateausOf, type Schedule } from '../../stages/learning/schedule.ts';

const size = 8;
const image = (): Uint8Array => Uint8Array.from({ length: size * size * 3 }, (_, i) => 20 + i);
const changed = (seed: number, epoch: number, row: number, limits = LIGHT): string => {
  const pixels = image();
  augmenter(limits, size, seed, epoch)(pixels, row);
  return pixels.join();
};

test('an image is changed by seed, epoch and row, and by nothing else', () => {
  assert.equal(changed(1, 2, 3), changed(1, 2, 3));
  const others = [changed(1, 2, 3), changed(2, 2, 3), changed(1, 3, 3), changed(1, 2, 4)];
  assert.equal(new Set(others).size, 4);
});

test('turns and mirrors move pixels and lose none', () => {
  const still = { turn: true, shift: 0, contrast: 0, brightness: 0 };
  const pixelsOf = (text: string): string[] => {
    const values = text.split(',');
    return Array.from({ length: size * size }, (_, i) => values.slice(3 * i, 3 * i + 3).join()).sort();
  };
  const seen = new Set<string>();
  for (let row = 0; row < 64; row++) {
    const moved = changed(1, 1, row, still);
    assert.deepEqual(pixelsOf(moved), pixelsOf(image().join()));
    seen.add(moved);
  }
  assert.equal(seen.size, 8, 'four turns, each with its mirror image');
});

test('a shift reflects at the edge and stays inside', () => {
  const limits = { turn: true, shift: 0.5, contrast: 0.1, brightness: 10 };
  for (let row = 0; row < 50; row++)
    for (const value of changed(1, 1, row, limits).split(',')) assert.match(value, /^\d+$/);
});

const options = { learningRate: 0.5, warmup: 0, decayEvery: 2, decay: 0.1 };
const rates = (schedule: Schedule, warmup: number, steps: number, plateaus = 0): number[] =>
  Array.from({ length: steps }, (_, step) =>
    learningRateAt({ ...options, schedule, warmup }, { step, steps, stepsAnEpoch: 2, plateaus }),
  );

test('schedules', () => {
  const near = (got: readonly number[], wanted: readonly number[]): void => {
    assert.equal(got.length, wanted.length);
    for (const [i, value] of wanted.entries())
      assert.ok(Math.abs(got[i]! - value) < 1e-12, `step ${i}: ${got[i]}, not ${value}`);
  };
  near(rates('constant', 0, 3), [0.5, 0.5, 0.5]);
  near(rates('constant', 0.5, 4), [0.25, 0.5, 0.5, 0.5]);
  near(rates('cosine', 0, 4), [0.5, 0.25 * (1 + Math.SQRT1_2), 0.25, 0.25 * (1 - Math.SQRT1_2)]);
  near(rates('cosine', 0.5, 4), [0.25, 0.5, 0.5, 0.25]);
  near(rates('step', 0, 9), [0.5, 0.5, 0.5, 0.5, 0.05, 0.05, 0.05, 0.05, 0.005]);
  near(rates('plateau', 0, 1, 2), [0.005]);
});

test('a plateau is so many epochs without a loss that is lower by 1e-4', () => {
  assert.equal(plateausOf([3, 2, 1], 2), 0);
  assert.equal(plateausOf([3, 3, 3], 2), 1);
  assert.equal(plateausOf([3, 3, 3, 3, 3], 2), 2);
  assert.equal(plateausOf([3, 2.99995, 2.9999], 2), 1);
  assert.equal(plateausOf([3, 4, 2, 4], 2), 0);
  assert.equal(plateausOf([null, null, null], 1), 0);
});
