import { cacheFolder, type EngineKind, engineFolder, isInstalled } from './folder.ts';

export type Device = 'auto' | 'cpu' | 'gpu';

export interface Wish {
  /** The parameter `engine` of the stage. */
  readonly want?: string;
  /** The parameter `device` of the stage. */
  readonly device?: Device;
  /** Ids of the GPUs that it may use. */
  readonly gpuIds: readonly string[];
}

export interface Choice {
  /** What `auto` comes to on this machine; other names are as they were given. */
  readonly name: string;
  /** Which of the native engines; null: none. */
  readonly kind: EngineKind | null;
  /** Where it lies. */
  readonly folder: string | null;
  /** What it is to compute on. Whether a GPU starts is known in the stage's process only. */
  readonly device: 'cpu' | 'gpu';
  /** Why it is not what was asked for, or what would be faster. */
  readonly note: string | null;
}

/**
 * The engine of a stage, from what was asked for and what is installed. One place decides, before the process starts:
 * library paths and threads have to stand in its environment by then. Nothing is loaded.
 */
export function chooseEngine(
  { want = 'auto', device = 'auto', gpuIds }: Wish,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Choice {
  const wanted = want === 'auto' ? env.BLOODLINE_ENGINE || 'auto' : want;
  if (wanted !== 'auto' && wanted !== 'native')
    return { name: wanted, kind: null, folder: null, device: 'cpu', note: null };
  const cache = cacheFolder(env);
  const there = (kind: EngineKind): boolean => isInstalled(engineFolder(kind, cache));
  const native = (kind: EngineKind, on: 'cpu' | 'gpu', note: string | null): Choice => ({
    name: 'native',
    kind,
    folder: engineFolder(kind, cache),
    device: on,
    note,
  });
  const gpu = gpuIds.length > 0;
  if (device !== 'cpu' && gpu && there('cuda')) return native('cuda', 'gpu', null);

  let note: string | null = null;
  if (device === 'gpu')
    note = gpu
      ? 'the CUDA engine is not installed: `bloodline engine install cuda`'
      : 'no GPU was handed to it: see `nvidia-smi`, --gpus, and resources: { gpu: 1 } of the stage';
  else if (device === 'auto' && gpu)
    note = 'there is a GPU, and no engine for it: `bloodline engine install cuda`';
  if (there('cpu')) return native('cpu', 'cpu', note);
  // TensorFlow's build for GPUs computes on the CPU as well.
  if (there('cuda')) return native('cuda', 'cpu', note);
  const none = 'no native engine is installed: `bloodline engine install`';
  return {
    name: wanted === 'native' ? 'native' : 'wasm',
    kind: null,
    folder: null,
    device: 'cpu',
    note: note ?? none,
  };
}

/** A name for what is not to be mixed: checkpoints of different engines lie apart. */
export const nameOfChoice = ({ name, kind, device }: Choice): string =>
  [name, kind, device === 'gpu' ? 'gpu' : null].filter((part) => part !== null).join('-');
