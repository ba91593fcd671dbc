/**
 * The webgpu engine: tfjs's WebGPU backend on Dawn, which brings WebGPU to Node over Vulkan, Metal or Direct3D 12. Its two
 * packages are no dependencies of ours (150 MB that most never need); they are looked for in the user's cache folder.
 *
 * Its bytes depend on the adapter and its driver.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Tfjs } from './engine.ts';
import { composedOperations, type Operations } from './operations.ts';
import { keepTicks, readAtOnce, type WebgpuBackend } from './webgpu-read.ts';

/** As far as they are used here. */
interface Adapter {
  readonly info: Readonly<Record<'vendor' | 'architecture' | 'device' | 'description', string>> & {
    readonly isFallbackAdapter?: boolean;
  };
}
interface Gpu {
  requestAdapter(): Promise<Adapter | null>;
}
interface Dawn {
  readonly create: (options: readonly string[]) => Gpu;
  readonly globals: object;
}

export const WEBGPU_PACKAGES = ['webgpu@0.6.2', '@tensorflow/tfjs-backend-webgpu@4.22.0'] as const;

/** Where the packages lie, or would. */
export function webgpuFolder(): string {
  const { BLOODLINE_CACHE, XDG_CACHE_HOME } = process.env;
  const cache = BLOODLINE_CACHE || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'bloodline');
  return join(cache, 'engines', 'webgpu');
}

/** The command that fetches them. It runs no script of theirs. */
export const webgpuInstall = (): string =>
  `npm install --prefix ${JSON.stringify(webgpuFolder())} --ignore-scripts ${WEBGPU_PACKAGES.join(' ')}`;

export interface Webgpu {
  readonly operations: Operations;
  readonly facts: Readonly<Record<string, string | boolean>>;
}

let opened: Webgpu | undefined;

/**
 * Makes WebGPU tfjs's backend.
 * @throws Error where a package is not there or does not load, or no adapter is found; the message has the way out.
 */
export async function openWebgpu(tf: Tfjs): Promise<Webgpu> {
  const folder = webgpuFolder();
  const require = createRequire(join(folder, 'package.json'));
  const names = WEBGPU_PACKAGES.map((name) => name.slice(0, name.lastIndexOf('@')));
  for (const name of names)
    if (!existsSync(join(folder, 'node_modules', name)))
      throw new Error(`the package ${name} is not in ${folder}; run \`${webgpuInstall()}\``);
  if (opened) {
    await tf.setBackend('webgpu');
    return opened;
  }
  const { create, globals } = (await import(pathToFileURL(require.resolve('webgpu')).href)) as Dawn;
  Object.assign(globalThis, globals);
  const tick = keepTicks();
  const gpu = create([]);
  const adapter = await gpu.requestAdapter();
  if (adapter === null)
    throw new Error(
      'no GPU was found through Vulkan, Metal or Direct3D 12; on Linux install your GPU’s Vulkan driver and libvulkan1',
    );
  // The backend asks for it when it is imported. Node 20 has no navigator; later ones have one without a gpu.
  const navigator = (globalThis as { navigator?: object }).navigator ?? { userAgent: 'Node.js' };
  Object.defineProperty(navigator, 'gpu', { value: gpu, configurable: true });
  Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true, writable: true });
  require('@tensorflow/tfjs-backend-webgpu');
  if (!(await tf.setBackend('webgpu'))) throw new Error('tfjs does not take it as its backend');
  await tf.ready();
  readAtOnce(tf, tf.backend() as unknown as WebgpuBackend, tick);
  const { vendor, architecture, device, description, isFallbackAdapter = false } = adapter.info;
  opened = {
    facts: {
      adapter: [vendor, architecture, device, description].filter((part) => part !== '').join(' '),
      // True where a program on the CPU plays the GPU.
      software: isFallbackAdapter,
    },
    operations: composedOperations(tf),
  };
  return opened;
}
