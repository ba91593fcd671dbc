/**
 * What the native engine wants to find in the environment before its process starts.
 * @param threads intra-op threads. The bytes of a training depend on their number, and not on the cores there are.
 */
export function engineEnvironment({
  threads = 8,
  gpuIds,
}: {
  readonly threads?: number;
  readonly gpuIds: readonly string[];
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
  for (const name of ['BLOODLINE_ENGINE', ...webgpu]) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  if (gpuIds.length > 0) {
    env['TF_DETERMINISTIC_OPS'] = '1';
    env['TF_CUDNN_DETERMINISTIC'] = '1';
    env['NVIDIA_TF32_OVERRIDE'] = '0';
    env['TF_FORCE_GPU_ALLOW_GROWTH'] = 'true';
  }
  return env;
}
