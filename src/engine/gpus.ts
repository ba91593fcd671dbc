import { existsSync } from 'node:fs';

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
  // The driver's own folder: looking for the program on PATH would cost a process each run.
  if (!existsSync('/proc/driver/nvidia/gpus')) return [];
  const { execa } = await import('execa');
  const { stdout, failed } = await execa('nvidia-smi', ['--query-gpu=index,name', '--format=csv,noheader'], {
    reject: false,
    timeout: 5000,
  });
  return failed ? [] : parseGpus(stdout);
}

/** Lines such as `0, NVIDIA H100 80GB HBM3`; others are remarks. */
export const parseGpus = (said: string): readonly Gpu[] =>
  [...said.matchAll(/^(\d+),\s*(.*\S)\s*$/gm)].map(([, id, name]) => ({ id: id!, name: name! }));
