import type { Graph } from './graph.ts';
import type { Network } from './network.ts';

/** What a file in `stages/models/` exports. Types only: a model file imports no code, so that its bundle is itself. */
export interface Model {
  /** As people call it. */
  readonly name: string;
  readonly paper: string;
  /** What happens to the pixels (RGB, 0..255) before the first layer that learns, in words. */
  readonly preprocessing: string;
  readonly defaults: { readonly learningRate: number };
  /**
   * The network for square images of `size` pixels. `imagenet`: its weights will be those of keras.applications for
   * ImageNet, which may want another preprocessing than weights that are drawn.
   */
  readonly default: (options: { size: number; classes: number; graph: Graph; imagenet?: boolean }) => Network;
}
