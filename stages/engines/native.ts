/**
 * The native engine: @tensorflow/tfjs-node-gpu's JavaScript over the addon and the libraries that
 * `bloodline engine install` put into the user's cache folder. Nothing is looked for in, or written into, node_modules.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import util from 'node:util';
import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs';
import type { Tfjs } from './engine.ts';
import { enginePasses, type Passes } from './layer-pass.ts';
import { type Attribute, attributesOf, type Backend, type Binding } from './native-backend.ts';
import { nativeLayers } from './native-layers.ts';
import { inPlaceUpdates } from './native-updates.ts';
import { nativeValues } from './native-values.ts';
import type { Operations } from './operations.ts';

export interface Native {
  readonly operations: Operations;
  /** Where the addon has the kernels for them. */
  readonly passes: Passes | null;
  readonly facts: Readonly<Record<string, string | number | boolean>>;
}

/**
 * Makes the native engine tfjs's backend.
 * @throws Error where the addon or one of its libraries does not load.
 */
export async function openNative(tf: Tfjs, folder: string): Promise<Native> {
  // Gone in Node 23, and the package calls it. Defined as an own property: Node 22 warns when its own one is read.
  Object.defineProperty(util, 'isNullOrUndefined', {
    value: (value: unknown) => value === null || value === undefined,
    configurable: true,
    writable: true,
  });
  const { tensorflow, kind, files } = readManifest(folder);
  const require = createRequire(import.meta.url);
  const binding = require(join(folder, 'tfjs_binding.node')) as Binding;
  require('@tensorflow/tfjs-node-gpu/dist/register_all_kernels');
  const { NodeJSKernelBackend } = require('@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend') as {
    NodeJSKernelBackend: new (binding: Binding, name: string) => Backend;
  };
  tf.registerBackend(
    'tensorflow',
    () => new NodeJSKernelBackend(binding, '@tensorflow/tfjs-node-gpu') as never,
    3,
  );
  if (!(await tf.setBackend('tensorflow'))) throw new Error('tfjs does not take it as its backend');
  const backend = tf.backend() as unknown as Backend;
  const kernels = hasKernels(backend);
  const cap = process.env.ONEDNN_MAX_CPU_ISA || process.env.DNNL_MAX_CPU_ISA;
  return {
    operations: {
      ...fusedOperations(tf, backend),
      ...(kernels ? inPlaceUpdates(tf, backend) : { adam: resourceAdam(tf, backend) }),
    },
    passes: kernels ? ownPasses(backend) : null,
    facts: {
      kernels,
      tensorflow,
      build: kind,
      // Kernels of ours are compiled on the machine: another compiler may give other last bits.
      addon: files['tfjs_binding.node']?.sha256.slice(0, 12) ?? 'unknown',
      device: backend.isUsingGpuDevice ? 'gpu' : 'cpu',
      ...(backend.isUsingGpuDevice ? gpuFacts() : {}),
      threads: Number(process.env.TF_NUM_INTRAOP_THREADS ?? 0),
      instructions: instructionSets(),
      ...(cap ? { instructionsUpTo: cap } : {}),
    },
  };
}

/** Passes in TensorFlow's operations and those of `src/engine/native/kernels.cc`, without tfjs's tape. */
function ownPasses(backend: Backend): Passes {
  const values = nativeValues(backend);
  return enginePasses(values, nativeLayers(backend, values));
}

/** Whether the addon was compiled with `src/engine/native/kernels.cc` as it is now; they are for the CPU. */
function hasKernels(backend: Backend): boolean {
  if (backend.isUsingGpuDevice) return false;
  const { binding } = backend;
  const id = binding.createTensor([1], binding.TF_FLOAT, new Float32Array(1));
  try {
    const attributes = [attributesOf(binding).activation('swish')];
    for (const out of binding.executeOp('BloodlineKernels3', attributes, [id], 1))
      binding.deleteTensor(out.id);
    return true;
  } catch {
    return false;
  } finally {
    binding.deleteTensor(id);
  }
}

interface Manifest {
  readonly tensorflow: string;
  readonly kind: string;
  readonly files: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;
}

/** @throws Error where a file is missing or shortened: loading half a library would end the process. */
function readManifest(folder: string): Manifest {
  const manifest = JSON.parse(readFileSync(join(folder, 'engine.json'), 'utf8')) as Manifest;
  for (const [name, { bytes }] of Object.entries(manifest.files)) {
    const there = statSync(join(folder, name), { throwIfNoEntry: false })?.size;
    if (there !== bytes)
      throw new Error(`${join(folder, name)} is damaged (${there ?? 'no'} bytes, expected ${bytes})`);
  }
  return manifest;
}

/** Which GPU it is, and NVIDIA's driver, as /proc tells it. */
function gpuFacts(): Record<string, string> {
  const folder = '/proc/driver/nvidia/gpus';
  const read = (file: string, what: RegExp): string => {
    try {
      return what.exec(readFileSync(file, 'utf8'))?.[1]?.trim() ?? 'unknown';
    } catch {
      return 'unknown';
    }
  };
  const id = process.env.CUDA_VISIBLE_DEVICES ?? '0';
  // In the order of their places on the bus, which is the order of the ids.
  const place = existsSync(folder) ? readdirSync(folder).sort()[Number.parseInt(id, 10)] : undefined;
  return {
    gpu: place === undefined ? id : read(join(folder, place, 'information'), /^Model:\s*(.*)$/m),
    driver: read('/proc/driver/nvidia/version', /Module\s+(?:for \S+\s+)?([\d.]+)/),
    gpuMath: process.env.TF_DETERMINISTIC_OPS === '1' ? 'exact' : 'fast',
  };
}

/** The vector instructions on which the bytes of a training depend, as Linux names them. */
function instructionSets(): string {
  try {
    const flags = /^(?:flags|Features)\s*:\s*(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? '';
    const wanted = flags.split(' ').filter((flag) => /^(avx|fma|amx|sve|asimd|bf16)/.test(flag));
    return wanted.join(' ');
  } catch {
    return 'unknown';
  }
}

type Save = (tensors: Tensor[]) => void;

/** TensorFlow's own fused kernels where tfjs composes many small ones. */
function fusedOperations(tf: Tfjs, backend: Backend): Omit<Operations, 'adam'> {
  const { binding } = backend;
  const { float32, text, number, flag } = attributesOf(binding);
  const batchNormAttributes = (epsilon: number): Attribute[] => [
    float32('T'),
    float32('U'),
    number('epsilon', epsilon),
    text('data_format', 'NHWC'),
    flag('is_training', true),
  ];
  const whole = number('exponential_avg_factor', 1);
  return {
    batchNorm(x, gamma, beta, epsilon) {
      let mean!: Tensor1D;
      let variance!: Tensor1D;
      const attributes = batchNormAttributes(epsilon);
      const normalise = tf.customGrad((...args: unknown[]) => {
        const [x, gamma, beta, save] = args as [Tensor4D, Tensor, Tensor, Save];
        const none = tf.tensor1d([]);
        const [y, batchMean, corrected, ...reserved] = backend.executeMultipleOutputs(
          'FusedBatchNormV3',
          [...attributes, whole],
          [x, gamma, beta, none, none],
          6,
        ) as [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor];
        // The kernel answers with Bessel's correction, n/(n − 1); Keras keeps the biased variance.
        const n = x.size / x.shape[3];
        mean = tf.keep(tf.clone(batchMean)) as Tensor1D;
        variance = tf.keep(tf.mul(corrected, n > 1 ? (n - 1) / n : 1)) as Tensor1D;
        save([x, gamma, ...reserved]);
        const gradFunc = (dy: Tensor, saved: Tensor[]) =>
          backend.executeMultipleOutputs('FusedBatchNormGradV3', attributes, [dy, ...saved], 5).slice(0, 3);
        return { value: y, gradFunc };
      });
      const y = normalise(x, gamma, beta) as Tensor4D;
      return { y, mean, variance };
    },
    relu<T extends Tensor>(x: T): T {
      const rectify = tf.customGrad((...args: unknown[]) => {
        const [x, save] = args as [Tensor, Save];
        const y = backend.executeSingleOutput('Relu', [float32('T')], [x]);
        save([y]);
        const gradFunc = (dy: Tensor, saved: Tensor[]) =>
          backend.executeSingleOutput('ReluGrad', [float32('T')], [dy, saved[0]!]);
        return { value: y, gradFunc };
      });
      return rectify(x) as T;
    },
    swish<T extends Tensor>(x: T): T {
      const gated = tf.customGrad((...args: unknown[]) => {
        const [x, save] = args as [Tensor, Save];
        save([x]);
        // With the gate s:  (x·s)′ = s + x·s·(1 − s), and the latter product is the kernel of sigmoid's gradient.
        const gradFunc = (dy: Tensor, [x]: Tensor[]) => {
          const gate = tf.sigmoid(x!);
          return tf.mul(
            dy,
            tf.add(gate, backend.executeSingleOutput('SigmoidGrad', [float32('T')], [gate, x!])),
          );
        };
        return { value: tf.mul(x, tf.sigmoid(x)), gradFunc };
      });
      return gated(x) as T;
    },
  };
}

/**
 * TensorFlow's own Adam in place of a dozen operations a weight. It works on resource variables: three are enough, into
 * which weight and moments are put (without copying) and out of which they are taken again.
 *
 * The kernel copies a value that anybody else holds too, which would be the longer half of its time. So a variable lets
 * go of its value before the step and is given the new one after it, unless a clone shares it, which keeps the old.
 */
function resourceAdam(tf: Tfjs, backend: Backend): Operations['adam'] {
  const { binding } = backend;
  const { float32, text, flag } = attributesOf(binding);
  const shape: Attribute = { name: 'shape', type: binding.TF_ATTR_SHAPE, value: [] };
  const handles = ['weight', 'm', 'v'].map((name) =>
    tf.keep(
      backend.executeSingleOutput(
        'VarHandleOp',
        [float32('dtype'), shape, text('container', ''), text('shared_name', `bloodline-adam-${name}`)],
        [],
      ),
    ),
  );
  const ids = backend.getInputTensorIds(handles);
  const [float, adamAttributes] = [
    [float32('dtype')],
    [float32('T'), flag('use_locking', false), flag('use_nesterov', false)],
  ];
  let scalars: { readonly of: string; readonly ids: readonly number[] } = { of: '', ids: [] };
  /** The addon's numbers of scalars, made once a step for all weights. */
  const numbers = (...values: readonly number[]): readonly number[] => {
    const of = values.join();
    if (scalars.of !== of) {
      for (const id of scalars.ids) binding.deleteTensor(id);
      const made = values.map((value) => binding.createTensor([], binding.TF_FLOAT, Float32Array.of(value)));
      scalars = { of, ids: made };
    }
    return scalars.ids;
  };
  return (weight, m, v, gradient, { rate, beta1, beta2, epsilon }) => {
    const variables = [weight, m, v];
    // The rate has the bias corrections in it: powers of 0 add none.
    const [zero, ...step] = numbers(0, rate, beta1, beta2, epsilon) as [number, ...number[]];
    const owned = variables.map((variable, index) => {
      const [id] = backend.getInputTensorIds([variable]) as [number];
      binding.executeOp('AssignVariableOp', float, [ids[index]!, id], 0);
      const data = backend.tensorMap.get(variable.dataId);
      if (data.refCount > 1) return null;
      binding.deleteTensor(id);
      data.id = -1;
      return data;
    });
    const inputs = [...ids, zero, zero, ...step, ...backend.getInputTensorIds([gradient])];
    binding.executeOp('ResourceApplyAdam', adamAttributes, inputs, 0);
    for (const [index, variable] of variables.entries()) {
      const data = owned[index];
      if (data) data.id = binding.executeOp('ReadVariableOp', float, [ids[index]!], 1)[0]!.id;
      else
        tf.tidy(() =>
          variable.assign(backend.executeSingleOutput('ReadVariableOp', float, [handles[index]!]) as never),
        );
    }
  };
}
