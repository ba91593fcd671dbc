import type { Tensor } from '@tensorflow/tfjs';
import type { Attribute, Backend } from './native-backend.ts';

/** A tensor of the addon's, outside tfjs: freed when nobody holds it any more. */
export interface Value {
  readonly id: number;
  readonly shape: readonly number[];
  holders: number;
}

/** Calls of TensorFlow's operations on values that are counted, not swept up by tfjs. */
export interface Values {
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
  /** What a tensor of tfjs's holds, which has to outlive it. */
  of(tensor: Tensor): Value;
  /** A tensor of tfjs's in place of the one hold of the caller. */
  toTensor(value: Value): Tensor;
  hold(value: Value): Value;
  release(...values: readonly Value[]): void;
}

export function nativeValues(backend: Backend): Values {
  const { binding } = backend;
  const kept = new Map<string, Value>();
  const reshapeAttributes = (of: number): Attribute[] => [
    { name: 'T', type: binding.TF_ATTR_TYPE, value: of },
    { name: 'Tshape', type: binding.TF_ATTR_TYPE, value: binding.TF_INT32 },
  ];
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
    reshape: (value, shape, type = binding.TF_FLOAT) =>
      one('Reshape', reshapeAttributes(type), [value, integers(shape)]),
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
    release(...values) {
      for (const value of values) if (--value.holders === 0) binding.deleteTensor(value.id);
    },
  };
}
