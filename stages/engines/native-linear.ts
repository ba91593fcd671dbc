import { product } from '../learning/anatomy.ts';
import type { Layer } from '../learning/network.ts';
import type { Computed } from './layer-pass.ts';
import type { LayerWeights } from './layer-weights.ts';
import { type Attribute, attributesOf, type Backend, BFLOAT16, type Binding } from './native-backend.ts';
import type { Value, Values } from './native-values.ts';

type Done = Computed<Value>;

/** Rows from which bfloat16 saves more than casting costs. */
const ENOUGH_ROWS = 64;

const rowsOf = (shape: readonly number[]): number => product(shape.slice(0, -1));

export function convolutionAttributes(
  binding: Binding,
  of: number,
  { stride, padding }: { readonly stride: number; readonly padding: string },
): Attribute[] {
  const { type, integer, text } = attributesOf(binding);
  return [
    type('T', of),
    integer('strides', [1, stride, stride, 1]),
    integer('dilations', [1, 1, 1, 1]),
    text('padding', padding.toUpperCase()),
    text('data_format', 'NHWC'),
  ];
}

/**
 * Products of matrices and convolutions, with the bias and the activation that follow; a convolution of one by one is
 * a product.
 *
 * @returns `lowers` says that they may be computed in bfloat16.
 */
export function nativeLinear(
  { binding }: Backend,
  values: Values,
): (
  own: LayerWeights<Value>,
  lowers: boolean,
  layer: Layer & ({ op: 'convolution' } | { op: 'dense' }),
  x: Value,
  wantsX: boolean,
) => Done {
  const { call, one, integers, reshape, hold, release, inType, into } = values;
  const { float32, type, text, flag, activation: activationOf } = attributesOf(binding);
  const FLOAT = binding.TF_FLOAT;
  const matMulAttributes = (of: number, a: boolean, b: boolean) => [
    type('T', of),
    flag('transpose_a', a),
    flag('transpose_b', b),
  ];
  return ({ weight, trains, give }, lowers, layer, x, wantsX) => {
    const kernel = weight(layer, 'kernel');
    const to = kernel.shape.at(-1)!;
    const asMatrix = layer.op === 'dense' || (layer.kernel === 1 && layer.stride === 1);
    const rows = rowsOf(x.shape);
    const lowered = lowers && rows >= ENOUGH_ROWS;
    const of = lowered ? BFLOAT16 : FLOAT;
    // Between convolutions with a ReLU and max-pools, values and gradients stay as they are.
    const stays = lowered && layer.op === 'convolution' && layer.bias && layer.activation === 'relu';
    const out = stays ? BFLOAT16 : FLOAT;
    /** As operand: in its type, as a matrix where that is one. One hold of the caller's. */
    const operand = (value: Value): Value => {
      const typed = inType(value, of);
      if (!asMatrix || typed.shape.length === 2) return typed;
      const flat = reshape(typed, [rowsOf(typed.shape), typed.shape.at(-1)!]);
      release(typed);
      return flat;
    };
    /** The other way. Takes the hold over. */
    const result = (value: Value, shape: readonly number[], type: number): Value => {
      const typed = into(value, type);
      if (typed.shape.length === shape.length) return typed;
      const shaped = reshape(typed, shape);
      release(typed);
      return shaped;
    };
    const a = operand(x);
    const b = operand(kernel);
    const attributes = convolutionAttributes(
      binding,
      of,
      layer.op === 'convolution' ? layer : { stride: 1, padding: 'valid' },
    );
    const raw = asMatrix
      ? one('MatMul', matMulAttributes(of, false, false), [a, b])
      : one('Conv2D', attributes, [a, b]);
    const z = result(raw, asMatrix ? [...x.shape.slice(0, -1), to] : raw.shape, out);
    const bias = layer.op === 'dense' || layer.bias;
    // Swish goes back from the value before it, the others from the value after it.
    const apart = layer.activation === 'swish' || (!bias && layer.activation !== 'linear');
    if (bias)
      call(
        'BloodlineBias',
        [activationOf(apart ? 'linear' : layer.activation)],
        [z, weight(layer, 'bias')],
        0,
      );
    const value = apart ? one('BloodlineActivate', [activationOf(layer.activation)], [z]) : z;
    const seen = layer.activation === 'swish' ? z : value;
    const kept = [a, b];
    if (apart && seen !== z) release(z);
    if (layer.activation !== 'linear') kept.push(apart && seen === z ? z : hold(value));
    const [trainsKernel, trainsBias] = [trains(layer, 'kernel'), bias && trains(layer, 'bias')];
    const { shape: xShape, type: xType } = x;
    const backward: Done['backward'] = (dy) => {
      let dz = hold(dy);
      if (layer.activation !== 'linear') {
        release(dz);
        const [gradient, dBias] = call(
          'BloodlineActivateGradient',
          [activationOf(layer.activation)],
          [dy, seen],
          2,
        );
        dz = gradient!;
        if (trainsBias) give(layer, 'bias', dBias!);
        else release(dBias!);
      } else if (trainsBias)
        give(layer, 'bias', one('BiasAddGrad', [float32('T'), text('data_format', 'NHWC')], [dz]));
      const g = operand(dz);
      release(dz);
      if (trainsKernel) {
        // Long thin matrices are what a product is bad at.
        const asProduct = asMatrix && (layer.op === 'dense' || rows <= 8192);
        const shapes = integers(kernel.shape);
        let dKernel: Value;
        if (asProduct) dKernel = one('MatMul', matMulAttributes(of, true, false), [a, g]);
        else {
          const [a4, g4] = asMatrix
            ? [reshape(a, xShape), reshape(g, [...xShape.slice(0, -1), to])]
            : [hold(a), hold(g)];
          dKernel = one('Conv2DBackpropFilter', attributes, [a4, shapes, g4]);
          release(a4, g4);
        }
        give(layer, 'kernel', result(dKernel, kernel.shape, FLOAT));
      }
      let dx: Value | null = null;
      if (wantsX)
        dx = result(
          asMatrix
            ? one('MatMul', matMulAttributes(of, false, true), [g, b])
            : one('Conv2DBackpropInput', attributes, [integers(xShape), b, g]),
          xShape,
          xType,
        );
      release(g);
      return [dx];
    };
    return { value, kept, backward };
  };
}
