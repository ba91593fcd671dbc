import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StageError } from 'bloodline-ml/stage';
import { readUse } from '../judging/use.ts';
import { embeddingLayer } from '../learning/cut.ts';
import type { SavedModel } from '../learning/saved-model.ts';
import type { KerasModel } from './keras-model.ts';
import { writeTfjs } from './write-tfjs.ts';

/** The package's folder: this file runs from dist/stages/weights. */
const PACKAGE = fileURLToPath(new URL('../../../', import.meta.url));
/** What the page computes with, by package. */
const VENDOR = {
  '@tensorflow/tfjs': ['tf.min.js'],
  '@tensorflow/tfjs-backend-webgpu': ['tf-backend-webgpu.min.js'],
  '@tensorflow/tfjs-backend-wasm': [
    'tf-backend-wasm.min.js',
    'tfjs-backend-wasm.wasm',
    'tfjs-backend-wasm-simd.wasm',
    'tfjs-backend-wasm-threaded-simd.wasm',
  ],
};

/** Preprocessing for browsers: Node's Buffer stands in it only to read base64. */
const BUFFER = 'const Buffer={from:(text)=>Uint8Array.from(atob(text),(c)=>c.charCodeAt(0))};';

/**
 * A folder that names cells without bloodline: weights as a tfjs layers model, classes and thresholds, a predict of 30
 * lines, a page that runs it, the model card, and the model itself for `bloodline predict`.
 *
 * @param from the model's folder; @param useFrom where evaluate left `use.json` and the card, or null.
 */
export async function writeBundle(
  to: string,
  { from, useFrom }: { readonly from: string; readonly useFrom: string | null },
  model: SavedModel,
  keras: KerasModel,
): Promise<void> {
  const judged = useFrom === null ? null : readUse(useFrom);
  if (useFrom === null || judged === null)
    throw new StageError(
      'Nothing is known of how this model was evaluated: a bundle carries its temperature, its thresholds and its card.',
      'Run `bloodline run evaluate`, and export the model by the name of its stage.',
    );
  const { name, paper, preprocessing, size, classes, sha256, network } = model;
  const layers = { features: embeddingLayer(network), logits: network.output };
  const about = { format: 2, name, paper, preprocessing, size, classes, sha256, layers, use: judged.use };
  writeFileSync(join(to, 'about.json'), `${JSON.stringify(about, null, 2)}\n`);
  mkdirSync(join(to, 'network'));
  writeTfjs(join(to, 'network'), keras, { name, classes });

  const { build } = await import('esbuild');
  await build({
    entryPoints: [join(PACKAGE, 'dist/stages/tools/bundle-preprocess.js')],
    outfile: join(to, 'preprocess.js'),
    bundle: true,
    format: 'esm',
    minify: true,
    legalComments: 'none',
    banner: { js: BUFFER },
    logLevel: 'silent',
  });
  for (const file of ['predict.js', 'index.html'])
    copyFileSync(join(PACKAGE, 'stages/tools/bundle', file), join(to, file));

  const require = createRequire(import.meta.url);
  mkdirSync(join(to, 'vendor'));
  for (const [of, files] of Object.entries(VENDOR)) {
    const folder = join(dirname(require.resolve(`${of}/package.json`)), 'dist');
    for (const file of files) copyFileSync(join(folder, file), join(to, 'vendor', file));
  }

  const own = join(to, 'bloodline');
  mkdirSync(own);
  for (const file of ['model.json', 'weights.json', 'weights.bin'])
    copyFileSync(join(from, file), join(own, file));
  for (const file of ['use.json', 'reference.bin'])
    if (existsSync(join(useFrom, file))) copyFileSync(join(useFrom, file), join(own, file));
  if (judged.reference !== null) copyFileSync(join(useFrom, 'reference.bin'), join(to, 'reference.bin'));
  copyFileSync(join(useFrom, 'card.md'), join(to, 'MODEL_CARD.md'));
  writeFileSync(
    join(to, 'package.json'),
    `${JSON.stringify({ private: true, type: 'module', dependencies: { '@tensorflow/tfjs': '^4.22.0' } }, null, 2)}\n`,
  );
}
