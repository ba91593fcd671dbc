import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface Gpu {
  /** For CUDA_VISIBLE_DEVICES: as nvidia-smi counts them, or as the environment names them. */
  readonly id: string;
  /** The product's name, where nvidia-smi says it. */
  readonly name: string | null;
}

/** This machine's NVIDIA GPUs, or those that CUDA_VISIBLE_DEVICES leaves; none where nvidia-smi is not there. */
export async function detectGpus(): Promise<readonly Gpu[]> {
  const named = process.env.CUDA_VISIBLE_DEVICES;
  if (named !== undefined)
    return named
      .split(',')
      .filter((id) => id !== '' && id !== '-1')
      .map((id) => ({ id, name: null }));
  const places = (process.env.PATH ?? '').split(delimiter);
  if (!places.some((folder) => existsSync(join(folder, 'nvidia-smi')))) return [];
  const { execa } = await import('execa');
  // It takes seconds where nothing else keeps the driver loaded.
  const { stdout, failed } = await execa('nvidia-smi', ['--query-gpu=index,name', '--format=csv,noheader'], {
    reject: false,
    timeout: 20_000,
  });
  return failed ? [] : parseGpus(stdout);
}

/** Lines such as `0, NVIDIA H100 80GB HBM3`; others are remarks. */
export const parseGpus = (said: string): readonly Gpu[] =>
  [...said.matchAll(/^(\d+),\s*(.*\S)\s*$/gm)].map(([, id, name]) => ({ id: id!, name: name! }));
