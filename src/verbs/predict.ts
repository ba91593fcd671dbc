import { resolve } from 'node:path';
import { chooseEngine } from '../engine/choose.ts';
import { engineEnvironment } from '../engine/environment.ts';
import { ok, type Result } from '../failure.ts';
import { findModel } from './find-model.ts';
import { runTool } from './tool.ts';
import type { Where } from './workspace.ts';

/**
 * `bloodline predict MODEL IMAGES…`: classes of new images by a trained model, a row a cell on stdout, calibrated and
 * with the thresholds of the newest evaluation of this very model. The program speaks for itself; the value is its exit
 * code.
 */
export async function predict(
  where: Where,
  {
    model,
    images,
    boxes,
    form,
    engine,
  }: {
    readonly model: string;
    readonly images: readonly string[];
    readonly boxes: string | null;
    readonly form: 'text' | 'json' | 'csv' | 'html';
    readonly engine: string;
  },
): Promise<Result<number>> {
  const found = await findModel(where, model);
  if (!found.ok) return found;
  // On the CPU: a few images are there before a GPU has started.
  const choice = chooseEngine({ want: engine, gpuIds: [] });
  const code = await runTool(
    'predict',
    [
      ...(form === 'text' ? [] : [`--${form}`]),
      ...(boxes === null ? [] : [`--boxes=${resolve(where.folder, boxes)}`]),
      ...(found.value.judged === null ? [] : [`--use=${found.value.judged.folder}`]),
      `--engine=${engine}`,
      '--',
      found.value.folder,
      ...images,
    ],
    { cwd: where.folder, env: engineEnvironment({ gpuIds: [], choice }) },
  );
  return ok(code);
}
