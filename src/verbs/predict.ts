import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { engineEnvironment } from '../engine/environment.ts';

/** The program that knows images and tensors; this side only starts it. */
const PROGRAM = fileURLToPath(new URL('../../stages/tools/predict.js', import.meta.url));

/**
 * `bloodline predict MODEL IMAGES…`: classes of new images by a trained model, a row an image on stdout. The program
 * speaks for itself; returns its exit code.
 */
export async function predict(
  model: string,
  images: readonly string[],
  options: { readonly folder: string; readonly json: boolean; readonly engine: string },
): Promise<number> {
  const { execa } = await import('execa');
  const { exitCode, signal } = await execa(
    process.execPath,
    [
      PROGRAM,
      ...(options.json ? ['--json'] : []),
      `--engine=${options.engine}`,
      '--',
      resolve(options.folder, model),
      ...images,
    ],
    { cwd: options.folder, env: engineEnvironment({ gpuIds: [] }), stdio: 'inherit', reject: false },
  );
  return exitCode ?? (signal === 'SIGINT' ? 130 : signal === undefined ? 70 : 143);
}
