import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { chooseEngine, nameOfChoice } from '../../src/engine/choose.ts';
import { engineEnvironment } from '../../src/engine/environment.ts';
import { cacheFolder, type EngineKind, engineFolder } from '../../src/engine/folder.ts';
import { parseGpus } from '../../src/engine/gpus.ts';
import { writeManifest } from '../../src/engine/manifest.ts';
import { enginesStatus } from '../../src/engine/status.ts';
import { engineFor } from '../../src/run/engine-for.ts';
import { engineLines } from '../../src/verbs/engine-lines.ts';

const saved = { ...process.env };
let cache = '';
beforeEach(() => {
  for (const name of ['BLOODLINE_ENGINE', 'XDG_CACHE_HOME', 'LD_LIBRARY_PATH', 'DNNL_MAX_CPU_ISA'])
    delete process.env[name];
  cache = mkdtempSync(join(tmpdir(), 'bloodline-choice-'));
  process.env.BLOODLINE_CACHE = cache;
});
afterEach(() => {
  process.env = { ...saved };
  rmSync(cache, { recursive: true, force: true });
});

const install = (kind: EngineKind): void => {
  mkdirSync(engineFolder(kind), { recursive: true });
  writeFileSync(join(engineFolder(kind), 'engine.json'), '{}');
};

test('the number of threads is fixed, whatever cores there are', () => {
  assert.equal(engineEnvironment({ gpuIds: [] })['TF_NUM_INTRAOP_THREADS'], '8');
  assert.equal(engineEnvironment({ threads: 3, gpuIds: [] })['TF_NUM_INTRAOP_THREADS'], '3');
});

test('the webgpu engine is told where its packages and the Vulkan drivers are', () => {
  const places = { BLOODLINE_CACHE: '/c', VK_DRIVER_FILES: '/d.json', LD_LIBRARY_PATH: '/lib' };
  Object.assign(process.env, places);
  const env = engineEnvironment({ gpuIds: [] });
  for (const [name, value] of Object.entries(places)) assert.equal(env[name], value);
});

test('the cache folder follows BLOODLINE_CACHE, then XDG_CACHE_HOME, then the home folder', () => {
  assert.equal(cacheFolder({ BLOODLINE_CACHE: '/a', XDG_CACHE_HOME: '/b' }), '/a');
  assert.equal(cacheFolder({ XDG_CACHE_HOME: '/b' }), '/b/bloodline');
  assert.match(cacheFolder({}), /\/\.cache\/bloodline$/);
  assert.equal(engineFolder('cpu', '/c'), '/c/engines/cpu');
});

test('the choice between engines that are there, GPUs and what was asked for', () => {
  const choose = (device: 'auto' | 'cpu' | 'gpu', gpuIds: string[], want = 'auto') => {
    const choice = chooseEngine({ want, device, gpuIds });
    return `${nameOfChoice(choice)}${choice.note === null ? '' : ` (${choice.note})`}`;
  };
  const none = 'no native engine is installed: `bloodline engine install`';
  const noCuda = 'the CUDA engine is not installed: `bloodline engine install cuda`';
  const noGpu = 'no GPU was handed to it: see `nvidia-smi`, --gpus, and resources: { gpu: 1 } of the stage';
  assert.equal(choose('auto', []), `wasm (${none})`);
  assert.equal(choose('auto', [], 'native'), `native (${none})`);
  assert.equal(choose('gpu', ['0']), `wasm (${noCuda})`);
  install('cpu');
  assert.equal(choose('auto', []), 'native-cpu');
  assert.equal(
    choose('auto', ['0']),
    'native-cpu (there is a GPU, and no engine for it: `bloodline engine install cuda`)',
  );
  assert.equal(choose('cpu', ['0']), 'native-cpu');
  assert.equal(choose('gpu', ['0']), `native-cpu (${noCuda})`);
  assert.equal(choose('gpu', []), `native-cpu (${noGpu})`);
  assert.equal(choose('auto', ['0'], 'wasm'), 'wasm');
  install('cuda');
  // Side by side: the one for the CPU computes on it, so that a GPU in the machine changes no bytes there.
  assert.equal(choose('auto', []), 'native-cpu');
  assert.equal(choose('auto', ['0']), 'native-cuda-gpu');
  assert.equal(choose('gpu', ['0']), 'native-cuda-gpu');
  assert.equal(choose('gpu', []), `native-cpu (${noGpu})`);
  assert.equal(choose('cpu', ['0']), 'native-cpu');
  rmSync(engineFolder('cpu'), { recursive: true });
  assert.equal(choose('auto', []), 'native-cuda');
  assert.equal(choose('cpu', ['0']), 'native-cuda');
  process.env.BLOODLINE_ENGINE = 'wasm';
  assert.equal(choose('auto', ['0']), 'wasm');
  assert.equal(choose('auto', ['0'], 'native'), 'native-cuda-gpu');
});

test('the stage is told where its engine lies, and why it is no better one', () => {
  const nothing = engineEnvironment({ gpuIds: [] });
  assert.equal(nothing['BLOODLINE_ENGINE_FOLDER'], undefined);
  assert.match(nothing['BLOODLINE_ENGINE_NOTE']!, /no native engine is installed/);
  install('cpu');
  process.env.BLOODLINE_ENGINE = 'native';
  process.env.DNNL_MAX_CPU_ISA = 'AVX2';
  const env = engineEnvironment({ gpuIds: [] });
  assert.equal(env['BLOODLINE_ENGINE_FOLDER'], engineFolder('cpu'));
  assert.equal(env['BLOODLINE_ENGINE_NOTE'], undefined);
  assert.equal(env['BLOODLINE_ENGINE'], 'native');
  assert.equal(env['DNNL_MAX_CPU_ISA'], 'AVX2');
  assert.equal(env['LD_LIBRARY_PATH'], undefined);
});

test('on a GPU: its ids, the library path, exact kernels unless a parameter says otherwise', () => {
  install('cuda');
  process.env.LD_LIBRARY_PATH = '/opt/theirs';
  const { name, env } = engineFor({ engine: 'native', device: 'gpu', threads: 2 }, ['2', '3']);
  assert.equal(name, 'native-cuda-gpu');
  assert.deepEqual(
    {
      ...env,
      BLOODLINE_CACHE: undefined,
      BLOODLINE_ENGINE_FOLDER: undefined,
      MALLOC_ARENA_MAX: undefined,
      MALLOC_MMAP_THRESHOLD_: undefined,
      MALLOC_TRIM_THRESHOLD_: undefined,
    },
    {
      BLOODLINE_CACHE: undefined,
      BLOODLINE_ENGINE_FOLDER: undefined,
      MALLOC_ARENA_MAX: undefined,
      MALLOC_MMAP_THRESHOLD_: undefined,
      MALLOC_TRIM_THRESHOLD_: undefined,
      TF_NUM_INTRAOP_THREADS: '2',
      TF_NUM_INTEROP_THREADS: '1',
      TF_CPP_MIN_LOG_LEVEL: '3',
      LD_LIBRARY_PATH: `${engineFolder('cuda')}:/opt/theirs`,
      CUDA_DEVICE_ORDER: 'PCI_BUS_ID',
      CUDA_VISIBLE_DEVICES: '2,3',
      TF_FORCE_GPU_ALLOW_GROWTH: 'true',
      TF_DETERMINISTIC_OPS: '1',
      TF_CUDNN_DETERMINISTIC: '1',
      TF_CUDNN_USE_AUTOTUNE: '0',
      NVIDIA_TF32_OVERRIDE: '0',
    },
  );
  const fast = engineFor({ gpuMath: 'fast' }, ['0']).env;
  for (const variable of ['TF_DETERMINISTIC_OPS', 'TF_CUDNN_USE_AUTOTUNE', 'NVIDIA_TF32_OVERRIDE'])
    assert.equal(fast[variable], undefined);
  assert.equal(fast['TF_FORCE_GPU_ALLOW_GROWTH'], 'true');
  // On the CPU that build sees no GPU, whatever was handed out.
  assert.equal(engineFor({ device: 'cpu' }, ['0']).env['CUDA_VISIBLE_DEVICES'], '');
});

test('GPUs as nvidia-smi names them; what it says besides is left out', () => {
  assert.deepEqual(parseGpus('0, NVIDIA H100 80GB HBM3\n1, Tesla T4\nWARNING: infoROM is corrupted\n'), [
    { id: '0', name: 'NVIDIA H100 80GB HBM3' },
    { id: '1', name: 'Tesla T4' },
  ]);
  assert.deepEqual(parseGpus('No devices were found\n'), []);
});

test('engine status: a row for each engine, with what to type, and an arrow at what `auto` takes', async () => {
  delete process.env.CUDA_VISIBLE_DEVICES;
  const without = await enginesStatus();
  assert.deepEqual(
    without.map(({ engine, kind, chosen }) => [engine, kind, chosen]),
    [
      ['native', 'cpu', false],
      ['native', 'cuda', false],
      ['wasm', null, true],
      ['webgpu', null, false],
    ],
  );
  const folder = engineFolder('cuda');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'a.so'), 'library');
  await writeManifest(folder, { kind: 'cuda', tensorflow: '9.0.0', addon: '1.0.0' }, ['a.so']);
  process.env.CUDA_VISIBLE_DEVICES = '0,2';
  const lines = engineLines(await enginesStatus());
  assert.match(lines[0]!, /^ {3}engine +state +TensorFlow +size +computes on +where +to do$/);
  if (process.platform === 'linux' && process.arch === 'x64')
    assert.match(
      lines[1]!,
      /^ {3}native \(cpu\) +not installed +– .*`bloodline engine install` gets it \(fetches 230 MB\)$/,
    );
  assert.match(
    lines[2]!,
    /^→ {2}native \(cuda\) +(installed|outdated) +9\.0\.0 .*GPU 0, GPU 2 .*engines\/cuda/,
  );
  assert.match(lines[3]!, /^ {3}wasm +built in /);
});
