/** The one door to tensors: nothing in the stages imports tfjs by another way. */
import { StageError } from 'bloodline-ml/stage';
import type { Pass, Passed } from './gradients.ts';
import { composedOperations, type Operations } from './operations.ts';

export type Tfjs = typeof import('@tensorflow/tfjs');
export type EngineName = 'native' | 'wasm' | 'webgpu' | 'cpu';

export interface Engine {
  readonly name: EngineName;
  readonly tf: Tfjs;
  /** What a record should say of it: versions, threads, device. */
  readonly facts: Readonly<Record<string, string | number | boolean>>;
  /** What an engine may do faster than tfjs composes it. */
  readonly operations: Operations;
  /** A training pass of the engine's own; null for a network that it does not know how to go through. */
  readonly gradients?: (pass: Pass) => Passed | null;
}

/**
 * Starts an engine. `auto` takes the native one if it is installed and loads, else wasm, and never webgpu;
 * `BLOODLINE_ENGINE` in the environment says what `auto` is to be. Throws a StageError where the one that was asked for is not there.
 *
 * The number of threads inside an operation has to stand in the environment before the process starts, so the runner
 * puts it there from the stage's parameter `threads`; facts say what it was.
 */
export async function openEngine({ want }: { want: 'auto' | EngineName }): Promise<Engine> {
  const wanted = want === 'auto' ? (process.env.BLOODLINE_ENGINE ?? 'auto') : want;
  const tf = await import('@tensorflow/tfjs');
  tf.enableProdMode();
  let facts: Engine['facts'] = { tfjs: tf.version_core };
  if (!['auto', 'native', 'wasm', 'webgpu', 'cpu'].includes(wanted))
    throw new StageError(
      `BLOODLINE_ENGINE is expected to be auto, native, wasm or webgpu, got ${JSON.stringify(wanted)}.`,
      'Correct it in your environment, or leave it out.',
    );
  if (wanted === 'auto' || wanted === 'native') {
    const { nativeFolder, openNative } = await import('./native.ts');
    const folder = nativeFolder();
    try {
      if (folder === null) throw new Error('it is not installed');
      const native = await openNative(tf, folder);
      return {
        name: 'native',
        tf,
        facts: { engine: 'native', ...facts, ...native.facts },
        operations: native.operations,
        ...(native.gradients ? { gradients: native.gradients } : {}),
      };
    } catch (error) {
      if (wanted === 'native')
        throw new StageError(
          `The native engine does not start: ${(error as Error).message}`,
          'Run `bloodline engine install`, or set the parameter engine to auto or wasm.',
        );
      facts = { ...facts, noNative: (error as Error).message };
    }
  }
  if (wanted === 'webgpu') {
    const { openWebgpu } = await import('./webgpu.ts');
    try {
      const webgpu = await openWebgpu(tf);
      return {
        name: 'webgpu',
        tf,
        facts: { engine: 'webgpu', ...facts, ...webgpu.facts },
        operations: webgpu.operations,
      };
    } catch (error) {
      throw new StageError(
        `The webgpu engine does not start: ${(error as Error).message}.`,
        'Or set the parameter engine to auto.',
      );
    }
  }
  if (wanted === 'cpu') {
    if (!(await tf.setBackend('cpu')))
      throw new StageError('The cpu engine does not start.', 'Run `bloodline doctor`.');
    return { name: 'cpu', tf, facts: { engine: 'cpu', ...facts }, operations: composedOperations(tf) };
  }
  const { openWasm } = await import('./wasm-engine.ts');
  const wasm = await openWasm(tf);
  return {
    name: 'wasm',
    tf,
    facts: { engine: 'wasm', ...facts, ...wasm.facts },
    operations: wasm.operations,
  };
}
