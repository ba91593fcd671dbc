import type { Tensor } from '@tensorflow/tfjs';
import type { Layer } from '../learning/network.ts';
import type { Weights } from '../learning/weights.ts';
import type { Value, Values } from './native-values.ts';

/** A layer's tensors in a pass: what they hold, whether they learn, and where their gradients go. */
export interface LayerWeights {
  weight(layer: Layer, tensor: string): Value;
  trains(layer: Layer, tensor: string): boolean;
  /** Takes the hold over. */
  give(layer: Layer, tensor: string, gradient: Value): void;
}

export function layerWeights(values: Values, weights: Weights, gradients: Map<string, Tensor>): LayerWeights {
  const of = (layer: Layer, tensor: string) => weights.get(`${layer.name}/${tensor}`)!;
  return {
    weight: (layer, tensor) => values.of(of(layer, tensor)),
    trains: (layer, tensor) => of(layer, tensor).trainable,
    give: (layer, tensor, gradient) => {
      gradients.set(`${layer.name}/${tensor}`, values.toTensor(gradient));
    },
  };
}
