/** The one door to tensors: nothing in the stages imports tfjs by another way. */
import { StageError } from 'bloodline-ml/stage';
import { composedOperations, type Operations } from './operations.ts';

export type Tfjs = typeof import('@tensorflow/tfjs');
export type EngineName = 'native' | 'wasm' | 'cpu';

export interface Engine {
  readonly name: EngineName;
  readonly tf: Tfjs;
  /** What a record should say of it: versions, threads, device. */
  readonly facts: Readonly<Record<string, string | number | boolean>>;
  /** What an engine may do faster than tfjs composes it. */
  readonly operations: Operations;
}

/**
 * Starts an engine. `auto` takes the best that starts; `threads` is the number of threads inside an operation.
 * Throws a StageError where the one that was asked for is not there.
 */
export async function openEngine({ want }: { want: 'auto' | EngineName; threads: number }): Promise<Engine> {
  if (want === 'native')
    throw new StageError(
      'The native engine is not installed.',
      'Run `bloodline engine install`, or set the parameter engine to auto or wasm.',
    );
  const tf = await import('@tensorflow/tfjs');
  const backend = want === 'cpu' ? 'cpu' : 'wasm';
  if (backend === 'wasm') {
    await import('@tensorflow/tfjs-backend-wasm');
    const { registerWasmKernels } = await import('./wasm-kernels.ts');
    registerWasmKernels(tf);
  }
  if (!(await tf.setBackend(backend)))
    throw new StageError(`The ${backend} engine does not start.`, 'Run `bloodline doctor`.');
  await tf.ready();
  return {
    name: backend,
    tf,
    facts: { engine: backend, tfjs: tf.version_core },
    operations: composedOperations(tf),
  };
}
