import type { Tensor1D } from '@tensorflow/tfjs';
import { dropoutMask } from '../learning/forward.ts';
import type { Activation, Layer } from '../learning/network.ts';
import type { Computed, Layers, Node } from './layer-pass.ts';
import { attributesOf, type Backend } from './native-backend.ts';
import type { Value, Values } from './native-values.ts';

type Done = Computed<Value>;

/** Numbers of the activations in kernels.cc. */
const ACTIVATIONS: Readonly<Record<Activation, number>> = { linear: 0, swish: 1, relu: 2, sigmoid: 3 };
/** Rows from which bfloat16 saves more than casting costs. */
const ENOUGH_ROWS = 64;

/** Whether it is the max-pool of kernels.cc. */
const isHalving = (layer: Layer): boolean =>
  layer.op === 'max-pool' && layer.size === 2 && layer.stride === 2;

/** What each kind of layer computes, and how its gradient goes back. */
export function nativeLayers(backend: Backend, values: Values): Layers<Value> {
  const { binding } = backend;
  const { call, one, integers, reshape, hold, release } = values;
  const { float32, type, text, number, integer, flag } = attributesOf(binding);
  const FLOAT = binding.TF_FLOAT;
  const BFLOAT16 = 14;
  const T = [float32('T')];
  const activationOf = (activation: Activation) => [integer('activation', ACTIVATIONS[activation])];
  const cast = (from: number, to: number) => {
    const attributes = [type('SrcT', from), type('DstT', to), flag('Truncate', false)];
    return (x: Value) => one('Cast', attributes, [x]);
  };
  const [lower, raise] = [cast(FLOAT, BFLOAT16), cast(BFLOAT16, FLOAT)];
  /** One hold of the caller's. */
  const inType = (value: Value, of: number): Value => {
    if (value.type === of) return hold(value);
    return of === FLOAT ? raise(value) : lower(value);
  };
  /** The same; takes the hold over. */
  const into = (value: Value, of: number): Value => {
    const made = inType(value, of);
    release(value);
    return made;
  };

  const matMulAttributes = (of: number, a: boolean, b: boolean) => [
    type('T', of),
    flag('transpose_a', a),
    flag('transpose_b', b),
  ];
  const convolutionAttributes = (of: number, stride: number, padding: string) => [
    type('T', of),
    integer('strides', [1, stride, stride, 1]),
    integer('dilations', [1, 1, 1, 1]),
    text('padding', padding.toUpperCase()),
    text('data_format', 'NHWC'),
  ];
  const rowsOf = (shape: readonly number[]): number => shape.slice(0, -1).reduce((a, b) => a * b, 1);

  return ({ weights, training }, gradients) => {
    const half = training?.precision === 'bfloat16';
    const weight = (layer: Layer, tensor: string): Value =>
      values.of(weights.get(`${layer.name}/${tensor}`)!);
    const trains = (layer: Layer, tensor: string): boolean =>
      weights.get(`${layer.name}/${tensor}`)!.trainable;
    const give = (layer: Layer, tensor: string, gradient: Value): void => {
      gradients.set(`${layer.name}/${tensor}`, values.toTensor(gradient));
    };

    /** A product of matrices or a convolution; `one by one` is one product. */
    const linear = (
      layer: Layer & ({ op: 'convolution' } | { op: 'dense' }),
      x: Value,
      wantsX: boolean,
    ): Done => {
      const kernel = weight(layer, 'kernel');
      const [from, to] = [kernel.shape.at(-2)!, kernel.shape.at(-1)!];
      const product = layer.op === 'dense' || (layer.kernel === 1 && layer.stride === 1);
      const rows = rowsOf(x.shape);
      const lowered = half && rows >= ENOUGH_ROWS;
      const of = lowered ? BFLOAT16 : FLOAT;
      // Between convolutions with a ReLU and max-pools, values and gradients stay as they are.
      const stays = lowered && layer.op === 'convolution' && layer.bias && layer.activation === 'relu';
      const out = stays ? BFLOAT16 : FLOAT;
      /** As operand: in its type, as a matrix where that is one. One hold of the caller's. */
      const operand = (value: Value, channels: number): Value => {
        const typed = inType(value, of);
        if (!product || typed.shape.length === 2) return typed;
        const flat = reshape(typed, [typed.shape.reduce((a, b) => a * b, 1) / channels, channels]);
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
      const a = operand(x, from);
      const b = operand(kernel, to);
      const [stride, padding] = layer.op === 'convolution' ? [layer.stride, layer.padding] : [1, 'valid'];
      const attributes = convolutionAttributes(of, stride, padding);
      const raw = product
        ? one('MatMul', matMulAttributes(of, false, false), [a, b])
        : one('Conv2D', attributes, [a, b]);
      const z = result(raw, product ? [...x.shape.slice(0, -1), to] : raw.shape, out);
      const bias = layer.op === 'dense' || layer.bias;
      // Swish goes back from the value before it, the others from the value after it.
      const apart = layer.activation === 'swish' || (!bias && layer.activation !== 'linear');
      if (bias)
        call(
          'BloodlineBias',
          activationOf(apart ? 'linear' : layer.activation),
          [z, weight(layer, 'bias')],
          0,
        );
      const value = apart ? one('BloodlineActivate', activationOf(layer.activation), [z]) : z;
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
            activationOf(layer.activation),
            [dy, seen],
            2,
          );
          dz = gradient!;
          if (trainsBias) give(layer, 'bias', dBias!);
          else release(dBias!);
        } else if (trainsBias)
          give(layer, 'bias', one('BiasAddGrad', [...T, text('data_format', 'NHWC')], [dz]));
        const g = operand(dz, to);
        release(dz);
        if (trainsKernel) {
          // Long thin matrices are what a product is bad at.
          const asProduct = product && (layer.op === 'dense' || rows <= 8192);
          const shapes = integers(kernel.shape);
          let dKernel: Value;
          if (asProduct) dKernel = one('MatMul', matMulAttributes(of, true, false), [a, g]);
          else {
            const [a4, g4] = product
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
            product
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

    /** All but convolutions and products, in float32; max-pool in the type of its input. */
    const computeOthers = (
      { layer, activation }: Node,
      inputs: readonly Value[],
      wants: readonly boolean[],
    ): Done => {
      const x = inputs[0]!;
      const wantsX = wants[0]!;
      switch (layer.op) {
        case 'depthwise': {
          const kernel = weight(layer, 'depthwise_kernel');
          const attributes = convolutionAttributes(FLOAT, layer.stride, layer.padding);
          const value = one('DepthwiseConv2dNative', attributes, [x, kernel]);
          const before = (size: number, out: number): number =>
            layer.padding === 'valid' ? 0 : Math.max(0, (out - 1) * layer.stride + layer.kernel - size) >> 1;
          const place = [
            integer('stride', layer.stride),
            integer('top', before(x.shape[1]!, value.shape[1]!)),
            integer('left', before(x.shape[2]!, value.shape[2]!)),
          ];
          const backward: Done['backward'] = (dy) => {
            if (trains(layer, 'depthwise_kernel'))
              give(
                layer,
                'depthwise_kernel',
                one('BloodlineDepthwiseFilterGradient', place, [x, dy, kernel]),
              );
            return [
              wantsX
                ? one('DepthwiseConv2dNativeBackpropInput', attributes, [integers(x.shape), kernel, dy])
                : null,
            ];
          };
          return { value, kept: [hold(x)], backward };
        }
        case 'batch-norm': {
          const [gamma, beta] = [weight(layer, 'gamma'), weight(layer, 'beta')];
          const act = activationOf(activation);
          if (!training) {
            const moving = [weight(layer, 'moving_mean'), weight(layer, 'moving_variance')];
            const attributes = [number('epsilon', layer.epsilon), ...act];
            const value = one('BloodlineNormApply', attributes, [x, gamma, beta, ...moving]);
            return { value, kept: [], backward: () => [null] };
          }
          const [value, mean, variance, inverse] = call(
            'BloodlineNorm',
            [number('epsilon', layer.epsilon), ...act],
            [x, gamma, beta],
            4,
          ) as [Value, Value, Value, Value];
          const kept = [hold(x), mean, inverse];
          training.statistics(
            layer.name,
            layer.momentum,
            values.toTensor(one('Identity', T, [mean])) as Tensor1D,
            values.toTensor(variance) as Tensor1D,
          );
          const backward: Done['backward'] = (dy) => {
            const [dx, dGamma, dBeta] = call(
              'BloodlineNormGradient',
              act,
              [dy, x, gamma, beta, mean, inverse],
              3,
            ) as [Value, Value, Value];
            for (const [tensor, gradient] of [
              ['gamma', dGamma],
              ['beta', dBeta],
            ] as const)
              if (trains(layer, tensor)) give(layer, tensor, gradient);
              else release(gradient);
            if (wantsX) return [dx];
            release(dx);
            return [null];
          };
          return { value, kept, backward };
        }
        case 'activation': {
          if (layer.activation === 'linear')
            return { value: hold(x), kept: [], backward: (dy) => [hold(dy)] };
          const act = activationOf(layer.activation);
          const value = one('BloodlineActivate', act, [x]);
          const seen = hold(layer.activation === 'swish' ? x : value);
          const backward: Done['backward'] = (dy) => {
            const [dx, sum] = call('BloodlineActivateGradient', act, [dy, seen], 2);
            release(sum!);
            return [dx!];
          };
          return { value, kept: [seen], backward };
        }
        case 'pad': {
          const { top, bottom, left, right } = layer;
          const around = values.integers([0, 0, top, bottom, left, right, 0, 0], [4, 2]);
          const value = one('Pad', [...T, type('Tpaddings', binding.TF_INT32)], [x, around]);
          const backward: Done['backward'] = (dy) => [
            wantsX
              ? one(
                  'Slice',
                  [...T, type('Index', binding.TF_INT32)],
                  [dy, integers([0, top, left, 0]), integers(x.shape)],
                )
              : null,
          ];
          return { value, kept: [], backward };
        }
        case 'max-pool': {
          if (isHalving(layer))
            return {
              value: one('BloodlineMaxPool', [], [x]),
              kept: [hold(x)],
              backward: (dy) => [wantsX ? one('BloodlineMaxPoolGradient', [], [dy, x]) : null],
            };
          const attributes = [
            ...T,
            integer('ksize', [1, layer.size, layer.size, 1]),
            integer('strides', [1, layer.stride, layer.stride, 1]),
            text('padding', 'VALID'),
            text('data_format', 'NHWC'),
          ];
          const value = one('MaxPool', attributes, [x]);
          const backward: Done['backward'] = (dy) => [
            wantsX ? one('MaxPoolGrad', attributes, [x, value, dy]) : null,
          ];
          return { value, kept: [hold(x), hold(value)], backward };
        }
        case 'global-average-pool': {
          const attributes = [...T, type('Tidx', binding.TF_INT32), flag('keep_dims', layer.keepDimensions)];
          const value = one('Mean', attributes, [x, integers([1, 2])]);
          const [n, height, width, channels] = x.shape as [number, number, number, number];
          const backward: Done['backward'] = (dy) => {
            if (!wantsX) return [null];
            const share = values.floats([], Float32Array.of(1 / (height * width)));
            const each = one('Mul', T, [dy, share]);
            const flat = reshape(each, [n, 1, 1, channels]);
            release(share, each);
            // Spread out where it is added to another gradient, or by whoever reads it.
            return [flat];
          };
          return { value, kept: [], backward };
        }
        case 'dropout': {
          if (!training) return { value: hold(x), kept: [], backward: (dy) => [hold(dy)] };
          const drawn = dropoutMask(training.seed, layer, x.shape);
          const mask = values.floats(drawn.shape, drawn.values);
          return {
            value: one('Mul', T, [x, mask]),
            kept: [mask],
            backward: (dy) => [one('Mul', T, [dy, mask])],
          };
        }
        case 'add':
          return { value: one('AddV2', T, inputs), kept: [], backward: (dy) => [hold(dy), hold(dy)] };
        case 'multiply': {
          const s = inputs[1]!;
          const backward: Done['backward'] = (dy) => {
            const got = call('BloodlineExciteGradient', [], [dy, x, s], 2);
            return got.map((gradient, index) => {
              if (wants[index]) return gradient;
              release(gradient);
              return null;
            });
          };
          return { value: one('Mul', T, [x, s]), kept: [hold(x), hold(s)], backward };
        }
        default:
          throw new Error(`Internal error: ${layer.op} is computed before the others`);
      }
    };

    /** The gradient of a value has the value's type. */
    return (node, inputs, wants) => {
      const { layer } = node;
      if (layer.op === 'convolution' || layer.op === 'dense') return linear(layer, inputs[0]!, wants[0]!);
      if (isHalving(layer) || inputs.every(({ type }) => type === FLOAT))
        return computeOthers(node, inputs, wants);
      const raised = inputs.map((input) => inType(input, FLOAT));
      const done = computeOthers(node, raised, wants);
      release(...raised);
      const types = inputs.map(({ type }) => type);
      const backward: Done['backward'] = (dy) =>
        done.backward(dy).map((slope, index) => slope && into(slope, types[index]!));
      return { ...done, backward };
    };
  };
}
