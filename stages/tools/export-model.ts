/**
 * Writes a trained model in a format that other programs read.
 *
 *     node export-model.js MODEL FOLDER --format keras-h5|tfjs|bundle [--use FOLDER]
 *
 * MODEL is a folder that train-per-model made; FOLDER is made and must not be there, or be empty. The model written
 * takes RGB images at 0..255, N×size×size×3, carries its preprocessing, and gives probabilities in the order of
 * `classes.json` beside it. Exits with 2 where it was called wrongly or the model does not fit together.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { StageError } from 'bloodline-ml/stage';
import { readDescription } from '../learning/saved-model.ts';
import { openWeights } from '../weights/initial-weights.ts';
import { kerasModel } from '../weights/keras-model.ts';
import { matchWeights } from '../weights/match-weights.ts';
import { isUsage, tell } from './ending.ts';

const FORMATS = ['keras-h5', 'tfjs', 'bundle'] as const;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { format: { type: 'string', default: 'keras-h5' }, use: { type: 'string' } },
  });
  const [from, to, ...more] = positionals;
  if (from === undefined || to === undefined || more.length > 0)
    throw new StageError('Expected a model’s folder and a folder to write to.');
  const format = FORMATS.find((each) => each === values.format);
  if (format === undefined)
    throw values.format === 'onnx'
      ? new StageError(
          'There is no well-kept writer of ONNX in JavaScript.',
          'Export as keras-h5; docs/training.md says how Keras makes ONNX of that.',
        )
      : new StageError(`Expected the format ${FORMATS.join(' or ')}, got ${JSON.stringify(values.format)}.`);
  const target = resolve(to);
  const there = statSync(target, { throwIfNoEntry: false });
  if (there && (!there.isDirectory() || readdirSync(target).length > 0))
    throw new StageError(`${to} is there and not an empty folder.`, 'Name a new one.');

  const stored = await openWeights(from);
  const { model } = await readDescription(from);
  const { network, name, paper, preprocessing, size, classes, sha256 } = model;
  const weights = matchWeights(network, stored, 'whole').values;
  const about = { name, paper, preprocessing, size, classes, weights: `sha256:${sha256}` };

  const growing = join(dirname(target), `.${basename(target)}-${process.pid}`);
  mkdirSync(growing, { recursive: true });
  try {
    if (format === 'keras-h5') {
      const { writeKeras } = await import('../weights/write-keras.ts');
      await writeKeras(growing, kerasModel(network, weights, { name, target: 'keras' }));
    } else if (format === 'bundle') {
      const { writeBundle } = await import('../weights/write-bundle.ts');
      const useFrom = values.use ?? (existsSync(join(from, 'use.json')) ? from : null);
      const keras = kerasModel(network, weights, { name, target: 'tfjs' });
      await writeBundle(growing, { from, useFrom }, model, keras);
    } else {
      const { writeTfjs } = await import('../weights/write-tfjs.ts');
      writeTfjs(growing, kerasModel(network, weights, { name, target: 'tfjs' }), about);
    }
    if (format !== 'bundle')
      writeFileSync(join(growing, 'classes.json'), `${JSON.stringify(about, null, 2)}\n`);
    rmSync(target, { recursive: true, force: true });
    renameSync(growing, target);
  } finally {
    rmSync(growing, { recursive: true, force: true });
  }
  if (format === 'bundle') {
    process.stdout.write(
      `${to}: ${name}, ${classes.length} classes. index.html names dropped pictures (serve the folder: npx http-server ${to}), predict.js does it in 30 lines, \`bloodline predict ${to}\` too.\n`,
    );
    return;
  }
  const open =
    format === 'keras-h5'
      ? `keras.models.load_model(${JSON.stringify(join(to, 'model.h5'))})`
      : `tf.loadLayersModel(…/model.json)`;
  process.stdout.write(`${to}: ${name}, ${classes.length} classes (classes.json). To load it: ${open}\n`);
}

try {
  await main();
} catch (error) {
  // The disk's words (EACCES, ENOSPC) are an answer too.
  if (!isUsage(error) && (error as { code?: string }).code === undefined) throw error;
  tell(error);
  process.exitCode = isUsage(error) ? 2 : 1;
}
