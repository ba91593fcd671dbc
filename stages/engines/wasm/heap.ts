import type { TensorInfo } from '@tensorflow/tfjs';
import { kernelsOn, place, type WasmBackend } from './module.ts';
import type { Threads } from './threads.ts';

/** The heap of tfjs's wasm backend, with our kernels and the threads that run them. */
export interface Heap {
  readonly threads: Threads;
  at(tensor: TensorInfo): number;
  /** A float32 tensor with whatever lies there. */
  output(shape: readonly number[]): TensorInfo;
  /** Room for `floats` values until `use` returns. */
  within<T>(floats: number, use: (place: number) => T): T;
}

const heaps = new WeakMap<object, Heap>();

/** Of a backend that has started. @param threads taken the first time; default: a thread a core */
export function heapOf(backend: WasmBackend, threads?: number): Heap {
  const known = heaps.get(backend);
  if (known) return known;
  const heap: Heap = {
    threads: kernelsOn(backend, threads),
    at: (tensor) => place(backend, tensor),
    output: (shape) => backend.makeOutput(shape, 'float32'),
    within(floats, use) {
      const room = backend.makeOutput([floats], 'float32');
      try {
        return use(place(backend, room));
      } finally {
        backend.disposeData(room.dataId);
      }
    },
  };
  heaps.set(backend, heap);
  return heap;
}
