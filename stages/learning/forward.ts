import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs';
import type { Engine } from '../engines/engine.ts';
import { random } from '../imaging/random.ts';
import { product } from './anatomy.ts';
import type { Activation, Layer, Network } from './network.ts';
import type { Weights } from './weights.ts';

export type Precision = 'float32' | 'bfloat16';

/** What training needs beside the logits. */
export interface TrainingPass {
  /** Seeds the masks of dropout; another one each step. */
  readonly seed: number;
  /** Of convolutions and products of matrices, where the engine can choose. */
  readonly precision?: Precision;
  /** Called by each batch norm with the statistics of the batch, which are the callee's to dispose. */
  statistics(layer: string, momentum: number, mean: Tensor1D, variance: Tensor1D): void;
  /** Layers that work as in inference. */
  readonly frozen?: ReadonlySet<string> | undefined;
}

/**
 * Logits, N×classes, of images N×H×W×3 (float32, 0..255). With `training`, batch norm uses the batch and dropout
 * drops; without, moving statistics and no dropout. `observe` is shown what each layer gives. To be called inside `tf.tidy` or a gradient.
 */
export function forward(
  engine: Engine,
  network: Network,
  weights: Weights,
  images: Tensor4D,
  training?: TrainingPass,
  observe?: (layer: string, value: Tensor) => void,
): Tensor2D {
  const values = new Map<string, Tensor>();
  for (const layer of network.layers) {
    const inputs = layer.from.map((name) => values.get(name)!);
    const mode = training?.frozen?.has(layer.name) ? undefined : training;
    const value = layer.op === 'input' ? images : applyLayer(engine, layer, inputs, weights, mode);
    values.set(layer.name, value);
    observe?.(layer.name, value);
  }
  return values.get(network.output) as Tensor2D;
}

/** What one layer makes of its inputs. */
export function applyLayer(
  engine: Engine,
  layer: Layer,
  inputs: readonly Tensor[],
  weights: Weights,
  training: TrainingPass | undefined,
): Tensor {
  const { tf, operations } = engine;
  const weight = <T extends Tensor>(tensor: string): T =>
    weights.get(`${layer.name}/${tensor}`) as unknown as T;
  const x = inputs[0] as Tensor4D;
  switch (layer.op) {
    case 'input':
      throw new Error('Internal error: an input is given, not computed');
    case 'rescale': {
      const { order, scale, offset } = layer;
      const ordered = order ? tf.gather(x, tf.tensor1d([...order], 'int32'), 3) : x;
      return tf.add(tf.mul(ordered, tf.tensor1d([...scale])), tf.tensor1d([...offset]));
    }
    case 'normalization': {
      const deviation = tf.maximum(tf.sqrt(weight<Tensor1D>('variance')), 1e-7);
      return tf.div(tf.sub(x, weight<Tensor1D>('mean')), deviation);
    }
    case 'convolution': {
      const y = tf.conv2d(x, weight<Tensor4D>('kernel'), layer.stride, layer.padding);
      return activate(engine, layer.activation, layer.bias ? tf.add(y, weight<Tensor1D>('bias')) : y);
    }
    case 'depthwise':
      return tf.depthwiseConv2d(x, weight<Tensor4D>('depthwise_kernel'), layer.stride, layer.padding);
    case 'batch-norm': {
      const [gamma, beta] = [weight<Tensor1D>('gamma'), weight<Tensor1D>('beta')];
      if (!training) {
        const [mean, variance] = [weight<Tensor1D>('moving_mean'), weight<Tensor1D>('moving_variance')];
        return tf.batchNorm(x, mean, variance, beta, gamma, layer.epsilon);
      }
      const { y, mean, variance } = operations.batchNorm(x, gamma, beta, layer.epsilon);
      training.statistics(layer.name, layer.momentum, mean, variance);
      return y;
    }
    case 'activation':
      return activate(engine, layer.activation, x);
    case 'pad': {
      const { top, bottom, left, right } = layer;
      const around: [number, number][] = [
        [0, 0],
        [top, bottom],
        [left, right],
        [0, 0],
      ];
      return tf.pad(x, around);
    }
    case 'max-pool':
      return tf.maxPool(x, layer.size, layer.stride, 'valid');
    case 'global-average-pool':
      return tf.mean(x, [1, 2], layer.keepDimensions);
    case 'dense': {
      const y = tf.matMul(x as unknown as Tensor2D, weight<Tensor2D>('kernel'));
      return activate(engine, layer.activation, tf.add(y, weight<Tensor1D>('bias')));
    }
    case 'dropout': {
      if (!training) return x;
      const { values, shape } = dropoutMask(training.seed, layer, x.shape);
      return tf.mul(x, tf.tensor(values, [...shape]));
    }
    case 'add':
      return tf.add(x, inputs[1]!);
    case 'multiply':
      return tf.mul(x, inputs[1]!);
    default:
      return layer satisfies never;
  }
}

function activate<T extends Tensor>({ tf, operations }: Engine, activation: Activation, x: T): T {
  switch (activation) {
    case 'linear':
      return x;
    case 'relu':
      return operations.relu(x);
    case 'swish':
      return operations.swish(x);
    case 'sigmoid':
      return tf.sigmoid(x);
    default:
      return activation satisfies never;
  }
}

/**
 * What a dropout layer multiplies values of a shape with: 0 with probability `rate`, else 1/(1 − rate), so that the mean
 * stays. Where it drops whole samples, one number a sample, N×1×….
 */
export function dropoutMask(
  seed: number,
  { name, rate, perSample }: Extract<Layer, { op: 'dropout' }>,
  of: readonly number[],
): { readonly values: Float32Array; readonly shape: readonly number[] } {
  const draw = random(seed, `dropout:${name}`);
  const shape = perSample ? [of[0]!, ...of.slice(1).map(() => 1)] : of;
  const values = new Float32Array(product(shape));
  for (let i = 0; i < values.length; i++) values[i] = draw.chance(rate) ? 0 : 1 / (1 - rate);
  return { values, shape };
}
