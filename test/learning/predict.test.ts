import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import sharp from 'sharp';
import { parseJsonLines } from '../../stages/imaging/samples.ts';
import type { Prediction } from '../../stages/judging/evaluation.ts';
import { huge } from '../imaging/odd-images.ts';
import { assertSelfContained } from '../self-contained.ts';
import { stageFolder } from '../stage-harness.ts';
import { judgedModel, writeNoise } from './judged-model.ts';

const bin = resolve(fileURLToPath(new URL('../../../bin/bloodline.js', import.meta.url)));
const folder = stageFolder();
after(() => folder.remove());
let model: string;
/** The same model with what evaluate found of it. */
let judged: string;
let expected: readonly Prediction[];

before(async () => {
  ({ model, judged, expected } = await judgedModel(folder.path));
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

/** Of `predict --json`. */
interface Line {
  readonly image: string;
  readonly label: string;
  readonly unlike: boolean | null;
  readonly probabilities: Readonly<Record<string, number>>;
}

test('new images are named, a JSON object a line', () => {
  const { status, stdout, stderr } = predict('--json', model, 'images');
  assert.equal(status, 0, stderr);
  const rows = parseJsonLines<Line>(stdout);
  assert.deepEqual(
    rows.map(({ image, label }) => [image, label]),
    [
      ['images/a red one.png', 'red'],
      ['images/blue.png', 'blue'],
    ],
  );
  assert.deepEqual(Object.keys(rows[0]!.probabilities), ['red', 'blue']);
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
  assert.match(stderr, /there is no trained model in images/);
});

test('a folder without images is said to be one', () => {
  mkdirSync(join(folder.path, 'nothing'));
  const { status, stderr } = predict(model, 'nothing');
  assert.equal(status, 2);
  assert.match(stderr, /There are no files in nothing\./);
});

test('every test cell gets the answer that evaluate gave, to the last figure', () => {
  const { status, stdout, stderr } = predict('--json', judged, 'cells');
  assert.equal(status, 0, stderr);
  const byId = new Map(expected.map((of) => [`cells/${of.id}.png`, of]));
  const rows = parseJsonLines<Line>(stdout);
  assert.equal(rows.length, expected.length);
  for (const { image, label, probabilities, unlike } of rows) {
    const { predicted, calibrated } = byId.get(image)!;
    assert.equal(label, predicted);
    assert.deepEqual(Object.values(probabilities), calibrated);
    assert.equal(typeof unlike, 'boolean');
  }
});

test('boxes of a table are cells; one outside its image is named, and the rest is answered', () => {
  const table = ['image,id,xmin,ymin,xmax,ymax', 'strip.png,first,0,0,16,16', 'strip.png,out,900,0,916,16'];
  writeFileSync(join(folder.path, 'boxes.csv'), table.join('\n'));
  const { status, stdout, stderr } = predict('--csv', '--boxes', 'boxes.csv', judged);
  assert.equal(status, 1);
  assert.match(
    stderr,
    /strip\.png \[out\]: the box 900, 0, 16, 16 has nothing of the image \(256 × 16\) in it/,
  );
  const rows = parse(stdout, { columns: true }) as Record<string, string>[];
  assert.deepEqual(
    rows.map(({ image, id, x, width, label }) => [image, id, x, width, label]),
    [['strip.png', 'first', '0', '16', expected[0]!.predicted]],
  );
  writeFileSync(join(folder.path, 'odd.csv'), 'picture,left\na.png,1');
  assert.match(
    predict('--boxes', 'odd.csv', judged).stderr,
    /It needs image, and xmin, ymin, xmax, ymax or x,/,
  );
});

test('a picture unlike the training data is said to be, and a page shows what was asked', async () => {
  await writeNoise(join(folder.path, '<noise>.png'));
  const { stdout } = predict(judged, '<noise>.png', `cells/${expected[0]!.id}.png`);
  const [odd, usual] = stdout.trim().split('\n');
  assert.match(odd!, /unlike the training data/);
  assert.doesNotMatch(usual!, /unlike/);
  const page = predict('--html', judged, '<noise>.png', 'none.png');
  assert.equal(page.status, 1);
  assertSelfContained(page.stdout);
  assert.ok(
    page.stdout.includes('&lt;noise&gt;.png') && page.stdout.includes('none.png: there is no such file'),
  );
});

test('a picture of one pixel is named, one cut short or of 20,000 × 20,000 is not, and nothing stops the rest', async () => {
  const dot = { create: { width: 1, height: 1, channels: 3, background: '#a22834' } } as const;
  await sharp(dot).png().toFile(join(folder.path, 'dot.png'));
  const jpeg = await sharp(join(folder.path, 'strip.png')).jpeg().toBuffer();
  writeFileSync(join(folder.path, 'short.jpg'), jpeg.subarray(0, Math.floor(jpeg.length / 2)));
  writeFileSync(join(folder.path, 'huge.png'), huge());
  const { status, stdout, stderr } = predict('--json', judged, 'short.jpg', 'dot.png', 'huge.png', 'images');
  assert.equal(status, 1);
  assert.match(stderr, /^short\.jpg: a JPEG file that is cut short or damaged$/m);
  assert.match(stderr, /^huge\.png: 20000 × 20000 pixels, more than the 100 million that are read/m);
  assert.match(stderr, /^3 named, 2 not read/m);
  assert.equal(stdout.trim().split('\n').length, 3);
});

test('what another version wrote is refused in a sentence, the model too', () => {
  const later = join(folder.path, 'later');
  cpSync(judged, later, { recursive: true });
  writeFileSync(join(later, 'use.json'), '{"format":2}');
  const { status, stderr } = predict(later, 'images');
  assert.equal(status, 2);
  assert.match(
    stderr,
    /use\.json is of format 2; this program reads format 1\.\n {2}Evaluate the model again/,
  );
  const model = JSON.parse(readFileSync(join(judged, 'model.json'), 'utf8'));
  writeFileSync(join(later, 'model.json'), JSON.stringify({ ...model, version: 9 }));
  cpSync(join(judged, 'use.json'), join(later, 'use.json'));
  assert.match(
    predict(later, 'images').stderr,
    /model\.json is of version 9; this program reads version 1\./,
  );
});
