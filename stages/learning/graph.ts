import type { Activation, Initializer, Layer, Network, Operation, Padding } from './network.ts';

/** Keras's default for convolutions and dense layers. */
export const GLOROT_UNIFORM: Initializer = {
  kind: 'variance-scaling',
  scale: 1,
  mode: 'fan-average',
  distribution: 'uniform',
};
/** Right for layers followed by ReLU (He et al. 2015). */
export const HE_NORMAL: Initializer = {
  kind: 'variance-scaling',
  scale: 2,
  mode: 'fan-in',
  distribution: 'truncated-normal',
};

interface ConvolutionOptions {
  readonly filters: number;
  readonly kernel: number;
  readonly stride?: number;
  readonly padding?: Padding;
  readonly bias?: boolean;
  readonly activation?: Activation;
  readonly initializer?: Initializer;
}
interface DepthwiseOptions {
  readonly kernel: number;
  readonly stride?: number;
  readonly padding?: Padding;
  readonly initializer?: Initializer;
}
interface DenseOptions {
  readonly units: number;
  readonly activation?: Activation;
  readonly initializer?: Initializer;
}

/**
 * Writes a network down. Each function adds a layer that reads the layers named and returns its own name; defaults
 * are those of Keras. Handed to model files as an argument, so that they import nothing.
 */
export interface Graph {
  input(name: string, options: { size: number; channels?: number }): string;
  rescale(
    from: string,
    name: string,
    options: { order?: number[]; scale: readonly number[]; offset: readonly number[] },
  ): string;
  normalization(from: string, name: string): string;
  convolution(from: string, name: string, options: ConvolutionOptions): string;
  depthwise(from: string, name: string, options: DepthwiseOptions): string;
  batchNorm(from: string, name: string, options?: { momentum?: number; epsilon?: number }): string;
  activation(from: string, name: string, activation: Activation): string;
  pad(
    from: string,
    name: string,
    options: { top: number; bottom: number; left: number; right: number },
  ): string;
  maxPool(from: string, name: string, options?: { size?: number; stride?: number }): string;
  globalAveragePool(from: string, name: string, options?: { keepDimensions?: boolean }): string;
  dense(from: string, name: string, options: DenseOptions): string;
  dropout(from: string, name: string, options: { rate: number; perSample?: boolean }): string;
  add(from: readonly [string, string], name: string): string;
  multiply(from: readonly [string, string], name: string): string;
  network(options: { features: string; output: string }): Network;
  readonly glorotUniform: Initializer;
  readonly heNormal: Initializer;
}

/** An empty graph. Its functions throw where a name is taken or an input is not there. */
export function newGraph(): Graph {
  const layers: Layer[] = [];
  const known = new Set<string>();
  const layer = (from: readonly string[], name: string, operation: Operation): string => {
    if (known.has(name)) throw new Error(`two layers are called ${name}`);
    for (const source of from)
      if (!known.has(source)) throw new Error(`${name} reads ${source}, which is not there`);
    known.add(name);
    layers.push({ name, from, ...operation });
    return name;
  };
  return {
    input: (name, { size, channels = 3 }) => layer([], name, { op: 'input', size, channels }),
    rescale: (from, name, options) => layer([from], name, { op: 'rescale', ...options }),
    normalization: (from, name) => layer([from], name, { op: 'normalization' }),
    convolution: (from, name, { filters, kernel, ...options }) =>
      layer([from], name, {
        op: 'convolution',
        filters,
        kernel,
        stride: options.stride ?? 1,
        padding: options.padding ?? 'valid',
        bias: options.bias ?? true,
        activation: options.activation ?? 'linear',
        initializer: options.initializer ?? GLOROT_UNIFORM,
      }),
    depthwise: (from, name, { kernel, ...options }) =>
      layer([from], name, {
        op: 'depthwise',
        kernel,
        stride: options.stride ?? 1,
        padding: options.padding ?? 'valid',
        initializer: options.initializer ?? GLOROT_UNIFORM,
      }),
    batchNorm: (from, name, { momentum = 0.99, epsilon = 1e-3 } = {}) =>
      layer([from], name, { op: 'batch-norm', momentum, epsilon }),
    activation: (from, name, activation) => layer([from], name, { op: 'activation', activation }),
    pad: (from, name, options) => layer([from], name, { op: 'pad', ...options }),
    maxPool: (from, name, { size = 2, stride = size } = {}) =>
      layer([from], name, { op: 'max-pool', size, stride }),
    globalAveragePool: (from, name, { keepDimensions = false } = {}) =>
      layer([from], name, { op: 'global-average-pool', keepDimensions }),
    dense: (from, name, { units, activation = 'linear', initializer = GLOROT_UNIFORM }) =>
      layer([from], name, { op: 'dense', units, activation, initializer }),
    dropout: (from, name, { rate, perSample = false }) =>
      layer([from], name, { op: 'dropout', rate, perSample }),
    add: (from, name) => layer(from, name, { op: 'add' }),
    multiply: (from, name) => layer(from, name, { op: 'multiply' }),
    network: ({ features, output }) => {
      for (const name of [features, output])
        if (!known.has(name)) throw new Error(`the network names ${name}, which is not there`);
      return { layers, features, output };
    },
    glorotUniform: GLOROT_UNIFORM,
    heNormal: HE_NORMAL,
  };
}
