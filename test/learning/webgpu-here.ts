import { openEngine } from '../../stages/engines/engine.ts';

/** false where the webgpu engine starts on this machine; else why not, with the way out. */
export const webgpuMissing: string | false = await openEngine({ want: 'webgpu' }).then(
  () => false as const,
  (error: Error) => `${error.message} Then there has to be a Vulkan driver.`,
);
