import type { Tensor, TensorInfo } from '@tensorflow/tfjs';
import type { Tfjs } from '../engine.ts';
import type { PassValues } from '../layer-pass.ts';
import { BLOCK, rowsOf } from './cuts.ts';
import type { Heap } from './heap.ts';
import type { WasmBackend } from './module.ts';

/** A float32 tensor on the heap, outside tfjs: freed when nobody holds it any more. */
export interface Value {
  readonly info: TensorInfo;
  readonly shape: readonly number[];
  holders: number;
}

export interface Values extends PassValues<Value> {
  readonly heap: Heap;
  at(value: Value): number;
  /** With whatever lies there, held by the caller. */
  output(shape: readonly number[]): Value;
  floats(shape: readonly number[], values: Float32Array): Value;
}

export const sizeOf = (shape: readonly number[]): number =>
  shape.reduce((product, side) => product * side, 1);
/** Rows of channels. */
export const rowCount = (shape: readonly number[]): number => sizeOf(shape.slice(0, -1));

export function wasmValues(tf: Tfjs, heap: Heap): Values {
  const backend = tf.backend() as unknown as WasmBackend;
  const made = (info: TensorInfo): Value => ({ info, shape: info.shape, holders: 1 });
  const at = ({ info }: Value): number => heap.at(info);
  const output = (shape: readonly number[]): Value => made(heap.output(shape));
  const release: Values['release'] = (...values) => {
    for (const value of values) if (--value.holders === 0) backend.disposeData(value.info.dataId);
  };
  const isWhole = (value: Value, shape: readonly number[]): boolean => sizeOf(value.shape) === sizeOf(shape);
  /** b, the same over the image, beside a (or nothing). */
  const spread = (a: Value | null, b: Value, shape: readonly number[]): Value => {
    const y = output(shape);
    const c = shape.at(-1)!;
    const m = rowCount(shape);
    const rows = rowsOf(c);
    const inner = m / rowCount(b.shape);
    heap.threads.run('spreadRows', Math.ceil(m / rows), ...[a ? at(a) : 0, at(b), at(y), m, c, inner, rows]);
    return y;
  };
  return {
    heap,
    at,
    output,
    floats: (shape, values) => made(backend.makeOutput(shape, 'float32', undefined, values)),
    of: (tensor) => ({ info: tensor as TensorInfo, shape: tensor.shape, holders: Number.POSITIVE_INFINITY }),
    toTensor(value): Tensor {
      backend.incRef(value.info.dataId);
      const tensor = tf.engine().makeTensorFromTensorInfo(value.info);
      release(value);
      return tensor;
    },
    hold(value) {
      value.holders++;
      return value;
    },
    release,
    add(a, b) {
      if (!isWhole(a, b.shape))
        return sizeOf(a.shape) > sizeOf(b.shape) ? spread(a, b, a.shape) : spread(b, a, b.shape);
      const y = output(a.shape);
      elementwise(heap, 'add', sizeOf(a.shape), at(a), at(b), at(y));
      return y;
    },
    spreadOut(value, shape) {
      if (isWhole(value, shape)) return value;
      const whole = spread(null, value, shape);
      release(value);
      return whole;
    },
  };
}

/** Runs a kernel that takes each of `size` values by itself. */
export function elementwise({ threads }: Heap, kernel: string, size: number, ...places: number[]): void {
  threads.run(kernel, Math.ceil(size / BLOCK), ...places, size, BLOCK);
}
