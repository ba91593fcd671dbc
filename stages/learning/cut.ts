import { anatomy } from './anatomy.ts';
import type { Layer, Network } from './network.ts';

/** A network in two: what leads up to a layer, and what follows from that layer's output alone. */
export interface CutNetwork {
  readonly body: Network;
  /** Begins with an `input` that bears the layer's name. */
  readonly head: Network;
}

/**
 * Cuts a network behind a layer. Null where a later layer reads past it, so that its output does not decide all that
 * follows (inside a residual block).
 */
export function cutBehind(network: Network, name: string): CutNetwork | null {
  const at = network.layers.findIndex((layer) => layer.name === name);
  const later = network.layers.slice(at + 1);
  const known = new Set([name]);
  for (const layer of later) {
    if (layer.from.some((source) => !known.has(source))) return null;
    known.add(layer.name);
  }
  const shape = anatomy(network).shapes.get(name);
  if (at < 0 || shape === undefined) throw new Error(`Internal error: there is no layer ${name}`);
  const begin: Layer = { name, from: [], op: 'input', size: shape[0]!, channels: shape.at(-1)! };
  return {
    body: { layers: network.layers.slice(0, at + 1), features: name, output: name },
    head: { layers: [begin, ...later], features: name, output: network.output },
  };
}

/**
 * The layer whose output is what the network knows of an image: what its last dense layer reads (dropout skipped). The
 * output itself where the network does not end with a dense layer.
 */
export function embeddingLayer(network: Network): string {
  const layer = (name: string): Layer => network.layers.find((of) => of.name === name)!;
  const last = layer(network.output);
  if (last.op !== 'dense') return last.name;
  let source = layer(last.from[0]!);
  while (source.op === 'dropout') source = layer(source.from[0]!);
  return source.name;
}

/**
 * The last layer that still shows where something is: the backbone's end, or what a pool at its end reads. Grad-CAM
 * looks here (Selvaraju et al. 2017).
 */
export function lastMap(network: Network): string {
  const layer = (name: string): Layer => network.layers.find((of) => of.name === name)!;
  let at = layer(network.features);
  while (at.op === 'max-pool' || at.op === 'dropout') at = layer(at.from[0]!);
  return at.name;
}
