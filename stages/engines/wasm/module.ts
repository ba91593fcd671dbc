import type { TensorInfo } from '@tensorflow/tfjs';
import { KERNELS } from './binary.ts';
import { startThreads, type Threads } from './threads.ts';

/** What is used of tfjs's `BackendWasm`. */
export interface WasmBackend {
  readonly wasm: { readonly asm: Readonly<Record<string, unknown>> };
  readonly dataIdMap: { get(dataId: object): { readonly memoryOffset: number } };
  makeOutput(shape: readonly number[], dtype: string, place?: undefined, values?: Float32Array): TensorInfo;
  /** How many tensors share the bytes. */
  refCount(dataId: object): number;
  incRef(dataId: object): void;
  disposeData(dataId: object): boolean;
}

/** As far as it is used here: Node has it, TypeScript knows it only of browsers. */
declare const WebAssembly: {
  readonly Memory: new (descriptor: { initial: number }) => object;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

/**
 * Our kernels on the heap of a started backend: they read and write its tensors in place. The backend has to have been
 * started on shared memory.
 */
export function kernelsOn(backend: WasmBackend, threads?: number): Threads {
  const memory = Object.values(backend.wasm.asm).find((value) => value instanceof WebAssembly.Memory);
  if (memory === undefined) throw new Error('Internal error: the wasm backend exports no memory');
  const abort = (): never => {
    throw new Error('Internal error: a wasm kernel gave up');
  };
  const module = new WebAssembly.Module(Buffer.from(KERNELS, 'base64'));
  const { exports } = new WebAssembly.Instance(module, { env: { memory, abort } });
  return startThreads(module, memory as object, exports as Parameters<typeof startThreads>[2], threads);
}

/** Where a tensor lies on the heap, in bytes. */
export const place = (backend: WasmBackend, { dataId }: TensorInfo): number =>
  backend.dataIdMap.get(dataId).memoryOffset;
