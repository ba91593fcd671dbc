import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { decode } from '../../stages/imaging/decode.ts';
import { askPage, axeFindings, noBrowser, openBrowser, SOFTWARE_GPU, serve } from '../browser.ts';
import { stageFolder } from '../stage-harness.ts';
import { farthest } from './farthest.ts';
import { type JudgedModel, judgedModel, writeNoise } from './judged-model.ts';

const bin = resolve(fileURLToPath(new URL('../../../bin/bloodline.js', import.meta.url)));
const folder = stageFolder();
after(() => folder.remove());
let made: JudgedModel;
const bundle = join(folder.path, 'bundle');
const noise = join(folder.path, 'noise.png');
const bloodline = (...args: string[]) =>
  spawnSync(process.execPath, [bin, '-C', folder.path, ...args], { encoding: 'utf8' });

before(async () => {
  made = await judgedModel(folder.path);
  const { status, stderr } = bloodline('model', 'export', made.judged, bundle, '--format', 'bundle');
  assert.equal(status, 0, stderr);
  await writeNoise(noise);
});

const read = (name: string): string => readFileSync(join(bundle, name), 'utf8');

test('a model without an evaluation makes no bundle', () => {
  const { status, stderr } = bloodline(
    'model',
    'export',
    made.model,
    join(folder.path, 'x'),
    '--format',
    'bundle',
  );
  assert.equal(status, 2);
  assert.match(stderr, /Nothing is known of how this model was evaluated/);
});

test('a bundle’s predict needs only tfjs, and gives the probabilities of evaluate', async () => {
  assert.ok(read('predict.js').trimEnd().split('\n').length <= 32);
  const tf = await import('@tensorflow/tfjs');
  await tf.setBackend('cpu');
  const { namer } = await import(pathToFileURL(join(bundle, 'predict.js')).href);
  const { modelTopology, weightsManifest } = JSON.parse(read('network/model.json'));
  const bytes = readFileSync(join(bundle, 'network/weights.bin'));
  const network = await tf.loadLayersModel(
    tf.io.fromMemory({
      modelTopology,
      weightSpecs: weightsManifest[0].weights,
      weightData: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer,
    }),
  );
  const rows = new Float32Array(Uint8Array.from(readFileSync(join(bundle, 'reference.bin'))).buffer);
  const model = namer(tf, JSON.parse(read('about.json')), network, rows);
  for (const { id, predicted, calibrated } of made.expected.slice(0, 4)) {
    const picture = await decode(readFileSync(join(folder.path, 'cells', `${id}.png`)));
    const { label, probabilities, unlike } = await model.predict(picture);
    assert.equal(label, predicted);
    assert.equal(unlike, false);
    assert.ok(farthest(calibrated, probabilities) < 1e-4);
  }
});

for (const engine of ['wasm', 'webgpu'] as const)
  test(`on ${engine} the page names dropped pictures as evaluate did, and axe finds nothing serious`, {
    skip: noBrowser,
  }, async () => {
    const [browser, site] = [await openBrowser(...SOFTWARE_GPU), await serve(bundle)];
    try {
      const page = await browser.newPage();
      const failures: string[] = [];
      page.on('pageerror', ({ message }) => failures.push(message));
      // A GPU of software is not taken unasked: WebAssembly is faster.
      await page.goto(engine === 'wasm' ? site.url : `${site.url}?engine=webgpu`);
      await page.waitForSelector('body[data-ready=yes]');
      assert.equal(await page.evaluate('document.body.dataset.engine'), engine);
      const files = made.expected.map(({ id }) => join(folder.path, 'cells', `${id}.png`));
      await page.setInputFiles('#file', [...files, noise]);
      await page.waitForFunction(`document.querySelectorAll('.cell').length === ${files.length + 1}`);
      assert.match(await page.locator('.cell').last().innerText(), new RegExp(made.expected[0]!.predicted));
      assert.match(
        await page.locator('.cell').first().innerText(),
        /^noise\.png: .*\s+Unlike the training data/,
      );
      for (const { id, calibrated } of made.expected) {
        const { probabilities } = await askPage(page, join(folder.path, 'cells', `${id}.png`));
        assert.ok(
          farthest(calibrated, probabilities) < 1e-4,
          `${id}: ${probabilities}, evaluate ${calibrated}`,
        );
      }
      assert.deepEqual(await axeFindings(page), []);
      assert.deepEqual(failures, []);
    } finally {
      await browser.close();
      site.close();
    }
  });

test('bloodline predict takes a bundle, and its card says what it is not', () => {
  const { status, stdout } = bloodline('predict', '--engine', 'wasm', '--json', bundle, 'cells');
  assert.equal(status, 0);
  assert.equal(stdout.trim().split('\n').length, made.expected.length);
  const card = read('MODEL_CARD.md');
  for (const text of ['Not a medical device', '## Data', '## How good it is', '## Limits', 'Synthetic data'])
    assert.ok(card.includes(text), text);
});
