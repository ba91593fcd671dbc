import type { PassValues } from './layer-pass.ts';
import { type Attribute, attributesOf, type Backend } from './native-backend.ts';

/** A tensor of the addon's, outside tfjs: freed when nobody holds it any more. */
export interface Value {
  readonly id: number;
  readonly shape: readonly number[];
  holders: number;
}

/** Calls of TensorFlow's operations on values that are counted, not swept up by tfjs. */
export interface Values extends PassValues<Value> {
  /** Runs an operation; each output has one holder, the caller. */
  call(name: string, attributes: readonly Attribute[], inputs: readonly Value[], outputs: number): Value[];
  /** The first output of a call. */
  one(name: string, attributes: readonly Attribute[], inputs: readonly Value[]): Value;
  /** A list of whole numbers, made once and kept. */
  integers(values: readonly number[], shape?: readonly number[]): Value;
  /** Of float32. */
  floats(shape: readonly number[], values: Float32Array): Value;
  /** The same memory in another shape; `type` where it is not float32. */
  reshape(value: Value, shape: readonly number[], type?: number): Value;
}

export function nativeValues(backend: Backend): Values {
  const { binding } = backend;
  const kept = new Map<string, Value>();
  const { float32, type } = attributesOf(binding);
  const T = [float32('T')];
  const call: Values['call'] = (name, attributes, inputs, outputs) =>
    binding
      .executeOp(
        name,
        attributes,
        inputs.map(({ id }) => id),
        outputs,
      )
      .map(({ id, shape }) => ({ id, shape, holders: 1 }));
  const integers: Values['integers'] = (values, shape = [values.length]) => {
    const key = `${values.join()} in ${shape.join()}`;
    let there = kept.get(key);
    if (!there) {
      const id = binding.createTensor(shape, binding.TF_INT32, Int32Array.from(values));
      there = { id, shape, holders: Number.POSITIVE_INFINITY };
      kept.set(key, there);
    }
    return there;
  };
  const release: Values['release'] = (...values) => {
    for (const value of values) if (--value.holders === 0) binding.deleteTensor(value.id);
  };
  const one: Values['one'] = (name, attributes, inputs) => call(name, attributes, inputs, 1)[0]!;
  return {
    call,
    one,
    integers,
    floats: (shape, values) => ({
      id: binding.createTensor(shape, binding.TF_FLOAT, values),
      shape,
      holders: 1,
    }),
    reshape: (value, shape, of = binding.TF_FLOAT) =>
      one('Reshape', [type('T', of), type('Tshape', binding.TF_INT32)], [value, integers(shape)]),
    of: (tensor) => ({
      id: backend.getInputTensorIds([tensor])[0]!,
      shape: tensor.shape,
      holders: Number.POSITIVE_INFINITY,
    }),
    toTensor: ({ id, shape }) => backend.createOutputTensor({ id, shape, dtype: binding.TF_FLOAT }),
    hold(value) {
      value.holders++;
      return value;
    },
    release,
    add: (a, b) => one('AddV2', T, [a, b]),
    spreadOut(value, shape) {
      const there = value.shape;
      if (there.length === shape.length && there.every((side, axis) => side === shape[axis])) return value;
      const whole = one('BroadcastTo', [...T, type('Tidx', binding.TF_INT32)], [value, integers(shape)]);
      release(value);
      return whole;
    },
  };
}
