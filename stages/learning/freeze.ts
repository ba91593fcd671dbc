import { StageError } from 'bloodline-ml/stage';
import { anatomy } from './anatomy.ts';
import { type CutNetwork, cutBehind } from './cut.ts';
import type { Layer, Network } from './network.ts';

/** Which layers stay as they are: none, the whole backbone, or all up to and with a layer. */
export type Freeze = 'none' | 'all' | { readonly until: string };

/** Reads `none`, `all` or `until LAYER`. Throws a StageError for anything else. */
export function readFreeze(text: string): Freeze {
  if (text === 'none' || text === 'all') return text;
  const until = /^until (\S+)$/.exec(text)?.[1];
  if (until !== undefined) return { until };
  throw new StageError(
    `freeze is expected to be none, all or until LAYER, got ${JSON.stringify(text)}.`,
    'Correct the parameter freeze.',
  );
}

/** A network part of which stays as it is. */
export interface Frozen {
  /** Layers that work as in inference and learn nothing. */
  readonly layers: ReadonlySet<string>;
  /** Names of the weights that learn. */
  readonly learning: readonly string[];
  /**
   * The network cut in two where only frozen layers lie in front and one layer's output leads on; null where there is
   * no such place.
   */
  readonly cut: CutNetwork | null;
}

/** Throws a StageError for a layer that is not there, and where nothing would learn. */
export function freezeLayers(network: Network, freeze: Freeze): Frozen {
  const { layers } = network;
  const until = freeze === 'all' ? network.features : freeze === 'none' ? null : freeze.until;
  const end = layers.findIndex(({ name }) => name === until);
  if (until !== null && end === -1)
    throw new StageError(
      `freeze says until ${JSON.stringify(until)}; the network has no such layer.`,
      `Its layers: ${layers.map(({ name }) => name).join(', ')}.`,
    );
  const frozen = new Set(layers.slice(0, end + 1).map(({ name }) => name));
  const { weights } = anatomy(network);
  const learning = weights
    .filter(({ name, trainable }) => trainable && !frozen.has(name.slice(0, name.lastIndexOf('/'))))
    .map(({ name }) => name);
  if (learning.length === 0)
    throw new StageError(
      `Nothing is left to learn behind ${JSON.stringify(until)}.`,
      'Freeze until a layer that lies further in front.',
    );
  return { layers: frozen, learning, cut: until === null ? null : cutAfter(network, end) };
}

/** Layers that compute the same each time and have nothing to learn: they may stand before the cut too. */
const STEADY: readonly Layer['op'][] = [
  'global-average-pool',
  'max-pool',
  'activation',
  'pad',
  'rescale',
  'add',
  'multiply',
];

/** The network cut behind the last layer where that is possible. */
function cutAfter(network: Network, end: number): Frozen['cut'] {
  const { layers } = network;
  let last = end;
  while (last + 1 < layers.length - 1 && STEADY.includes(layers[last + 1]!.op)) last++;
  for (let at = last; at > 0; at--) {
    const cut = cutBehind(network, layers[at]!.name);
    if (cut) return cut;
  }
  return null;
}
