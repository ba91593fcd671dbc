/** The gradient kernels that tfjs's wasm backend lacks. */
import type { KernelFunc, Tensor, Tensor4D, TensorInfo } from '@tensorflow/tfjs';
import type { Tfjs } from './engine.ts';

/** What is used of `BackendWasm`. */
interface Heap {
  makeOutput(shape: number[], dtype: 'float32'): TensorInfo;
  typedArrayFromHeap(tensor: TensorInfo): Float32Array;
}

/** Registers them once; a second call does nothing. */
export function registerWasmKernels(tf: Tfjs): void {
  const register = (kernelName: string, kernelFunc: unknown): void => {
    if (tf.getKernel(kernelName, 'wasm') === undefined)
      tf.registerKernel({ kernelName, backendName: 'wasm', kernelFunc: kernelFunc as KernelFunc });
  };
  const tensor = (info: TensorInfo): Tensor4D => tf.engine().makeTensorFromTensorInfo(info) as Tensor4D;

  // The filter's gradient is itself a convolution: the batch becomes the channel that is summed over, the forward
  // stride the dilation.
  register('Conv2DBackpropFilter', ({ inputs, backend, attrs }: Call) => {
    const { x, dy } = inputs as { x: TensorInfo; dy: TensorInfo };
    const { strides, pad, filterShape, dimRoundingMode } = attrs;
    const info = tf.backend_util.computeConv2DInfo(
      x.shape as Four,
      filterShape,
      strides,
      1,
      pad,
      dimRoundingMode,
    );
    for (const { dataId } of [x, dy]) (backend as { incRef(id: object): void }).incRef(dataId);
    const [images, slopes] = [tensor(x), tensor(dy)];
    const gradient = tf.tidy(() => {
      const { top, bottom, left, right } = info.padInfo;
      const padded = tf.pad(images, [
        [0, 0],
        [top, bottom],
        [left, right],
        [0, 0],
      ]) as Tensor4D;
      const height = Math.min((info.outHeight - 1) * info.strideHeight + info.filterHeight, padded.shape[1]);
      const width = Math.min((info.outWidth - 1) * info.strideWidth + info.filterWidth, padded.shape[2]);
      const seen = tf.slice(padded, [0, 0, 0, 0], [-1, height, width, -1]);
      const dilation: [number, number] = [info.strideHeight, info.strideWidth];
      const result = tf.conv2d(
        tf.transpose(seen, [3, 1, 2, 0]) as Tensor4D,
        tf.transpose(slopes, [1, 2, 0, 3]) as Tensor4D,
        1,
        'valid',
        'NHWC',
        dilation,
      );
      return tf.transpose(result, [1, 2, 0, 3]);
    });
    tf.dispose([images, slopes]);
    return gradient as Tensor;
  });

  const depthwise = (shape: Four, filterShape: Four, attrs: Call['attrs']) =>
    tf.backend_util.computeConv2DInfo(
      shape,
      filterShape,
      attrs.strides,
      attrs.dilations,
      attrs.pad as 'same',
      attrs.dimRoundingMode,
      true,
    );

  register('DepthwiseConv2dNativeBackpropFilter', ({ inputs, backend, attrs }: Call) => {
    const heap = backend as Heap;
    const { x, dy } = inputs as { x: TensorInfo; dy: TensorInfo };
    const output = heap.makeOutput(attrs.filterShape, 'float32');
    const [from, slope, into] = [x, dy, output].map((t) => heap.typedArrayFromHeap(t)) as Three;
    into.fill(0);
    const channels = x.shape[3]!;
    eachTap(depthwise(x.shape as Four, attrs.filterShape, attrs), (at, dyAt, tap) => {
      for (let c = 0; c < channels; c++) into[tap + c]! += from[at + c]! * slope[dyAt + c]!;
    });
    return output;
  });

  register('DepthwiseConv2dNativeBackpropInput', ({ inputs, backend, attrs }: Call) => {
    const heap = backend as Heap;
    const { dy, filter } = inputs as { dy: TensorInfo; filter: TensorInfo };
    const output = heap.makeOutput(attrs.inputShape, 'float32');
    const [slope, weights, into] = [dy, filter, output].map((t) => heap.typedArrayFromHeap(t)) as Three;
    into.fill(0);
    const channels = attrs.inputShape[3];
    eachTap(depthwise(attrs.inputShape, filter.shape as Four, attrs), (at, dyAt, tap) => {
      for (let c = 0; c < channels; c++) into[at + c]! += slope[dyAt + c]! * weights[tap + c]!;
    });
    return output;
  });
}

type Four = [number, number, number, number];
type Three = [Float32Array, Float32Array, Float32Array];
interface Call {
  readonly inputs: Record<string, TensorInfo>;
  readonly backend: unknown;
  readonly attrs: {
    readonly strides: [number, number];
    readonly dilations: [number, number];
    readonly pad: 'same' | 'valid' | number;
    readonly filterShape: Four;
    readonly inputShape: Four;
    readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  };
}

/** Calls back with the offsets of the first channel of input, output and filter, for each product of a convolution. */
function eachTap(
  info: ReturnType<Tfjs['backend_util']['computeConv2DInfo']>,
  visit: (input: number, output: number, filter: number) => void,
): void {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth } = info;
  const { filterHeight, filterWidth, strideHeight, strideWidth } = info;
  for (let image = 0; image < batchSize; image++)
    for (let y = 0; y < outHeight; y++)
      for (let a = 0; a < filterHeight; a++) {
        const row = y * strideHeight + a - info.padInfo.top;
        if (row < 0 || row >= inHeight) continue;
        for (let x = 0; x < outWidth; x++)
          for (let b = 0; b < filterWidth; b++) {
            const column = x * strideWidth + b - info.padInfo.left;
            if (column < 0 || column >= inWidth) continue;
            visit(
              ((image * inHeight + row) * inWidth + column) * inChannels,
              ((image * outHeight + y) * outWidth + x) * inChannels,
              (a * filterWidth + b) * inChannels,
            );
          }
      }
}
