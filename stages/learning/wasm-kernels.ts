/**
 * The kernels that training needs and tfjs's wasm backend lacks or has only in a naive form. What a convolution can do
 * (its own input gradient) is left to XNNPACK; the rest is our module of SIMD kernels.
 */
import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs';
import type { Tfjs } from './engine.ts';
import { type Kernels, kernelsOn, place, type WasmBackend } from './wasm/module.ts';

type Four = [number, number, number, number];

interface Call {
  readonly inputs: Record<string, TensorInfo>;
  readonly backend: unknown;
  readonly attrs: {
    readonly strides: [number, number];
    readonly dilations: [number, number];
    readonly pad: 'same' | 'valid' | number;
    readonly dataFormat: 'NHWC';
    readonly filterShape: Four;
    readonly inputShape: Four;
    readonly filterSize: [number, number];
    readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
    readonly transposeA: boolean;
    readonly transposeB: boolean;
    readonly axis: number | number[];
    readonly keepDims: boolean;
  };
}

const loaded = new WeakMap<object, Kernels>();

/** Our kernels on this backend's heap; there after the backend has started. */
export function kernelsOf(backend: WasmBackend): Kernels {
  const kernels = loaded.get(backend) ?? kernelsOn(backend);
  loaded.set(backend, kernels);
  return kernels;
}

const registered = new WeakSet<Tfjs>();

/** Registers them, in place of those that the backend has; to be called before the backend is used. */
export function registerWasmKernels(tf: Tfjs): void {
  if (registered.has(tf)) return;
  registered.add(tf);
  const theirs = (name: string): KernelFunc => tf.getKernel(name, 'wasm').kernelFunc;
  const register = (kernelName: string, kernelFunc: (call: Call) => TensorInfo): void => {
    // The setup is kept: it binds the backend's own function, on which ours may fall back.
    const own = tf.getKernel(kernelName, 'wasm');
    if (own) tf.unregisterKernel(kernelName, 'wasm');
    const setup = own?.setupFunc ? { setupFunc: own.setupFunc } : {};
    const kernel = kernelFunc as unknown as KernelFunc;
    tf.registerKernel({ kernelName, backendName: 'wasm', kernelFunc: kernel, ...setup });
  };
  const { computeConv2DInfo, computePool2DInfo } = tf.backend_util;

  const windows = (info: ReturnType<typeof computeConv2DInfo>) => {
    const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels } = info;
    const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = info;
    const input = [batchSize, inHeight, inWidth, inChannels, outHeight, outWidth] as const;
    const taps = [filterHeight, filterWidth, strideHeight, strideWidth, padInfo.top, padInfo.left] as const;
    return { input, outChannels, taps };
  };

  register('Conv2DBackpropFilter', ({ inputs, backend: at, attrs }) => {
    const backend = at as WasmBackend;
    const { x, dy } = inputs as { x: TensorInfo; dy: TensorInfo };
    const { strides, pad, filterShape, dimRoundingMode } = attrs;
    const info = computeConv2DInfo(x.shape as Four, filterShape, strides, 1, pad, dimRoundingMode);
    const { input, outChannels, taps } = windows(info);
    const dw = backend.makeOutput(filterShape, 'float32');
    const [from, slope, into] = [x, dy, dw].map((t) => place(backend, t)) as [number, number, number];
    kernelsOf(backend).convolutionFilterGradient(from, slope, into, ...input, outChannels, ...taps);
    return dw;
  });

  const depthwise = (shape: Four, filterShape: Four, attrs: Call['attrs']) => {
    const { strides, dilations, pad, dimRoundingMode } = attrs;
    const info = computeConv2DInfo(shape, filterShape, strides, dilations, pad, dimRoundingMode, true);
    if (info.dilationHeight !== 1 || info.dilationWidth !== 1 || filterShape[3] !== 1)
      throw new Error(
        'Internal error: depthwise gradients on wasm know no dilation and one filter a channel',
      );
    return windows(info);
  };

  register('DepthwiseConv2dNativeBackpropFilter', ({ inputs, backend: at, attrs }) => {
    const backend = at as WasmBackend;
    const { x, dy } = inputs as { x: TensorInfo; dy: TensorInfo };
    const { input, taps } = depthwise(x.shape as Four, attrs.filterShape, attrs);
    const dw = backend.makeOutput(attrs.filterShape, 'float32');
    const [from, slope, into] = [x, dy, dw].map((t) => place(backend, t)) as [number, number, number];
    kernelsOf(backend).depthwiseFilterGradient(from, slope, into, ...input, ...taps);
    return dw;
  });

  register('DepthwiseConv2dNativeBackpropInput', ({ inputs, backend: at, attrs }) => {
    const backend = at as WasmBackend;
    const { dy, filter } = inputs as { dy: TensorInfo; filter: TensorInfo };
    const { input, taps } = depthwise(attrs.inputShape, filter.shape as Four, attrs);
    const dx = backend.makeOutput(attrs.inputShape, 'float32');
    const [slope, weights, into] = [dy, filter, dx].map((t) => place(backend, t)) as [number, number, number];
    kernelsOf(backend).depthwiseInputGradient(slope, weights, into, ...input, ...taps);
    return dx;
  });

  register('MaxPoolGrad', ({ inputs, backend: at, attrs }) => {
    const backend = at as WasmBackend;
    const { dy, input: x } = inputs as { dy: TensorInfo; input: TensorInfo };
    const { filterSize, strides, pad, dimRoundingMode } = attrs;
    const info = computePool2DInfo(x.shape as Four, filterSize, strides, 1, pad, dimRoundingMode);
    const { input, taps } = windows(info);
    const dx = backend.makeOutput(x.shape, 'float32');
    const [from, slope, into] = [x, dy, dx].map((t) => place(backend, t)) as [number, number, number];
    kernelsOf(backend).maxPoolGradient(from, slope, into, ...input, ...taps);
    return dx;
  });

  // tfjs's copies; tensors are never written to after they were made, so the same bytes can bear two names.
  register('Identity', ({ inputs, backend }) => {
    const { x } = inputs as { x: TensorInfo };
    (backend as WasmBackend).incRef(x.dataId);
    return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
  });

  // A sum over neighbouring axes that leaves the last one: no transposition.
  for (const name of ['Sum', 'Mean']) {
    const reduce = theirs(name);
    register(name, (call) => {
      const { x } = call.inputs as { x: TensorInfo };
      const { axis, keepDims } = call.attrs;
      const axes = tf.util.parseAxisParam(axis, x.shape).sort((a, b) => a - b);
      const [first, last] = [axes[0] ?? 0, axes.at(-1) ?? -1];
      const neighbours = axes.length > 0 && last - first === axes.length - 1 && last < x.shape.length - 1;
      if (x.dtype !== 'float32' || !neighbours) return reduce(call as never) as TensorInfo;
      const backend = call.backend as WasmBackend;
      const sizes = [x.shape.slice(0, first), x.shape.slice(first, last + 1), x.shape.slice(last + 1)].map(
        (part) => tf.util.sizeFromShape(part),
      ) as [number, number, number];
      const kept = keepDims ? axes.map(() => 1) : [];
      const output = backend.makeOutput(
        [...x.shape.slice(0, first), ...kept, ...x.shape.slice(last + 1)],
        'float32',
      );
      const scale = name === 'Mean' ? 1 / sizes[1] : 1;
      kernelsOf(backend).middleSum(place(backend, x), place(backend, output), ...sizes, scale);
      return output;
    });
  }

  composed(tf, theirs, register);
}

/** Gradients and products made of kernels that XNNPACK does well. */
function composed(
  tf: Tfjs,
  theirs: (name: string) => KernelFunc,
  register: (name: string, kernel: (call: Call) => TensorInfo) => void,
): void {
  const kernels = Object.fromEntries(
    ['Transpose', 'Reverse', 'PadV2', 'Slice', 'Conv2D', 'BatchMatMul'].map((name) => [name, theirs(name)]),
  );
  const call = (backend: unknown, name: string, inputs: object, attrs: object): TensorInfo =>
    kernels[name]!({ inputs, attrs, backend } as never) as TensorInfo;
  const view = (x: TensorInfo, shape: number[]): TensorInfo => ({ dataId: x.dataId, shape, dtype: x.dtype });
  const product = (
    backend: unknown,
    a: TensorInfo,
    b: TensorInfo,
    [m, k, n]: readonly number[],
  ): TensorInfo =>
    call(
      backend,
      'BatchMatMul',
      { a: view(a, [1, m!, k!]), b: view(b, [1, k!, n!]) },
      { transposeA: false, transposeB: false },
    );

  // Naive where something is transposed (0.4 against 29 GFLOP/s): transposed first.
  const matMul = theirs('BatchMatMul');
  register('BatchMatMul', (given) => {
    const { a, b } = given.inputs as { a: TensorInfo; b: TensorInfo };
    const { transposeA, transposeB } = given.attrs;
    const batches = [a, b].map(({ shape }) => tf.util.sizeFromShape(shape.slice(0, -2)));
    if (batches.some((n) => n !== 1) || !(transposeA || transposeB) || a.dtype !== 'float32')
      return matMul(given as never) as TensorInfo;
    const backend = given.backend as WasmBackend;
    const turn = (x: TensorInfo): TensorInfo =>
      call(backend, 'Transpose', { x: view(x, x.shape.slice(-2)) }, { perm: [1, 0] });
    const left = transposeA ? turn(a) : a;
    const right = transposeB ? turn(b) : b;
    const [m, k] = left.shape.slice(-2) as [number, number];
    const n = right.shape.at(-1)!;
    const result = product(backend, left, right, [m, k, n]);
    for (const [made, given] of [
      [left, a],
      [right, b],
    ] as const)
      if (made !== given) backend.disposeData(made.dataId);
    return view(result, [...(a.shape.length >= b.shape.length ? a : b).shape.slice(0, -2), m, n]);
  });

  // A convolution of dy, spread out by the stride, with the filter turned by half a turn.
  register('Conv2DBackpropInput', ({ inputs, backend: at, attrs }) => {
    const backend = at as WasmBackend;
    const { dy, filter } = inputs as { dy: TensorInfo; filter: TensorInfo };
    const { strides, pad, inputShape, dimRoundingMode } = attrs;
    const info = tf.backend_util.computeConv2DInfo(
      inputShape,
      filter.shape as Four,
      strides,
      1,
      pad,
      dimRoundingMode,
    );
    const { batchSize: n, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels } = info;
    const { filterHeight, filterWidth, strideHeight, strideWidth } = info;
    const { top, left } = info.padInfo;
    const temporary: TensorInfo[] = [];
    const run = (name: string, inputs: object, attrs: object): TensorInfo => {
      const made = call(backend, name, inputs, attrs);
      temporary.push(made);
      return made;
    };
    const free = (): void => {
      for (const { dataId } of temporary) backend.disposeData(dataId);
    };
    const single = filterHeight === 1 && filterWidth === 1;
    if (single && strideHeight === 1 && strideWidth === 1 && top === 0 && left === 0) {
      const turned = run('Transpose', { x: view(filter, [inChannels, outChannels]) }, { perm: [1, 0] });
      const dx = product(backend, dy, turned, [n * outHeight * outWidth, outChannels, inChannels]);
      free();
      return view(dx, inputShape);
    }
    const padded = (x: TensorInfo, paddings: number[][]): TensorInfo =>
      run('PadV2', { x }, { paddings, constantValue: 0 });
    let spread = dy;
    if (strideHeight > 1 || strideWidth > 1) {
      const pixels = view(dy, [n * outHeight * outWidth, 1, outChannels]);
      const wide = padded(pixels, [
        [0, 0],
        [0, strideWidth - 1],
        [0, 0],
      ]);
      const lines = view(wide, [n * outHeight, 1, outWidth * strideWidth * outChannels]);
      const high = padded(lines, [
        [0, 0],
        [0, strideHeight - 1],
        [0, 0],
      ]);
      spread = view(high, [n, outHeight * strideHeight, outWidth * strideWidth, outChannels]);
    }
    const [height, width] = [spread.shape[1]!, spread.shape[2]!];
    // Rows before and after, so that the result has the input's size; less than none is cut off.
    const before = [filterHeight - 1 - top, filterWidth - 1 - left] as const;
    const after = [
      inHeight - (height + before[0] - filterHeight + 1),
      inWidth - (width + before[1] - filterWidth + 1),
    ] as const;
    const cut = (amount: number): number => Math.min(0, amount);
    const add = (amount: number): number => Math.max(0, amount);
    if ([...before, ...after].some((amount) => amount < 0)) {
      const begin = [0, -cut(before[0]), -cut(before[1]), 0];
      const size = [
        n,
        height + cut(before[0]) + cut(after[0]),
        width + cut(before[1]) + cut(after[1]),
        outChannels,
      ];
      spread = run('Slice', { x: spread }, { begin, size });
    }
    const swapped = run('Transpose', { x: filter }, { perm: [0, 1, 3, 2] });
    const turned = run('Reverse', { x: swapped }, { dims: [0, 1] });
    const around = [
      [0, 0],
      [add(before[0]), add(after[0])],
      [add(before[1]), add(after[1])],
      [0, 0],
    ];
    const dx = call(
      backend,
      'Conv2D',
      { x: spread, filter: turned },
      { strides: [1, 1], pad: around, dataFormat: 'NHWC', dilations: [1, 1] },
    );
    free();
    return view(dx, inputShape);
  });
}
