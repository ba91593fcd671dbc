/** The one door to tensors: nothing in the stages imports tfjs by another way. */
import { StageError } from 'bloodline-ml/stage';
import type { Pass, Passed } from '../learning/gradients.ts';
import type { Passes } from './layer-pass.ts';
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
  /** Logits in inference mode, by a pass of the engine's own; null as above. */
  readonly logits?: Passes['logits'];
}

export interface EngineWish {
  readonly want: 'auto' | EngineName;
  /** `gpu`: nothing else will do; `cpu`: no GPU, even where there is one. */
  readonly device?: 'auto' | 'cpu' | 'gpu';
  /** Hears a line where something else computes than could be expected. */
  readonly warn?: (line: string) => void;
}

/**
 * Starts an engine. `auto` takes the native one if it is installed and loads, else wasm, and never webgpu;
 * `BLOODLINE_ENGINE` in the environment says what `auto` is to be. Throws a
 * StageError where what was asked for is not there.
 *
 * Which of the native engines it is, and the number of threads inside an operation, has to stand in the environment
 * before the process starts (`BLOODLINE_ENGINE_FOLDER`; `BLOODLINE_ENGINE_NOTE` is why it is not a better one): the
 * runner puts it there from the stage's parameters; facts say what it was.
 */
export async function openEngine({ want, device = 'auto', warn = () => {} }: EngineWish): Promise<Engine> {
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
    const note = process.env.BLOODLINE_ENGINE_NOTE;
    try {
      const folder = process.env.BLOODLINE_ENGINE_FOLDER;
      if (!folder) throw new Error(note ?? 'it is not installed');
      if (device === 'gpu' && note !== undefined) throw new NoGpu(note);
      const { openNative } = await import('./native.ts');
      const native = await openNative(tf, folder);
      if (native.facts.device === 'cpu' && process.env.CUDA_VISIBLE_DEVICES) {
        const reason = note ?? 'CUDA finds no device that it can use (`nvidia-smi` shows the driver’s state)';
        if (device === 'gpu') throw new NoGpu(reason);
        if (device === 'auto') {
          warn(`Computes on the CPU: ${reason}.`);
          facts = { ...facts, noGpu: reason };
        }
      }
      if (native.facts.device === 'cpu' && !native.passes)
        warn(
          'The native engine was installed without the kernels of this version, and trains at half its speed: `bloodline engine install` makes it anew.',
        );
      return {
        name: 'native',
        tf,
        facts: { engine: 'native', ...facts, ...native.facts },
        operations: native.operations,
        ...native.passes,
      };
    } catch (error) {
      const { message } = error as Error;
      if (error instanceof NoGpu || (device === 'gpu' && !process.env.BLOODLINE_ENGINE_FOLDER))
        throw noGpu(message);
      if (wanted === 'native')
        throw new StageError(
          `The native engine does not start: ${message}`,
          'Run `bloodline engine install`, or set the parameter engine to auto or wasm.',
        );
      if (process.env.BLOODLINE_ENGINE_FOLDER)
        warn(`The native engine does not start, so WebAssembly computes: ${message}.`);
      facts = { ...facts, noNative: message };
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
  if (device === 'gpu')
    throw noGpu(
      wanted === 'auto'
        ? `the native engine does not start: ${facts.noNative}`
        : `${wanted} computes on the CPU`,
    );
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
    ...wasm.passes,
  };
}

/** The engine would compute on the CPU. */
class NoGpu extends Error {}

const noGpu = (reason: string): StageError =>
  new StageError(
    `The parameter device is gpu, and no GPU computes: ${reason}.`,
    'Mend that (`bloodline engine status` shows what there is), or set the parameter device to auto.',
  );

/** Why bfloat16 is of no use with an engine, or null. */
export function noBfloat16({ name, gradients, facts }: Engine): string | null {
  if (name !== 'native' || !gradients)
    return `precision bfloat16 is for the native engine on a CPU; here (${name}) all is computed in float32`;
  return /\b(avx512_bf16|amx_bf16|bf16)\b/.test(String(facts['instructions']))
    ? null
    : 'this CPU has no bfloat16 units (avx512_bf16, amx_bf16): precision bfloat16 is slower here than float32';
}
