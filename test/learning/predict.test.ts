import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { runStage, stageFolder } from '../stage-harness.ts';
import { colours } from './colours.ts';

const bin = resolve(fileURLToPath(new URL('../../../bin/bloodline.js', import.meta.url)));
const folder = stageFolder();
after(() => folder.remove());
let model: string;

before(async () => {
  const trained = await runStage('stages/train-per-model.ts', {
    folder: folder.path,
    params: { model: 'stages/models/custom-cnn.ts', epochs: 4, batch: 16, engine: 'wasm' },
    inputs: await colours(folder.path),
  });
  model = trained.output('model');
  mkdirSync(join(folder.path, 'images'));
  for (const [name, background] of [
    ['a red one.png', '#a22834'],
    ['blue.png', '#84ace8'],
  ] as const)
    await sharp({ create: { width: 50, height: 40, channels: 3, background } })
      .png()
      .toFile(join(folder.path, 'images', name));
});

const predict = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [bin, '-C', folder.path, 'predict', '--engine', 'wasm', ...args],
    { encoding: 'utf8' },
  );
  return { status, stdout, stderr };
};

test('new images are named, a JSON object a line', () => {
  const { status, stdout, stderr } = predict('--json', model, 'images');
  assert.equal(status, 0, stderr);
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    rows.map(({ image, label }) => [image, label]),
    [
      ['images/a red one.png', 'red'],
      ['images/blue.png', 'blue'],
    ],
  );
  assert.deepEqual(Object.keys(rows[0].probabilities), ['red', 'blue']);
});

test('an image that cannot be read is named, and the others are answered', () => {
  writeFileSync(join(folder.path, 'broken.png'), 'no image');
  const { status, stdout, stderr } = predict(model, 'broken.png', 'images/blue.png');
  assert.equal(status, 1);
  assert.match(stdout, /^images\/blue\.png +blue \d+\.\d % {2}red \d+\.\d %\n$/);
  assert.match(stderr, /^broken\.png: no image of a kind that is known/m);
});

test('a folder without a model is said to be one', () => {
  const { status, stderr } = predict('images', 'images/blue.png');
  assert.equal(status, 2);
  assert.match(stderr, /There is no trained model in .*images\./);
});

test('a folder without images is said to be one', () => {
  mkdirSync(join(folder.path, 'nothing'));
  const { status, stderr } = predict(model, 'nothing');
  assert.equal(status, 2);
  assert.match(stderr, /There are no files in nothing\./);
});
