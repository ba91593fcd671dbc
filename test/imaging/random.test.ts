import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../../stages/imaging/random.ts';

test('the same seed and purpose give the same draws, others give others', () => {
  const draws = (seed: number, purpose: string) => {
    const draw = random(seed, purpose);
    return Array.from({ length: 4 }, () => draw.uint32());
  };
  assert.deepEqual(draws(42, 'a'), draws(42, 'a'));
  assert.notDeepEqual(draws(42, 'a'), draws(42, 'b'));
  assert.notDeepEqual(draws(42, 'a'), draws(43, 'a'));
  // Written down once: these may never change, or every pipeline in the world runs again.
  assert.deepEqual(draws(42, 'a'), [3158707939, 3968537181, 1226566117, 988926210]);
});

test('draws are spread evenly and normally', () => {
  const draw = random(1, 'spread');
  const bins = new Array<number>(10).fill(0);
  let [sum, squares] = [0, 0];
  const n = 20_000;
  for (let i = 0; i < n; i++) {
    bins[draw.integer(10)]! += 1;
    const value = draw.normal();
    sum += value;
    squares += value * value;
  }
  for (const count of bins) assert.ok(Math.abs(count - n / 10) < 200, `a bin of ${count}`);
  assert.ok(Math.abs(sum / n) < 0.03);
  assert.ok(Math.abs(squares / n - 1) < 0.04);
});

test('a shuffle loses nothing and leaves its input alone', () => {
  const items = Array.from({ length: 50 }, (_, i) => i);
  const shuffled = random(9, 'cards').shuffle(items);
  assert.notDeepEqual(shuffled, items);
  assert.deepEqual(
    [...shuffled].sort((a, b) => a - b),
    items,
  );
  assert.equal(items[0], 0);
});
