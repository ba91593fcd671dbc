/**
 * Puts our kernels in the place of those that tfjs's wasm backend lacks, has in a naive form, or runs on one core. What
 * they do not know (a dilation, another type than float32) is left to tfjs.
 */
import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs';
import type { Tfjs } from './engine.ts';
import {
  convolve,
  convolveBack,
  convolveFilter,
  multiplyMatrices,
  sumParts,
  type Window,
} from './wasm/convolutions.ts';
import { BLOCK, rowsOf } from './wasm/cuts.ts';
import { depthwise, depthwiseBack, depthwiseFilter } from './wasm/depthwise.ts';
import { type Heap, heapOf } from './wasm/heap.ts';
import type { WasmBackend } from './wasm/module.ts';

type Four = [number, number, number, number];

interface Call {
  readonly inputs: Record<string, TensorInfo>;
  readonly backend: unknown;
  readonly attrs: {
    readonly strides: [number, number];
    /** tf.layers says null where there are none. */
    readonly dilations?: [number, number] | number | null;
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

/** A kernel of ours; null where it cannot do what is asked. */
type Ours = (
  heap: Heap,
  inputs: Call['inputs'],
  attrs: Call['attrs'],
  backend: WasmBackend,
) => TensorInfo | null;

const registered = new WeakSet<Tfjs>();

/** Registers them; to be called before the backend is used. */
export function registerWasmKernels(tf: Tfjs): void {
  if (registered.has(tf)) return;
  registered.add(tf);
  const register = (kernelName: string, ours: Ours): void => {
    const theirs = tf.getKernel(kernelName, 'wasm');
    if (theirs) tf.unregisterKernel(kernelName, 'wasm');
    const kernelFunc = ((call: Call): TensorInfo => {
      const backend = call.backend as WasmBackend;
      const result = ours(heapOf(backend), call.inputs, call.attrs, backend);
      if (result !== null) return result;
      if (!theirs) throw new Error(`Internal error: ${kernelName} on wasm knows no such parameters`);
      return theirs.kernelFunc(call as never) as TensorInfo;
    }) as unknown as KernelFunc;
    // The setup is kept: it binds the backend's own function.
    const setup = theirs?.setupFunc ? { setupFunc: theirs.setupFunc } : {};
    tf.registerKernel({ kernelName, backendName: 'wasm', kernelFunc, ...setup });
  };
  convolutions(tf, register);
  for (const name of ['Sum', 'Mean'] as const) register(name, reduction(tf, name));
  valueByValue(tf, register);

  register('BatchMatMul', (heap, { a, b }, { transposeA, transposeB }) => {
    const batches = [a!, b!].map(({ shape }) => tf.util.sizeFromShape(shape.slice(0, -2)));
    if (batches.some((n) => n !== 1) || transposeA || !floats(a!, b!)) return null;
    const [m, k] = a!.shape.slice(-2) as [number, number];
    const n = b!.shape.at(transposeB ? -2 : -1)!;
    const y = heap.output([...(a!.shape.length >= b!.shape.length ? a! : b!).shape.slice(0, -2), m, n]);
    multiplyMatrices(heap, [heap.at(a!), heap.at(b!), heap.at(y)], { m, k, n, turned: transposeB });
    return y;
  });

  // tfjs's copies; tensors are never written to after they were made, so the same bytes can bear two names.
  register('Identity', (_heap, { x }, _attrs, backend) => {
    backend.incRef(x!.dataId);
    return { dataId: x!.dataId, shape: x!.shape, dtype: x!.dtype };
  });
}

const floats = (...tensors: readonly TensorInfo[]): boolean =>
  tensors.every(({ dtype }) => dtype === 'float32');

function convolutions(tf: Tfjs, register: (name: string, ours: Ours) => void): void {
  /** null: our kernels cannot do it. */
  const window = (
    shape: readonly number[],
    filter: readonly number[],
    { strides, dilations, pad, dimRoundingMode }: Call['attrs'],
    depthwise = false,
  ): Window | null => {
    const info = tf.backend_util.computeConv2DInfo(
      ...([shape as Four, filter as Four, strides, dilations ?? 1, pad, dimRoundingMode, depthwise] as const),
    );
    const { batchSize: n, inHeight: ih, inWidth: iw, inChannels: ci } = info;
    const { outHeight: oh, outWidth: ow, outChannels: co, filterHeight: kh, filterWidth: kw } = info;
    if (info.dilationHeight !== 1 || info.dilationWidth !== 1 || info.strideHeight !== info.strideWidth)
      return null;
    if (depthwise && filter[3] !== 1) return null;
    const { top, left } = info.padInfo;
    return { n, ih, iw, ci, oh, ow, co, kh, kw, stride: info.strideHeight, top, left };
  };
  type Run = (heap: Heap, places: [number, number, number], window: Window) => void;
  const between =
    (heap: Heap, inputs: readonly TensorInfo[], shape: readonly number[], at: Window | null) =>
    (run: Run): TensorInfo | null => {
      if (at === null || !floats(...inputs)) return null;
      const output = heap.output(shape);
      run(heap, [...inputs, output].map(heap.at) as [number, number, number], at);
      return output;
    };
  for (const [forward, apart, runs] of [
    ['Conv2D', false, [convolve, convolveBack, convolveFilter]],
    ['DepthwiseConv2dNative', true, [depthwise, depthwiseBack, depthwiseFilter]],
  ] as const) {
    register(forward, (heap, { x, filter }, attrs) => {
      const at = window(x!.shape, filter!.shape, attrs, apart);
      const shape = at === null ? [] : [at.n, at.oh, at.ow, at.co];
      return between(heap, [x!, filter!], shape, at)(runs[0]);
    });
    register(`${forward}BackpropInput`, (heap, { dy, filter }, attrs) => {
      const { inputShape } = attrs;
      return between(
        heap,
        [dy!, filter!],
        inputShape,
        window(inputShape, filter!.shape, attrs, apart),
      )(runs[1]);
    });
    register(`${forward}BackpropFilter`, (heap, { x, dy }, attrs) => {
      const { filterShape } = attrs;
      return between(heap, [x!, dy!], filterShape, window(x!.shape, filterShape, attrs, apart))(runs[2]);
    });
  }
  register('MaxPoolGrad', (heap, { dy, input: x }, { filterSize, strides, pad, dimRoundingMode }) => {
    const info = tf.backend_util.computePool2DInfo(
      ...([x!.shape as Four, filterSize, strides, 1, pad, dimRoundingMode] as const),
    );
    const dx = heap.output(x!.shape);
    const { inHeight, inWidth, inChannels, outHeight, outWidth } = info;
    heap.threads.run(
      ...(['maxPoolGradient', info.batchSize, heap.at(x!), heap.at(dy!), heap.at(dx)] as const),
      ...[inHeight, inWidth, inChannels, outHeight, outWidth, info.filterHeight, info.filterWidth],
      ...[info.strideHeight, info.strideWidth, info.padInfo.top, info.padInfo.left],
    );
    return dx;
  });
}

/** A sum over neighbouring axes that leaves the last one: no transposition. */
function reduction(tf: Tfjs, name: 'Sum' | 'Mean'): Ours {
  return (heap, { x }, { axis, keepDims }) => {
    const { shape } = x!;
    const axes = tf.util.parseAxisParam(axis, shape).sort((a, b) => a - b);
    const [first, last] = [axes[0] ?? 0, axes.at(-1) ?? -1];
    const neighbours = axes.length > 0 && last - first === axes.length - 1 && last < shape.length - 1;
    if (!floats(x!) || !neighbours) return null;
    const [outer, m, c] = [shape.slice(0, first), shape.slice(first, last + 1), shape.slice(last + 1)].map(
      (part) => tf.util.sizeFromShape(part),
    ) as [number, number, number];
    const kept = keepDims ? axes.map(() => 1) : [];
    const output = heap.output([...shape.slice(0, first), ...kept, ...shape.slice(last + 1)]);
    const rows = rowsOf(c);
    const count = Math.ceil(m / rows);
    heap.within(outer * count * c, (parts) => {
      const run = outer * m * c > 65536 ? heap.threads.run : heap.threads.runHere;
      run('columnSums', outer * count, heap.at(x!), parts, m, c, rows);
      sumParts(heap, parts, heap.at(output), { outer, count, size: c, scale: name === 'Mean' ? 1 / m : 1 });
    });
    return output;
  };
}

function valueByValue(tf: Tfjs, register: (name: string, ours: Ours) => void): void {
  for (const [name, kernel] of [
    ['Relu', 'relu'],
    ['Sigmoid', 'sigmoid'],
  ] as const)
    register(name, (heap, { x }) => {
      if (!floats(x!)) return null;
      const y = heap.output(x!.shape);
      const size = tf.util.sizeFromShape(x!.shape);
      heap.threads.run(kernel, Math.ceil(size / BLOCK), heap.at(x!), heap.at(y), size, BLOCK);
      return y;
    });
  for (const [name, kernel] of [
    ['Add', 'add'],
    ['Multiply', 'multiply'],
  ] as const)
    register(name, (heap, { a, b }) => {
      if (!floats(a!, b!)) return null;
      const size = tf.util.sizeFromShape(a!.shape);
      if (tf.util.arraysEqual(a!.shape, b!.shape)) {
        const y = heap.output(a!.shape);
        const places = [a!, b!, y].map(heap.at);
        heap.threads.run(kernel, Math.ceil(size / BLOCK), ...places, size, BLOCK);
        return y;
      }
      const c = a!.shape.at(-1) ?? 1;
      const rows = rowsOf(c);
      const m = size / c;
      if (name === 'Add' && size > 0 && b!.shape.length === 1 && b!.shape[0] === c) {
        const y = heap.output(a!.shape);
        heap.threads.run('addToRows', Math.ceil(m / rows), ...[a!, b!, y].map(heap.at), m, c, rows);
        return y;
      }
      // N×1×1×C over N×H×W×C, as in squeeze-and-excite.
      const [n, h, w] = b!.shape;
      const scales =
        b!.shape.length === 4 && a!.shape.length === 4 && h === 1 && w === 1 && b!.shape[3] === c;
      if (name === 'Multiply' && scales && n === a!.shape[0] && size > 0) {
        const y = heap.output(a!.shape);
        const inner = m / n!;
        heap.threads.run('scaleRows', Math.ceil(m / rows), ...[a!, b!, y].map(heap.at), m, c, inner, rows);
        return y;
      }
      return null;
    });
}
