import { StageError } from 'bloodline-ml/stage';
import type { Tfjs } from './engine.ts';
import { enginePasses, type Passes } from './layer-pass.ts';
import type { Operations } from './operations.ts';
import { heapOf } from './wasm/heap.ts';
import type { WasmBackend } from './wasm/module.ts';
import { startOnSharedMemory } from './wasm/shared-memory.ts';
import { wasmValues } from './wasm/values.ts';
import { registerWasmKernels } from './wasm-kernels.ts';
import { wasmLayers } from './wasm-layers.ts';
import { wasmOperations } from './wasm-operations.ts';

/**
 * Starts tfjs's wasm backend on shared memory, with our kernels and threads. The bytes of what it computes depend on
 * nothing but the inputs.
 *
 * @param threads default: one a core; taken the first time that a process starts the engine
 */
export async function openWasm(
  tf: Tfjs,
  { threads }: { readonly threads?: number } = {},
): Promise<{
  facts: { threads: number };
  operations: Operations;
  passes: Passes;
}> {
  await import('@tensorflow/tfjs-backend-wasm');
  registerWasmKernels(tf);
  if (!(await startOnSharedMemory(() => tf.setBackend('wasm'))))
    throw new StageError('The wasm engine does not start.', 'Run `bloodline doctor`.');
  const heap = heapOf(tf.backend() as unknown as WasmBackend, threads);
  const values = wasmValues(tf, heap);
  return {
    facts: { threads: heap.threads.count },
    operations: wasmOperations(tf),
    passes: enginePasses(values, wasmLayers(values)),
  };
}
