/**
 * A network as the layers of Keras that compute the same, in the JSON of Keras 2: Keras 3 and tfjs read it too.
 *
 * What Keras has no layer for becomes a convolution of one pixel: putting channels into another order, and in tfjs all
 * that differs by channel. A softmax is added at the end, so that the model gives probabilities.
 */
import { anatomy } from '../learning/anatomy.ts';
import type { Layer, Network } from '../learning/network.ts';

export interface KerasModel {
  /** `{ class_name: 'Functional', config: … }` */
  readonly topology: object;
  /** In the order of the layers. */
  readonly layers: readonly { readonly name: string; readonly weights: readonly KerasWeight[] }[];
}

export interface KerasWeight {
  /** `kernel` */
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

type Config = Readonly<Record<string, unknown>>;
interface Written {
  readonly className: string;
  readonly config: Config;
  readonly weights: readonly KerasWeight[];
}

/** The layer that gives the probabilities. */
const PROBABILITIES = 'probabilities';

/** @param values of each weight, by the network's names. */
export function kerasModel(
  network: Network,
  values: ReadonlyMap<string, Float32Array>,
  { name, target }: { readonly name: string; readonly target: 'keras' | 'tfjs' },
): KerasModel {
  const { weights: specs, shapes } = anatomy(network);
  const layers: {
    name: string;
    className: string;
    config: Config;
    from: readonly string[];
    weights: readonly KerasWeight[];
  }[] = [];
  /** Under which name a layer's output is found: that of another layer where it was left out or needed two. */
  const outputs = new Map<string, string>();
  const add = (layer: string, from: readonly string[], { className, config, weights }: Written): string => {
    layers.push({
      name: layer,
      className,
      config: { name: layer, dtype: 'float32', ...config },
      from,
      weights,
    });
    return layer;
  };
  for (const layer of network.layers) {
    const from = layer.from.map((each) => outputs.get(each)!);
    // tfjs cannot drop whole branches: its dropout knows no noise shape.
    if (target === 'tfjs' && layer.op === 'dropout' && layer.perSample) {
      outputs.set(layer.name, from[0]!);
      continue;
    }
    const own = specs
      .filter((spec) => spec.name.startsWith(`${layer.name}/`))
      .map((spec) => ({
        name: spec.name.split('/').at(-1)!,
        shape: spec.shape,
        values: values.get(spec.name)!,
      }));
    const channels = shapes.get(layer.name)!.at(-1)!;
    let last = add(layer.name, from, written(layer, own, channels, target));
    if (target === 'tfjs' && layer.op === 'global-average-pool' && layer.keepDimensions)
      last = add(`${layer.name}_reshape`, [last], {
        className: 'Reshape',
        config: { target_shape: [1, 1, channels] },
        weights: [],
      });
    outputs.set(layer.name, last);
  }
  const output = add(PROBABILITIES, [outputs.get(network.output)!], {
    className: 'Activation',
    config: { activation: 'softmax' },
    weights: [],
  });
  const inbound = (from: readonly string[]) =>
    from.length === 0 ? [] : [from.map((each) => [each, 0, 0, {}])];
  const config = {
    name: name.toLowerCase().replace(/[^a-z0-9]+/g, '_'),
    trainable: true,
    layers: layers.map(({ name, className, config, from }) => ({
      class_name: className,
      config,
      name,
      inbound_nodes: inbound(from),
    })),
    input_layers: [[layers[0]!.name, 0, 0]],
    output_layers: [[output, 0, 0]],
  };
  return {
    topology: { class_name: 'Functional', config },
    layers: layers.map(({ name, weights }) => ({ name, weights })),
  };
}

function written(
  layer: Layer,
  weights: readonly KerasWeight[],
  channels: number,
  target: 'keras' | 'tfjs',
): Written {
  const plain = (className: string, config: Config = {}): Written => ({ className, config, weights });
  switch (layer.op) {
    case 'input':
      return plain('InputLayer', {
        batch_input_shape: [null, layer.size, layer.size, layer.channels],
        sparse: false,
        ragged: false,
      });
    case 'rescale': {
      const { order, scale, offset } = layer;
      const same = [scale, offset].every((list) => list.every((value) => value === list[0]));
      if (order !== undefined || (target === 'tfjs' && !same)) return perChannel(channels, layer);
      return plain('Rescaling', same ? { scale: scale[0], offset: offset[0] } : { scale, offset });
    }
    case 'normalization': {
      if (target === 'keras') return plain('Normalization', { axis: [-1] });
      const [mean, variance] = weights.map(({ values }) => values) as [Float32Array, Float32Array];
      const scale = Array.from(variance, (value) => 1 / Math.max(Math.sqrt(value), 1e-7));
      return perChannel(channels, { scale, offset: scale.map((each, c) => -mean[c]! * each) });
    }
    case 'convolution':
      return plain('Conv2D', {
        filters: layer.filters,
        kernel_size: [layer.kernel, layer.kernel],
        strides: [layer.stride, layer.stride],
        padding: layer.padding,
        activation: layer.activation,
        use_bias: layer.bias,
      });
    case 'depthwise':
      return plain('DepthwiseConv2D', {
        kernel_size: [layer.kernel, layer.kernel],
        strides: [layer.stride, layer.stride],
        padding: layer.padding,
        use_bias: false,
        depth_multiplier: 1,
        activation: 'linear',
      });
    case 'batch-norm':
      return plain('BatchNormalization', { axis: -1, momentum: layer.momentum, epsilon: layer.epsilon });
    case 'activation':
      return plain('Activation', { activation: layer.activation });
    case 'pad':
      return plain('ZeroPadding2D', {
        padding: [
          [layer.top, layer.bottom],
          [layer.left, layer.right],
        ],
      });
    case 'max-pool':
      return plain('MaxPooling2D', {
        pool_size: [layer.size, layer.size],
        strides: [layer.stride, layer.stride],
        padding: 'valid',
      });
    case 'global-average-pool':
      return plain('GlobalAveragePooling2D', target === 'keras' ? { keepdims: layer.keepDimensions } : {});
    case 'dense':
      return plain('Dense', { units: layer.units, activation: layer.activation, use_bias: true });
    case 'dropout':
      return plain('Dropout', {
        rate: layer.rate,
        noise_shape: layer.perSample ? [null, 1, 1, 1] : null,
      });
    case 'add':
      return plain('Add');
    case 'multiply':
      return plain('Multiply');
    default:
      return layer satisfies never;
  }
}

/** A convolution of one pixel that gives x[order] × scale + offset. */
function perChannel(
  channels: number,
  {
    order,
    scale,
    offset,
  }: { order?: readonly number[]; scale: readonly number[]; offset: readonly number[] },
): Written {
  const kernel = new Float32Array(channels * channels); // in × out
  for (let c = 0; c < channels; c++) kernel[(order?.[c] ?? c) * channels + c] = scale[c]!;
  return {
    className: 'Conv2D',
    config: {
      filters: channels,
      kernel_size: [1, 1],
      strides: [1, 1],
      padding: 'valid',
      activation: 'linear',
      use_bias: true,
      trainable: false,
    },
    weights: [
      { name: 'kernel', shape: [1, 1, channels, channels], values: kernel },
      { name: 'bias', shape: [channels], values: Float32Array.from(offset) },
    ],
  };
}
