/**
 * A training pass, forward and backward over a network's layers, without tfjs's tape. An engine says how a layer
 * computes its value and how a gradient goes back through it; what a layer keeps for that is let go of as soon as the
 * gradient has passed. Nothing is kept, and no gradient computed, where no trainable weight lies at or below a layer.
 */
import type { Scalar, Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs';
import { anatomy } from '../learning/anatomy.ts';
import { applyLayer, type TrainingPass } from '../learning/forward.ts';
import type { Pass, Passed } from '../learning/gradients.ts';
import type { Activation, Layer, Network } from '../learning/network.ts';
import type { Weights } from '../learning/weights.ts';
import type { Engine } from './engine.ts';
import { type LayerWeights, layerWeights } from './layer-weights.ts';

/** A layer and the activation that is computed with it. */
export interface Node {
  readonly layer: Layer;
  readonly name: string;
  readonly activation: Activation;
}

/** What an engine made of a node. */
export interface Computed<V> {
  readonly value: V;
  /** Held until the gradient has passed. */
  readonly kept: readonly V[];
  /** How a gradient goes back: from that of the value to those of the inputs; null where none is wanted. */
  readonly backward: (dy: V) => (V | null)[];
}

/** An engine's own tensors, which are counted and not swept up by tfjs: freed when nobody holds them any more. */
export interface PassValues<V> {
  /** What a tensor of tfjs's holds, which has to outlive it. */
  of(tensor: Tensor): V;
  /** A tensor of tfjs's in place of the one hold of the caller. */
  toTensor(value: V): Tensor;
  hold(value: V): V;
  release(...values: readonly V[]): void;
  /** The sum; one may be N×1×1×C, the same over the image. */
  add(a: V, b: V): V;
  /** A gradient that is the same over the image, as many times as there are pixels. Takes the hold over. */
  spreadOut(value: V, shape: readonly number[]): V;
}

/** `wants` says of which inputs a gradient is wanted. */
export type Compute<V> = (node: Node, inputs: readonly V[], wants: readonly boolean[]) => Computed<V>;

/**
 * How an engine computes the layers of one pass.
 *
 * @param training null: inference, with the moving statistics and without dropout.
 */
export type Layers<V> = (own: LayerWeights<V>, training: TrainingPass | null) => Compute<V>;

/** Each gives null for a network that it does not know how to go through. */
export interface Passes {
  gradients(pass: Pass): Passed | null;
  /** In inference mode. */
  logits(engine: Engine, network: Network, weights: Weights, images: Tensor4D): Tensor2D | null;
}

export const enginePasses = <V extends { readonly shape: readonly number[] }>(
  values: PassValues<V>,
  layers: Layers<V>,
): Passes => ({
  gradients(pass) {
    const { network, weights, training } = pass;
    if (!passes(network, training.frozen)) return null;
    const gradients = new Map<string, Tensor>();
    const own = layerWeights(values, weights, gradients);
    const [learning, frozen] = [layers(own, training), layers(own, null)];
    const compute: Compute<V> = (node, inputs, wants) =>
      (training.frozen?.has(node.layer.name) ? frozen : learning)(node, inputs, wants);
    return runPass(pass, values, compute, gradients);
  },
  logits(engine, network, weights, images) {
    if (!passes(network, undefined)) return null;
    const compute = layers(layerWeights(values, weights, new Map()), null);
    return runForward({ engine, network, weights, images }, values, compute);
  },
});

/** @param compute puts the gradients of weights into `gradients`. */
function runPass<V extends { readonly shape: readonly number[] }>(
  pass: Pass,
  values: PassValues<V>,
  compute: Compute<V>,
  gradients: ReadonlyMap<string, Tensor>,
): Passed {
  const { engine, weights, network, loss } = pass;
  const { tf } = engine;
  const { release } = values;
  const trainable = [...weights].filter(([, weight]) => weight.trainable);
  const learning = new Set(trainable.map(([name]) => name.slice(0, name.lastIndexOf('/'))));
  const { logits, tape, wanted, owned } = goForward(pass, values, compute, learning);
  const { value, grad: gradient } = tf.valueAndGrad((x) => loss(x as Tensor2D))(logits);

  const slopes = new Map<string, V>();
  const start = values.of(gradient);
  slopes.set(network.output, start);
  for (const { node, done } of tape.reverse()) {
    const dy = slopes.get(node.name);
    slopes.delete(node.name);
    if (dy) {
      const spread = values.spreadOut(dy, done.value.shape);
      const back = done.backward(spread);
      release(spread);
      for (const [index, slope] of back.entries()) {
        if (!slope) continue;
        const source = node.layer.from[index]!;
        if (!wanted.has(source)) {
          release(slope);
          continue;
        }
        const other = slopes.get(source);
        slopes.set(source, other ? values.add(other, slope) : slope);
        if (other) release(other, slope);
      }
    }
    release(...done.kept);
  }
  tf.dispose([...owned, gradient]);
  return { logits, value: value as Scalar, gradients };
}

/** Logits alone: nothing is kept. */
function runForward<V>(given: Given, values: PassValues<V>, compute: Compute<V>): Tensor2D {
  const { logits, owned } = goForward(given, values, compute, new Set());
  given.engine.tf.dispose(owned);
  return logits;
}

type Given = Pick<Pass, 'engine' | 'network' | 'weights' | 'images'>;

/** @returns logits; how the gradient goes back through each node at or above a layer that is `learning`. */
function goForward<V>(
  { engine, network, weights, images }: Given,
  values: PassValues<V>,
  compute: Compute<V>,
  learning: ReadonlySet<string>,
): {
  logits: Tensor2D;
  tape: { node: Node; done: Computed<V> }[];
  wanted: ReadonlySet<string>;
  owned: Tensor[];
} {
  const { tf } = engine;
  const { release } = values;
  const { nodes, readers } = plan(network);
  const known = new Map<string, V>();
  const left = new Map(readers);
  const wanted = new Set<string>();
  const tape: { node: Node; done: Computed<V> }[] = [];
  const owned: Tensor[] = [];
  for (const node of nodes) {
    const { layer, name } = node;
    if (layer.op === 'input' || layer.op === 'rescale' || layer.op === 'normalization') {
      const from = layer.op === 'input' ? [] : [owned.at(-1)!];
      const tensor =
        layer.op === 'input'
          ? tf.clone(images)
          : tf.tidy(() => applyLayer(engine, layer, from, weights, undefined));
      owned.push(tensor);
      known.set(name, values.of(tensor));
      continue;
    }
    const inputs = layer.from.map((source) => known.get(source)!);
    const wants = layer.from.map((source) => wanted.has(source));
    const done = compute(node, inputs, wants);
    known.set(name, done.value);
    if (learning.has(layer.name) || wants.includes(true)) {
      wanted.add(name);
      tape.push({ node, done });
    } else release(...done.kept);
    for (const source of layer.from) {
      const count = left.get(source)! - 1;
      left.set(source, count);
      if (count === 0) release(known.get(source)!);
    }
  }
  const logits = values.toTensor(known.get(network.output)!) as Tensor2D;
  return { logits, tape, wanted, owned };
}

/**
 * Whether the pass can go through a network: what comes before the first weight is computed apart, and layers that work
 * as in inference let no gradient through, so they have to lie below those that learn.
 */
function passes(network: Network, frozen: ReadonlySet<string> | undefined): boolean {
  let before = 0;
  const inOrder = network.layers.every(({ op, name }) => {
    const prefix = op === 'input' || op === 'rescale' || op === 'normalization';
    const at = prefix ? 0 : frozen?.has(name) ? 1 : 2;
    const follows = at >= before;
    before = at;
    return follows;
  });
  return inOrder && scalesImages(network);
}

const known = new WeakMap<Network, boolean>();

/** Whether all that is multiplied is an image by one value a channel, as in squeeze-and-excite. */
function scalesImages(network: Network): boolean {
  const before = known.get(network);
  if (before !== undefined) return before;
  const { shapes } = anatomy(network);
  const does = network.layers.every(({ op, from }) => {
    if (op !== 'multiply') return true;
    const [x, s] = from.map((name) => shapes.get(name)!);
    return x!.length === 3 && s!.length === 3 && s![0] === 1 && s![1] === 1 && s![2] === x![2];
  });
  known.set(network, does);
  return does;
}

const plans = new WeakMap<Network, { nodes: readonly Node[]; readers: ReadonlyMap<string, number> }>();

/** Batch norm and the activation that alone reads it become one node. */
function plan(network: Network): { nodes: readonly Node[]; readers: ReadonlyMap<string, number> } {
  const there = plans.get(network);
  if (there) return there;
  const readersOf = new Map<string, Layer[]>();
  for (const layer of network.layers)
    for (const source of layer.from) readersOf.set(source, [...(readersOf.get(source) ?? []), layer]);
  const nodes: Node[] = [];
  const fused = new Set<string>();
  for (const layer of network.layers) {
    if (fused.has(layer.name)) continue;
    const [next, ...others] = readersOf.get(layer.name) ?? [];
    const joins =
      layer.op === 'batch-norm' &&
      next?.op === 'activation' &&
      next.activation !== 'sigmoid' &&
      others.length === 0 &&
      layer.name !== network.output;
    if (joins && next.op === 'activation') {
      fused.add(next.name);
      nodes.push({ layer, name: next.name, activation: next.activation });
    } else nodes.push({ layer, name: layer.name, activation: 'linear' });
  }
  const readers = new Map<string, number>();
  for (const { layer } of nodes)
    for (const source of layer.from) readers.set(source, (readers.get(source) ?? 0) + 1);
  const made = { nodes, readers };
  plans.set(network, made);
  return made;
}
