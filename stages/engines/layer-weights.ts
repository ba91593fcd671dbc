import type { Tensor } from '@tensorflow/tfjs';
import type { Layer } from '../learning/network.ts';
import type { Weights } from '../learning/weights.ts';
import type { PassValues } from './layer-pass.ts';

/** A layer's tensors in a pass: what they hold, whether they learn, and where their gradients go. */
export interface LayerWeights<V> {
  weight(layer: Layer, tensor: string): V;
  trains(layer: Layer, tensor: string): boolean;
  /** Takes the hold over. */
  give(layer: Layer, tensor: string, gradient: V): void;
}

export function layerWeights<V>(
  values: PassValues<V>,
  weights: Weights,
  gradients: Map<string, Tensor>,
): LayerWeights<V> {
  const of = (layer: Layer, tensor: string) => weights.get(`${layer.name}/${tensor}`)!;
  return {
    weight: (layer, tensor) => values.of(of(layer, tensor)),
    trains: (layer, tensor) => of(layer, tensor).trainable,
    give: (layer, tensor, gradient) => {
      gradients.set(`${layer.name}/${tensor}`, values.toTensor(gradient));
    },
  };
}
