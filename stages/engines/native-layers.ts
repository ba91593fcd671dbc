import type { Tensor1D } from '@tensorflow/tfjs';
import { dropoutMask } from '../learning/forward.ts';
import type { Layer } from '../learning/network.ts';
import type { Computed, Layers, Node } from './layer-pass.ts';
import { attributesOf, type Backend } from './native-backend.ts';
import { convolutionAttributes, nativeLinear } from './native-linear.ts';
import type { Value, Values } from './native-values.ts';

type Done = Computed<Value>;

/** Whether it is the max-pool of kernels.cc. */
const isHalving = (layer: Layer): boolean =>
  layer.op === 'max-pool' && layer.size === 2 && layer.stride === 2;

/** What each kind of layer computes, and how its gradient goes back. */
export function nativeLayers(backend: Backend, values: Values): Layers<Value> {
  const { binding } = backend;
  const { call, one, integers, reshape, hold, release, inType, into } = values;
  const { float32, type, text, number, integer, flag, activation: activationOf } = attributesOf(binding);
  const linear = nativeLinear(backend, values);
  const FLOAT = binding.TF_FLOAT;
  const T = [float32('T')];
  return (own, training) => {
    const { weight, trains, give } = own;
    const lowers = training?.precision === 'bfloat16';

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
          const attributes = convolutionAttributes(binding, FLOAT, layer);
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
            const attributes = [number('epsilon', layer.epsilon), act];
            const value = one('BloodlineNormApply', attributes, [x, gamma, beta, ...moving]);
            return { value, kept: [], backward: () => [null] };
          }
          const [value, mean, variance, inverse] = call(
            'BloodlineNorm',
            [number('epsilon', layer.epsilon), act],
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
              [act],
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
          const value = one('BloodlineActivate', [act], [x]);
          const seen = hold(layer.activation === 'swish' ? x : value);
          const backward: Done['backward'] = (dy) => {
            const [dx, sum] = call('BloodlineActivateGradient', [act], [dy, seen], 2);
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
      if (layer.op === 'convolution' || layer.op === 'dense')
        return linear(own, lowers, layer, inputs[0]!, wants[0]!);
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
