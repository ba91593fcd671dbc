/**
 * Names the cells of new images with a trained model: a program that prints a row an image.
 *
 *     node predict.js MODEL IMAGE… [--json] [--engine auto|native|wasm]
 *
 * MODEL is a folder that train-per-model made. An IMAGE is a file, or a folder whose files are all looked at; each shows
 * one cell, and its largest middle square is brought to the model's size exactly as resize-normalize does it. Exits
 * with 1 where an image could not be read, 2 where it was called wrongly.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { StageError } from 'bloodline-ml/stage';
import { cropSquare } from '../imaging/crop.ts';
import { decode } from '../imaging/decode.ts';
import { resampler } from '../imaging/resample.ts';
import { byCodeUnit } from '../imaging/samples.ts';
import { openEngine } from '../learning/engine.ts';
import { rounded } from '../learning/evaluation.ts';
import { argMax } from '../learning/metrics.ts';
import { type LoadedModel, loadModel } from '../learning/saved-model.ts';

/** Images computed at once. */
const BATCH = 32;

interface Named {
  readonly image: string;
  readonly label: string;
  /** By class, in the model's order. */
  readonly probabilities: Readonly<Record<string, number>>;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      engine: { type: 'string', default: 'auto' },
    },
  });
  const [folder, ...given] = positionals;
  if (folder === undefined || given.length === 0)
    throw new StageError('predict takes a model’s folder and at least one image.');
  if (!existsSync(join(folder, 'model.json')))
    throw new StageError(
      `There is no trained model in ${folder}.`,
      'Models lie in the store under latest/train-per-model@NAME/model.',
    );
  const images = given.flatMap(filesOf);
  if (images.length === 0)
    throw new StageError(
      `There are no files in ${given.join(', ')}.`,
      'Give images, or folders with images.',
    );
  const engine = await openEngine({ want: values.engine as 'auto' });
  const model = await loadModel(folder, engine);
  const width = Math.max(...images.map((image) => image.length));
  let unreadable = 0;
  for (let at = 0; at < images.length; at += BATCH) {
    const { named, failed } = await nameAll(model, images.slice(at, at + BATCH));
    for (const row of named)
      process.stdout.write(`${values.json ? JSON.stringify(row) : asText(row, width)}\n`);
    for (const { image, message } of failed) process.stderr.write(`${image}: ${message}\n`);
    unreadable += failed.length;
  }
  model.dispose();
  return unreadable > 0 ? 1 : 0;
}

/** The file itself, or all files of a folder in a fixed order; hidden ones are left out. */
function filesOf(path: string): string[] {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => !/(^|\/)\./.test(name) && statSync(join(path, name)).isFile())
    .sort(byCodeUnit)
    .map((name) => join(path, name));
}

async function nameAll(
  { model, predict }: LoadedModel,
  images: readonly string[],
): Promise<{ named: Named[]; failed: { image: string; message: string }[] }> {
  const { size, classes } = model;
  const render = resampler(size);
  const rowBytes = size * size * 3;
  const pixels = new Uint8Array(images.length * rowBytes); // N × size × size × 3
  const read: string[] = [];
  const failed: { image: string; message: string }[] = [];
  for (const image of images) {
    try {
      const picture = await decode(await readFile(image));
      const square = cropSquare(null, picture.width, picture.height);
      render(
        picture,
        square,
        undefined,
        pixels.subarray(read.length * rowBytes, (read.length + 1) * rowBytes),
      );
      read.push(image);
    } catch (error) {
      failed.push({ image, message: (error as Error).message });
    }
  }
  const probabilities = predict(pixels.subarray(0, read.length * rowBytes)); // N × classes
  const named = read.map((image, row): Named => {
    const own = probabilities.subarray(row * classes.length, (row + 1) * classes.length);
    return {
      image,
      label: classes[argMax(own, 0, classes.length)]!,
      probabilities: Object.fromEntries(classes.map((name, i) => [name, rounded(own[i]!)])),
    };
  });
  return { named, failed };
}

/** The three likeliest classes. */
function asText({ image, probabilities }: Named, width: number): string {
  const best = Object.entries(probabilities).sort((a, b) => b[1] - a[1] || byCodeUnit(a[0], b[0]));
  const shown = best.slice(0, 3).map(([label, p]) => `${label} ${(p * 100).toFixed(1)} %`);
  return `${image.padEnd(width)}  ${shown.join('  ')}`;
}

try {
  process.exitCode = await main();
} catch (error) {
  const usage =
    error instanceof StageError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS');
  if (!usage) throw error;
  process.stderr.write(`${(error as Error).message}\n`);
  if (error instanceof StageError && error.help) process.stderr.write(`  ${error.help}\n`);
  process.exitCode = 2;
}
