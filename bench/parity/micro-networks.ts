import { newGraph } from '../../stages/learning/graph.ts';
import type { Layer, Network } from '../../stages/learning/network.ts';
import * as customCnn from '../../stages/models/custom-cnn.ts';
import * as efficientNet from '../../stages/models/efficientnet-b4.ts';
import * as vgg16 from '../../stages/models/vgg16.ts';

/** An odd size, at which "same" padding and correct_pad differ from side to side. */
export const SIZE = 37;
export const CLASSES = 3;
export const IMAGES = 6;

/**
 * The three networks with few filters, EfficientNetB4 with its first six blocks (both kinds of padding, squeeze and
 * excitation, drop-connect): small enough to be compared in the test suite.
 */
export function microNetworks(): Readonly<Record<string, Network>> {
  const of = { size: SIZE, classes: CLASSES };
  return {
    'custom-cnn': narrowed(customCnn.default({ ...of, graph: newGraph() }), 8),
    vgg16: narrowed(vgg16.default({ ...of, graph: newGraph() }), 16),
    'efficientnet-b4': narrowed(cut(efficientNet.default({ ...of, graph: newGraph() }), 'block2d_add'), 8),
    'efficientnet-b4-imagenet': narrowed(
      cut(efficientNet.default({ ...of, graph: newGraph(), imagenet: true }), 'block2d_add'),
      8,
    ),
  };
}

/** What the models' files say is right for them. */
export const learningRates: Readonly<Record<string, number>> = {
  'custom-cnn': customCnn.defaults.learningRate,
  vgg16: vgg16.defaults.learningRate,
  'efficientnet-b4': efficientNet.defaults.learningRate,
  'efficientnet-b4-imagenet': efficientNet.defaults.learningRate,
};

/** With a backbone that ends at a layer. */
function cut(network: Network, features: string): Network {
  const at = (name: string): number => network.layers.findIndex((layer) => layer.name === name);
  const head = network.layers.slice(at(network.features) + 1).map((layer) => ({
    ...layer,
    from: layer.from.map((name) => (name === network.features ? features : name)),
  }));
  return { ...network, layers: [...network.layers.slice(0, at(features) + 1), ...head], features };
}

/** With so many times fewer filters and units, the logits apart. */
function narrowed(network: Network, times: number): Network {
  const fewer = (width: number): number => Math.max(1, Math.round(width / times));
  const layers = network.layers.map((layer): Layer => {
    if (layer.op === 'convolution') return { ...layer, filters: fewer(layer.filters) };
    if (layer.op === 'dense' && layer.name !== network.output) return { ...layer, units: fewer(layer.units) };
    return layer;
  });
  return { ...network, layers };
}

/** A network whose training step draws nothing. */
export const withoutDropout = (network: Network): Network => ({
  ...network,
  layers: network.layers.map((layer) => (layer.op === 'dropout' ? { ...layer, rate: 0 } : layer)),
});
