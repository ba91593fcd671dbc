import type { Initializer, Layer, Network, Shape, WeightSpec } from './network.ts';

/** What a network consists of, worked out without a tensor. */
export interface Anatomy {
  /** By layer name, without the batch. */
  readonly shapes: ReadonlyMap<string, Shape>;
  /** In the order of the layers; within a layer in Keras's order. */
  readonly weights: readonly WeightSpec[];
  readonly parameters: {
    readonly total: number;
    readonly trainable: number;
    /** Up to and with `features`: Keras's count with `include_top=False`. */
    readonly backbone: number;
  };
  /** Multiply-adds of convolutions and dense layers for one image; everything else is left out, as in the papers. */
  readonly multAdds: number;
}

/** Throws an Error where the layers do not fit together, or an image of this size is too small for the network. */
export function anatomy(network: Network): Anatomy {
  const shapes = new Map<string, Shape>();
  const weights: WeightSpec[] = [];
  let backbone = 0;
  let multAdds = 0;
  for (const layer of network.layers) {
    const inputs = layer.from.map((name) => shapes.get(name)!);
    const shape = outputShape(layer, inputs);
    if (shape.some((side) => !(side >= 1)))
      throw new Error(`the images are too small for this network: nothing is left at ${layer.name}`);
    shapes.set(layer.name, shape);
    weights.push(...weightsOf(layer, inputs));
    multAdds += multAddsOf(layer, inputs[0], shape);
    if (layer.name === network.features) backbone = sum(weights);
  }
  const trainable = sum(weights.filter((weight) => weight.trainable));
  return { shapes, weights, parameters: { total: sum(weights), trainable, backbone }, multAdds };
}

export const product = (shape: readonly number[]): number => shape.reduce((size, side) => size * side, 1);
const sum = (weights: readonly WeightSpec[]): number =>
  weights.reduce((total, { shape }) => total + product(shape), 0);

function outputShape(layer: Layer, inputs: readonly Shape[]): Shape {
  const input = inputs[0] as Shape;
  const [height = 1, width = 1, channels = 1] = input ?? [];
  switch (layer.op) {
    case 'input':
      return [layer.size, layer.size, layer.channels];
    case 'convolution':
      return [side(height, layer), side(width, layer), layer.filters];
    case 'depthwise':
      return [side(height, layer), side(width, layer), channels];
    case 'max-pool': {
      const window = { kernel: layer.size, stride: layer.stride, padding: 'valid' as const };
      return [side(height, window), side(width, window), channels];
    }
    case 'pad':
      return [height + layer.top + layer.bottom, width + layer.left + layer.right, channels];
    case 'global-average-pool':
      return layer.keepDimensions ? [1, 1, channels] : [channels];
    case 'dense':
      return [layer.units];
    case 'add':
      if (inputs[0]!.join() !== inputs[1]!.join())
        throw new Error(`${layer.name} adds ${inputs[0]!.join('×')} and ${inputs[1]!.join('×')}`);
      return input;
    case 'rescale':
    case 'normalization':
    case 'batch-norm':
    case 'activation':
    case 'dropout':
    case 'multiply':
      return input;
    default:
      return layer satisfies never;
  }
}

const side = (
  length: number,
  { kernel, stride, padding }: { kernel: number; stride: number; padding: 'same' | 'valid' },
): number => (padding === 'same' ? Math.ceil(length / stride) : Math.floor((length - kernel) / stride) + 1);

const constant = (value: number): Initializer => ({ kind: 'constant', value });

function weightsOf(layer: Layer, inputs: readonly Shape[]): WeightSpec[] {
  const channels = inputs[0]?.at(-1) ?? 0;
  const weight = (
    tensor: string,
    shape: readonly number[],
    initializer: Initializer,
    trainable = true,
  ): WeightSpec => ({ name: `${layer.name}/${tensor}`, shape, initializer, trainable });
  switch (layer.op) {
    case 'convolution': {
      const { kernel, filters, initializer } = layer;
      const weights = [weight('kernel', [kernel, kernel, channels, filters], initializer)];
      if (layer.bias) weights.push(weight('bias', [filters], constant(0)));
      return weights;
    }
    case 'depthwise':
      return [weight('depthwise_kernel', [layer.kernel, layer.kernel, channels, 1], layer.initializer)];
    case 'batch-norm':
      return [
        weight('gamma', [channels], constant(1)),
        weight('beta', [channels], constant(0)),
        weight('moving_mean', [channels], constant(0), false),
        weight('moving_variance', [channels], constant(1), false),
      ];
    case 'dense':
      return [
        weight('kernel', [channels, layer.units], layer.initializer),
        weight('bias', [layer.units], constant(0)),
      ];
    case 'normalization':
      return [
        weight('mean', [channels], constant(0), false),
        weight('variance', [channels], constant(1), false),
        weight('count', [], constant(0), false),
      ];
    default:
      return [];
  }
}

function multAddsOf(layer: Layer, input: Shape | undefined, output: Shape): number {
  const channels = input?.at(-1) ?? 0;
  switch (layer.op) {
    case 'convolution':
      return product(output) * layer.kernel * layer.kernel * channels;
    case 'depthwise':
      return product(output) * layer.kernel * layer.kernel;
    case 'dense':
      return channels * layer.units;
    default:
      return 0;
  }
}
