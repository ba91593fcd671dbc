import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { PixelsReader } from '../../stages/imaging/pixels.ts';
import { encodePng } from '../../stages/imaging/png.ts';
import { writeSamples } from '../../stages/imaging/samples.ts';
import { ShardWriter } from '../../stages/imaging/shards.ts';
import type { Comparison } from '../../stages/judging/comparison.ts';
import { readAssignment } from '../../stages/learning/assignment.ts';
import { axeFindings, noBrowser, openBrowser } from '../browser.ts';
import { assertSelfContained } from '../self-contained.ts';
import { runStage, stageFolder } from '../stage-harness.ts';
import { judgedModel } from './judged-model.ts';

const folder = stageFolder();
after(() => folder.remove());
let given: Record<string, string>;
let made: { output(name: string): string };

before(async () => {
  const { evaluation, curves, inputs } = await judgedModel(folder.path);
  const [evaluations, allCurves] = [join(folder.path, 'evaluations'), join(folder.path, 'all-curves')];
  // Two trainings of one architecture that answer alike: a row of its own with two runs.
  for (const coordinate of ['model=custom-cnn,repeat=1', 'model=custom-cnn,repeat=2']) {
    cpSync(evaluation, join(evaluations, coordinate), { recursive: true });
    cpSync(curves, join(allCurves, coordinate), { recursive: true });
  }
  // Each cell is a picture of its own, of a width that tells nothing, with a box in some.
  const pixels = new PixelsReader(inputs.pixels);
  const { train, validation, test: tested } = readAssignment(inputs.split);
  const cells = [...train.cells, ...validation.cells, ...tested.cells].sort((a, b) => a.row - b.row);
  const images = join(folder.path, 'images-of-cells');
  mkdirSync(images);
  const shards = await ShardWriter.create(join(folder.path, 'shards'));
  for (const { id, row } of cells) {
    const data = new Uint8Array(pixels.rowBytes);
    pixels.read([row], data);
    shards.add(`${id}.png`, encodePng({ width: 16, height: 16, data }));
  }
  await shards.close();
  pixels.close();
  await writeSamples(join(folder.path, 'samples'), {
    samples: cells.map(({ id, label, group, row }) => ({
      id,
      label: ['red', 'blue'][label]!,
      image: `${id}.png`,
      imageSize: [16, 16],
      box: row % 3 === 0 ? [2, 2, 12, 12] : null,
      group,
      part: null,
      flags: [],
    })),
    dataset: { name: 'colours', format: 'test', classes: ['red', 'blue'], synthetic: true },
    nearDuplicates: [],
  });
  given = {
    evaluations,
    curves: allCurves,
    ...inputs,
    samples: join(folder.path, 'samples'),
    images: join(folder.path, 'shards'),
  };
  made = await runStage('stages/compare.ts', { folder: folder.path, inputs: given });
});

const file = (name: string): string => join(made.output('comparison'), name);

test('baselines are rows, repeated trainings are one row with two sources of doubt, pictures are inside', () => {
  const comparison = JSON.parse(readFileSync(file('comparison.json'), 'utf8')) as Comparison;
  assert.deepEqual(
    comparison.baselines.map(({ name }) => name),
    ['always red', 'box size alone', 'mean colour alone', 'nearest colour histogram'],
  );
  const [model] = comparison.models;
  assert.equal(comparison.models.length, 1);
  assert.equal(model!.trainings, 2);
  assert.equal(model!.standing.betweenTrainings, 0);
  // Colour alone tells these classes apart: no network can beat that, and it is said.
  assert.match(comparison.floorVerdict!, /does not beat the strongest baseline/);
  const page = readFileSync(file('comparison.html'), 'utf8');
  assertSelfContained(page);
  assert.ok(page.includes('Two sources of doubt, apart') && page.includes('url(data:image/jpeg;base64,'));
  assert.ok(page.includes('cell-8') && Buffer.byteLength(page) < 5e6);
});

test('the page works by mouse, by keyboard, on a phone and in the dark, and axe finds nothing serious', {
  skip: noBrowser,
}, async () => {
  const browser = await openBrowser();
  try {
    const open = async (options: Parameters<typeof browser.newPage>[0]): Promise<Page> => {
      const page = await browser.newPage(options);
      await page.goto(pathToFileURL(file('comparison.html')).href);
      return page;
    };
    const wide = await open({ viewport: { width: 1200, height: 900 } });
    const [number, peek] = [wide.locator('.matrix button').first(), wide.locator('.peek').first()];
    assert.equal(await peek.isVisible(), false);
    await number.hover();
    assert.equal(await peek.isVisible(), true);
    assert.match(await peek.innerText(), /red taken for red: \d+, \d+\.\d % of the row/);
    await wide.mouse.move(0, 0);
    assert.equal(await peek.isVisible(), false);
    await number.focus();
    assert.equal(await peek.isVisible(), true);
    assert.ok((await peek.locator('.cell').count()) > 0);
    assert.deepEqual(await axeFindings(wide), []);

    const source = wide.locator('.source').first();
    await source.locator('summary').click();
    assert.ok(await source.locator('.around img').isVisible());

    const dark = await open({ viewport: { width: 1200, height: 900 }, colorScheme: 'dark' });
    assert.deepEqual(await axeFindings(dark), []);
    const phone = await open({ viewport: { width: 360, height: 740 } });
    assert.equal(await phone.evaluate('document.documentElement.scrollWidth'), 360);
    assert.deepEqual(await axeFindings(phone), []);
  } finally {
    await browser.close();
  }
});

test('predictions that do not belong to the pixels are refused', async () => {
  const file = join(given.evaluations!, 'model=custom-cnn,repeat=2', 'evaluation.json');
  const evaluation = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...evaluation, pixels: '0'.repeat(64) }));
  await assert.rejects(
    runStage('stages/compare.ts', { folder: folder.path, inputs: given }),
    /The predictions of model=custom-cnn,repeat=2 do not belong to these pixels/,
  );
});
