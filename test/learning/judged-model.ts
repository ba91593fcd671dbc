import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { PixelsReader } from '../../stages/imaging/pixels.ts';
import { readJsonLines } from '../../stages/imaging/samples.ts';
import type { Prediction } from '../../stages/judging/evaluation.ts';
import { runStage } from '../stage-harness.ts';
import { colours } from './colours.ts';

export interface JudgedModel {
  readonly model: string;
  /** The same model with what evaluate found of it. */
  readonly judged: string;
  readonly expected: readonly Prediction[];
  /** What evaluate and training made, and what they read. */
  readonly evaluation: string;
  readonly curves: string;
  readonly inputs: { readonly pixels: string; readonly split: string };
}

/**
 * Trains and evaluates a small model on two colours in `folder`. Beside it lies every test cell as `cells/ID.png`, and
 * all of them side by side as `strip.png`.
 */
export async function judgedModel(folder: string): Promise<JudgedModel> {
  const inputs = await colours(folder);
  const trained = await runStage('stages/train-per-model.ts', {
    folder,
    params: { model: 'stages/models/custom-cnn.ts', epochs: 4, batch: 16, engine: 'wasm' },
    inputs,
  });
  const model = trained.output('model');
  const evaluated = await runStage('stages/evaluate.ts', {
    folder,
    params: { engine: 'wasm' },
    inputs: { ...inputs, model },
  });
  const judged = join(folder, 'judged');
  cpSync(model, judged, { recursive: true });
  for (const name of ['use.json', 'reference.bin', 'card.md'])
    cpSync(join(evaluated.output('evaluation'), name), join(judged, name));
  const expected = readJsonLines<Prediction>(join(evaluated.output('evaluation'), 'predictions.jsonl'));
  const pixels = new PixelsReader(inputs.pixels);
  mkdirSync(join(folder, 'cells'));
  const strip = new Uint8Array(expected.length * pixels.rowBytes);
  for (const [i, { id }] of expected.entries()) {
    const cell = new Uint8Array(pixels.rowBytes);
    pixels.read([pixels.description.ids.indexOf(id)], cell);
    await sharp(cell, { raw: { width: 16, height: 16, channels: 3 } })
      .png()
      .toFile(join(folder, 'cells', `${id}.png`));
    for (let row = 0; row < 16; row++)
      strip.set(cell.subarray(row * 48, (row + 1) * 48), (row * expected.length + i) * 48);
  }
  pixels.close();
  await sharp(strip, { raw: { width: 16 * expected.length, height: 16, channels: 3 } })
    .png()
    .toFile(join(folder, 'strip.png'));
  return {
    model,
    judged,
    expected,
    evaluation: evaluated.output('evaluation'),
    curves: trained.output('curves'),
    inputs,
  };
}

/** A picture like no cell that the model was trained on. */
export async function writeNoise(file: string): Promise<void> {
  const noise = Uint8Array.from({ length: 16 * 16 * 3 }, (_, i) => ((i * 7919) % 251) ^ ((i * 31) % 97));
  await sharp(noise, { raw: { width: 16, height: 16, channels: 3 } })
    .png()
    .toFile(file);
}
