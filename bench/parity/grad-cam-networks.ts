import type { Engine } from '../../stages/engines/engine.ts';
import type { HeatMap } from '../../stages/judging/grad-cam.ts';
import type { Network } from '../../stages/learning/network.ts';
import type { LoadedModel } from '../../stages/learning/saved-model.ts';
import { giveWeights } from './measure.ts';
import { images, weightValues } from './numbers.ts';

export { CLASSES, SIZE } from './micro-networks.ts';
/** Which class of each image is explained. */
export const LABELS = [0, 1, 2];

/** What `grad_cam.py` wrote. */
export interface KerasMaps {
  readonly networks: Readonly<
    Record<string, { readonly layer: string; readonly maps: readonly (readonly (readonly number[])[])[] }>
  >;
}

/** A model with the drawn weights (or with these in the opposite order), and as many drawn images as there are labels. */
export function giveModel(
  engine: Engine,
  network: Network,
  size: number,
  { reversed = false } = {},
): { loaded: LoadedModel; images: Uint8Array } {
  const values = (name: string, shape: readonly number[]): Float32Array =>
    reversed ? weightValues(name, shape).reverse() : weightValues(name, shape);
  const weights = giveWeights(engine, network, values);
  const model = { network, size, classes: Array.from({ length: 3 }, (_, i) => `class ${i}`) };
  const loaded = {
    engine,
    model,
    weights,
    predict: () => new Float32Array(0),
    dispose: () => engine.tf.dispose([...weights.values()]),
  } as unknown as LoadedModel;
  return { loaded, images: images(LABELS.length, size) };
}

/** Of two sets of maps, each 0..1. */
export function largestDifference(
  got: readonly HeatMap[],
  wanted: readonly (readonly (readonly number[])[])[],
): number {
  return Math.max(
    ...got.flatMap(({ values }, i) => wanted[i]!.flat().map((value, at) => Math.abs(value - values[at]!))),
  );
}
