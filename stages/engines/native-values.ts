import type { PassValues } from './layer-pass.ts';
import { type Attribute, attributesOf, type Backend, BFLOAT16 } from './native-backend.ts';

/** A tensor of the addon's, outside tfjs: freed when nobody holds it any more. */
export interface Value {
  readonly id: number;
  readonly shape: readonly number[];
  /** TensorFlow's number of it. */
  readonly type: number;
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
  /** The same memory in another shape. */
  reshape(value: Value, shape: readonly number[]): Value;
  /** In float32 or bfloat16, whichever it is: one hold of the caller's. */
  inType(value: Value, type: number): Value;
  /** The same; takes the hold over. */
  into(value: Value, type: number): Value;
}

export function nativeValues(backend: Backend): Values {
  const { binding } = backend;
  const kept = new Map<string, Value>();
  const { type, flag } = attributesOf(binding);
  const call: Values['call'] = (name, attributes, inputs, outputs) =>
    binding
      .executeOp(
        name,
        attributes,
        inputs.map(({ id }) => id),
        outputs,
      )
      .map(({ id, shape, dtype }) => ({ id, shape, type: dtype, holders: 1 }));
  const integers: Values['integers'] = (values, shape = [values.length]) => {
    const key = `${values.join()} in ${shape.join()}`;
    let there = kept.get(key);
    if (!there) {
      const id = binding.createTensor(shape, binding.TF_INT32, Int32Array.from(values));
      there = { id, shape, type: binding.TF_INT32, holders: Number.POSITIVE_INFINITY };
      kept.set(key, there);
    }
    return there;
  };
  const release: Values['release'] = (...values) => {
    for (const value of values) if (--value.holders === 0) binding.deleteTensor(value.id);
  };
  const one: Values['one'] = (name, attributes, inputs) => call(name, attributes, inputs, 1)[0]!;
  const hold: Values['hold'] = (value) => {
    value.holders++;
    return value;
  };
  const cast = (from: number, to: number) => {
    const attributes = [type('SrcT', from), type('DstT', to), flag('Truncate', false)];
    return (x: Value) => one('Cast', attributes, [x]);
  };
  const [lower, raise] = [cast(binding.TF_FLOAT, BFLOAT16), cast(BFLOAT16, binding.TF_FLOAT)];
  const inType: Values['inType'] = (value, of) => {
    if (value.type === of) return hold(value);
    return of === binding.TF_FLOAT ? raise(value) : lower(value);
  };
  return {
    call,
    one,
    integers,
    floats: (shape, values) => ({
      id: binding.createTensor(shape, binding.TF_FLOAT, values),
      shape,
      type: binding.TF_FLOAT,
      holders: 1,
    }),
    reshape: (value, shape) =>
      one('Reshape', [type('T', value.type), type('Tshape', binding.TF_INT32)], [value, integers(shape)]),
    of: (tensor) => ({
      id: backend.getInputTensorIds([tensor])[0]!,
      shape: tensor.shape,
      type: binding.TF_FLOAT,
      holders: Number.POSITIVE_INFINITY,
    }),
    toTensor: ({ id, shape }) => backend.createOutputTensor({ id, shape, dtype: binding.TF_FLOAT }),
    hold,
    release,
    inType,
    into(value, of) {
      const made = inType(value, of);
      release(value);
      return made;
    },
    add: (a, b) => one('AddV2', [type('T', a.type)], [a, b]),
    spreadOut(value, shape) {
      const there = value.shape;
      if (there.length === shape.length && there.every((side, axis) => side === shape[axis])) return value;
      const attributes = [type('T', value.type), type('Tidx', binding.TF_INT32)];
      const whole = one('BroadcastTo', attributes, [value, integers(shape)]);
      release(value);
      return whole;
    },
  };
}
