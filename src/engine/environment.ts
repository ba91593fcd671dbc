import { type Choice, chooseEngine } from './choose.ts';

/**
 * What the native engine wants to find in the environment before its process starts, and where it lies: the stage
 * reads `BLOODLINE_ENGINE_FOLDER` and looks nowhere else.
 * @param choice from `chooseEngine`; without one, the best there is for these GPUs.
 * @param threads intra-op threads. The bytes of a training depend on their number, and not on the cores there are.
 * @param gpuMath `exact`: kernels are deterministic and in float32; `fast`: TF32, and the kernels that a trial finds
 * fastest, which may be others in the next run.
 */
export function engineEnvironment({
  threads = 8,
  gpuIds,
  choice = chooseEngine({ gpuIds }),
  gpuMath = 'exact',
}: {
  readonly threads?: number;
  readonly gpuIds: readonly string[];
  readonly choice?: Choice;
  readonly gpuMath?: 'exact' | 'fast';
}): Record<string, string> {
  const env: Record<string, string> = {
    TF_NUM_INTRAOP_THREADS: String(threads),
    TF_NUM_INTEROP_THREADS: '1',
    TF_CPP_MIN_LOG_LEVEL: '2',
    // Without these, each large tensor is mapped and unmapped: a fifth of a training step.
    MALLOC_ARENA_MAX: '1',
    MALLOC_MMAP_THRESHOLD_: '4294967296',
    MALLOC_TRIM_THRESHOLD_: '4294967296',
  };
  // Where the packages of the webgpu engine lie, and how its Vulkan drivers are found.
  const webgpu = [
    'BLOODLINE_CACHE',
    'XDG_CACHE_HOME',
    'VK_DRIVER_FILES',
    'VK_ICD_FILENAMES',
    'LD_LIBRARY_PATH',
  ];
  // A cap on oneDNN's instructions changes last bits; the record says it.
  const caps = ['ONEDNN_MAX_CPU_ISA', 'DNNL_MAX_CPU_ISA'];
  for (const name of ['BLOODLINE_ENGINE', ...caps, ...webgpu]) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  if (choice.note !== null) env['BLOODLINE_ENGINE_NOTE'] = choice.note;
  if (choice.folder === null) return env;
  env['BLOODLINE_ENGINE_FOLDER'] = choice.folder;
  return choice.kind === 'cuda' ? { ...env, ...cuda(choice, gpuIds, gpuMath) } : env;
}

function cuda(
  { folder, device }: Choice,
  gpuIds: readonly string[],
  math: 'exact' | 'fast',
): Record<string, string> {
  const theirs = process.env.LD_LIBRARY_PATH;
  return {
    // TensorFlow opens CUDA's libraries by their bare names.
    LD_LIBRARY_PATH: theirs ? `${folder}:${theirs}` : folder!,
    // Its complaints about a missing driver; what matters comes as an error of a call.
    TF_CPP_MIN_LOG_LEVEL: '3',
    // Ids as nvidia-smi counts them.
    CUDA_DEVICE_ORDER: 'PCI_BUS_ID',
    CUDA_VISIBLE_DEVICES: device === 'gpu' ? gpuIds.join(',') : '',
    TF_FORCE_GPU_ALLOW_GROWTH: 'true',
    ...(math === 'exact'
      ? {
          TF_DETERMINISTIC_OPS: '1',
          TF_CUDNN_DETERMINISTIC: '1',
          TF_CUDNN_USE_AUTOTUNE: '0',
          NVIDIA_TF32_OVERRIDE: '0',
        }
      : {}),
  };
}
