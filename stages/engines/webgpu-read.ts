/**
 * Reading from the GPU without letting go of the thread, as the other engines do. WebGPU only offers promises; Dawn for
 * Node keeps them by looking at the GPU from a native function that it hands to `setImmediate` again and again. Those
 * functions are kept here too, and called until a buffer that is to be read has been mapped.
 */
import type { Tfjs } from './engine.ts';

export interface GpuBuffer {
  readonly size: number;
  readonly mapState: 'unmapped' | 'pending' | 'mapped';
  mapAsync(mode: number): Promise<void>;
  getMappedRange(): ArrayBuffer;
  unmap(): void;
}

/** tfjs's `WebGPUBackend`, as far as it is used here. */
export interface WebgpuBackend {
  readonly tensorMap: {
    get(data: object): {
      readonly dtype: string;
      readonly values?: object | null;
      readonly resource?: GpuBuffer;
    };
  };
  readonly bufferManager: {
    acquireBuffer(size: number, usage: number): GpuBuffer;
    releaseBuffer(buffer: GpuBuffer): void;
  };
  readonly commandEncoder: {
    copyBufferToBuffer(from: GpuBuffer, at: number, to: GpuBuffer, place: number, size: number): void;
  };
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
  convertAndCacheOnCPU(data: object, values: object): object;
  readSync(data: object): object;
}

type Call = (...args: unknown[]) => unknown;

const isNative = (call: Call): boolean => Function.prototype.toString.call(call).includes('[native code]');

/** Keeps what Dawn puts off, from now on; the function that it returns does it at once. To be called once. */
export function keepTicks(): () => boolean {
  const later = globalThis.setImmediate as unknown as Call;
  const ticks = new Set<() => void>();
  globalThis.setImmediate = ((call: Call, ...args: unknown[]) => {
    if (!isNative(call)) return later(call, ...args);
    const tick = (): void => {
      if (ticks.delete(tick)) call(...args);
    };
    ticks.add(tick);
    return later(tick);
  }) as unknown as typeof setImmediate;
  return () => {
    const now = [...ticks];
    for (const tick of now) tick();
    return now.length > 0;
  };
}

/** What WebGPU's `GPUBufferUsage` and `GPUMapMode` call these. */
const [MAP_READ, COPY_DST, READ] = [1, 8, 1];
/** ms; a GPU that is silent for so long is gone. */
const PATIENCE = 600_000;

/** Gives the backend a `readSync` that works in Node. @param tick what `keepTicks` returned */
export function readAtOnce(tf: Tfjs, backend: WebgpuBackend, tick: () => boolean): void {
  const theirs = backend.readSync.bind(backend);
  const nap = new Int32Array(new SharedArrayBuffer(4));
  backend.readSync = (data) => {
    const { dtype, values, resource } = backend.tensorMap.get(data);
    if (values || dtype === 'string' || dtype === 'complex64' || !resource) return theirs(data);
    const { size } = resource;
    const copy = backend.bufferManager.acquireBuffer(size, MAP_READ | COPY_DST);
    backend.ensureCommandEncoderReady();
    backend.endComputePassEncoder();
    backend.commandEncoder.copyBufferToBuffer(resource, 0, copy, 0, size);
    backend.submitQueue();
    let failed: Error | undefined;
    copy.mapAsync(READ).catch((error: Error) => {
      failed = error;
    });
    const start = performance.now();
    while (copy.mapState === 'pending') {
      if (!tick() || performance.now() - start > PATIENCE)
        throw new Error('The GPU does not answer any more.');
      if (copy.mapState === 'pending') Atomics.wait(nap, 0, 0, 0.1);
    }
    if (copy.mapState !== 'mapped') throw failed ?? new Error('The GPU was lost.');
    const bytes = copy.getMappedRange().slice(0);
    copy.unmap();
    backend.bufferManager.releaseBuffer(copy);
    const read = tf.util.convertBackendValuesAndArrayBuffer(bytes, dtype as 'float32');
    return backend.convertAndCacheOnCPU(data, read);
  };
}
