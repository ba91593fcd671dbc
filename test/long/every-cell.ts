/**
 * Whether `predict` and a bundle's page in a real browser answer every test cell of a run as `evaluate` did.
 *
 *     node dist/test/long/every-cell.js [--latest artifacts/latest] --source FOLDER
 *
 * `--source`: the images that the run read. Prints a line a network, and exits with 1 where another label or a
 * probability farther than 1e-4 comes out (`predict` computes on evaluate's engine: the figures are the same; the
 * browser has another).
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import {
  jsonLines,
  parseJsonLines,
  readJsonLines,
  readSamples,
  type Sample,
} from '../../stages/imaging/samples.ts';
import type { Prediction } from '../../stages/judging/evaluation.ts';
import { askPage, openBrowser, serve } from '../browser.ts';
import { farthest } from '../learning/farthest.ts';

const { values } = parseArgs({
  options: { latest: { type: 'string', default: 'artifacts/latest' }, source: { type: 'string' } },
});
if (values.source === undefined) throw new Error('--source is missing: the folder of images');
const latest = resolve(values.latest);
const source = resolve(values.source);
const root = resolve(fileURLToPath(new URL('../../..', import.meta.url)));
const folder = mkdtempSync(join(tmpdir(), 'bloodline-every-cell-'));

interface Answer {
  readonly label: string;
  readonly probabilities: readonly number[];
}

const samples = new Map(
  readSamples(join(latest, 'balance-augment/samples')).map((sample) => [sample.id, sample]),
);

function program(file: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, file), ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  if (status !== 0) throw new Error(`${file} ended with ${status}: ${stderr}`);
  return stdout;
}

function byPredict(bundle: string, cells: readonly Sample[]): Map<string, Answer> {
  type Line = { id: string; image: string; label: string; probabilities: Record<string, number> };
  const boxes = join(folder, 'boxes.jsonl');
  writeFileSync(boxes, jsonLines(cells));
  const what = cells.every(({ box }) => box === null)
    ? cells.map(({ image }) => join(source, image))
    : [source, '--boxes', boxes];
  const idOf = new Map(cells.map(({ id, image }) => [join(source, image), id]));
  return new Map(
    parseJsonLines<Line>(program('bin/bloodline.js', 'predict', '--json', bundle, ...what)).map(
      ({ id, image, label, probabilities }) => [
        samples.has(id) ? id : idOf.get(image)!,
        { label, probabilities: Object.values(probabilities) },
      ],
    ),
  );
}

async function byBrowser(bundle: string, cells: readonly Sample[]): Promise<Map<string, Answer>> {
  const [browser, site] = [await openBrowser(), await serve(bundle)];
  try {
    const page = await browser.newPage();
    await page.goto(site.url);
    await page.waitForSelector('body[data-ready=yes]');
    const answers = new Map<string, Answer>();
    for (const { id, image, box } of cells) answers.set(id, await askPage(page, join(source, image), box));
    return answers;
  } finally {
    await browser.close();
    site.close();
  }
}

/** Cells with another label, and the largest difference of a probability. */
function compare(expected: readonly Prediction[], answers: ReadonlyMap<string, Answer>) {
  let [others, worst] = [0, 0];
  for (const { id, predicted, calibrated } of expected) {
    const answer = answers.get(id);
    if (answer?.label !== predicted) others++;
    worst = Math.max(worst, farthest(calibrated, answer?.probabilities ?? []));
  }
  return { others, worst };
}

try {
  for (const stage of readdirSync(latest).filter((name) => name.startsWith('evaluate@'))) {
    const model = stage.slice('evaluate@'.length);
    const bundle = join(folder, model);
    const evaluation = join(latest, stage, 'evaluation');
    const trained = join(latest, `train-per-model@${model}`, 'model');
    program('dist/stages/tools/export-model.js', trained, bundle, '--format', 'bundle', '--use', evaluation);
    const expected = readJsonLines<Prediction>(join(evaluation, 'predictions.jsonl'));
    const cells = expected.map(({ id }) => samples.get(id)!);
    for (const [way, answers] of [
      ['predict', byPredict(bundle, cells)],
      ['browser', await byBrowser(bundle, cells)],
    ] as const) {
      const { others, worst } = compare(expected, answers);
      console.log(
        `${model}, ${way}: ${expected.length} cells, ${others} other labels, largest difference ${worst}`,
      );
      if (others > 0 || !(worst < 1e-4)) process.exitCode = 1;
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
