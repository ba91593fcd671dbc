import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import { cutBehind, lastMap } from '../learning/cut.ts';
import { forward } from '../learning/forward.ts';
import { toImages } from '../learning/infer.ts';
import type { LoadedModel } from '../learning/saved-model.ts';

/** Where an answer came from, coarse: rows × columns, 0..1, the strongest place 1 (or all 0). */
export interface HeatMap {
  readonly rows: number;
  readonly columns: number;
  readonly values: readonly number[];
}

/**
 * Gradient-weighted class activation maps (Selvaraju et al. 2017, arXiv:1610.02391): the last feature map, its channels
 * weighted by the mean gradient of the class's logit, summed, what speaks against the class cut off.
 *
 * @param images N×size×size×3.
 * @param labels class index of each image to be explained.
 */
export function gradCam(
  { engine, model, weights }: LoadedModel,
  images: Uint8Array,
  labels: readonly number[],
): HeatMap[] {
  if (labels.length === 0) return [];
  const { tf } = engine;
  const { network, classes } = model;
  const cut = cutBehind(network, lastMap(network));
  if (cut === null) throw new Error(`Internal error: ${network.features} does not decide the answer alone`);
  const [values, rows, columns] = tf.tidy(() => {
    const given = toImages(engine, network, images);
    const maps = forward(engine, cut.body, weights, given) as unknown as Tensor4D;
    const wanted = tf.oneHot(tf.tensor1d([...labels], 'int32'), classes.length);
    const evidence = (from: Tensor): Tensor =>
      tf.sum(tf.mul(forward(engine, cut.head, weights, from as Tensor4D), wanted));
    const gradients = tf.grad(evidence)(maps);
    const importance = tf.mean(gradients, [1, 2], true); // N×1×1×C
    const raw = tf.relu(tf.sum(tf.mul(maps, importance), 3)); // N×h×w
    return [raw.dataSync() as Float32Array, maps.shape[1], maps.shape[2]] as const;
  });
  return labels.map((_, i) => {
    const own = values.subarray(i * rows * columns, (i + 1) * rows * columns);
    const most = own.reduce((a, b) => Math.max(a, b), 0);
    return { rows, columns, values: Array.from(own, (value) => (most > 0 ? value / most : 0)) };
  });
}
