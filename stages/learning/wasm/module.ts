import type { TensorInfo } from '@tensorflow/tfjs';
import { KERNELS } from './binary.ts';

/** What is used of tfjs's `BackendWasm`. */
export interface WasmBackend {
  readonly wasm: { readonly asm: Readonly<Record<string, unknown>> };
  readonly dataIdMap: { get(dataId: object): { readonly memoryOffset: number } };
  makeOutput(shape: readonly number[], dtype: string): TensorInfo;
  incRef(dataId: object): void;
  disposeData(dataId: object): boolean;
}

/** As far as it is used here: Node has it, TypeScript knows it only of browsers. */
declare const WebAssembly: {
  readonly Memory: new (descriptor: { initial: number }) => object;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

type Kernel = (...args: number[]) => void;
export type Kernels = Readonly<
  Record<
    | 'convolutionFilterGradient'
    | 'depthwiseFilterGradient'
    | 'depthwiseInputGradient'
    | 'middleSum'
    | 'maxPoolGradient'
    | 'batchNorm'
    | 'batchNormGradient'
    | 'reluGradient'
    | 'adam',
    Kernel
  >
>;

/** Our kernels (kernels.as) on the heap of a started backend: they read and write its tensors in place. */
export function kernelsOn(backend: WasmBackend): Kernels {
  const memory = Object.values(backend.wasm.asm).find((value) => value instanceof WebAssembly.Memory);
  if (memory === undefined) throw new Error('Internal error: the wasm backend exports no memory');
  const abort = (): never => {
    throw new Error('Internal error: a wasm kernel gave up');
  };
  const module = new WebAssembly.Module(Buffer.from(KERNELS, 'base64'));
  return new WebAssembly.Instance(module, { env: { memory, abort } }).exports as Kernels;
}

/** Where a tensor lies on the heap, in bytes. */
export const place = (backend: WasmBackend, { dataId }: TensorInfo): number =>
  backend.dataIdMap.get(dataId).memoryOffset;
