import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { eventFile, writeTensorboard } from '../../stages/learning/tensorboard.ts';
import { stageFolder } from '../stage-harness.ts';

const folder = stageFolder();
after(() => folder.remove());
const history = [1, 2, 3].map((epoch) => ({
  epoch,
  loss: 1 / epoch,
  accuracy: 0.5 + epoch / 10,
  valLoss: 1.5 / epoch,
  valAccuracy: 0.4 + epoch / 10,
  learningRate: 1e-3 / epoch,
}));

test('event files have the bytes that TensorBoard 2.18 showed as these curves', async () => {
  const at = mkdtempSync(join(folder.path, 'tb-'));
  await writeTensorboard(at, history);
  const digests = readdirSync(at)
    .sort()
    .map((run) => {
      const [name] = readdirSync(join(at, run));
      assert.match(name!, /tfevents/);
      return createHash('sha256')
        .update(readFileSync(join(at, run, name!)))
        .digest('hex');
    });
  assert.deepEqual(digests, DIGESTS);
});

test('a record is its length, its data, and a checksum of each', () => {
  const bytes = eventFile([]);
  // What every event file of TensorFlow begins with but for the time: 24 bytes, brain.Event:2.
  assert.equal(bytes.readBigUInt64LE(0), 24n);
  assert.equal(bytes.length, 12 + 24 + 4);
  assert.equal(bytes.subarray(8, 12).toString('hex'), 'a37f4b22');
  assert.equal(bytes.subarray(23, 36).toString('latin1'), 'brain.Event:2');
});

test('a part that is empty leaves no run', async () => {
  const at = mkdtempSync(join(folder.path, 'tb-'));
  await writeTensorboard(
    at,
    history.map((epoch) => ({ ...epoch, valLoss: null, valAccuracy: null })),
  );
  assert.deepEqual(readdirSync(at), ['train']);
});

const DIGESTS = [
  'd0457be755a01fb8164699b5aaf41977034b39c279510d51135f183690f6823d',
  '9c67cc4bc14ed6fd0bbb82acbf68cb07b5fc3f3798c0d3ed33ee67146282b4c2',
];
