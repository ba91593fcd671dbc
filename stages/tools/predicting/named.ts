import { orderedMap } from '../../imaging/ordered-map.ts';
import type { Box } from '../../imaging/samples.ts';
import { answering } from '../../judging/embedding.ts';
import { distances, type Reference } from '../../judging/familiarity.ts';
import { argMax } from '../../judging/metrics.ts';
import { withTemperature } from '../../judging/temperature.ts';
import type { Use } from '../../judging/use.ts';
import type { LoadedModel } from '../../learning/saved-model.ts';
import type { Asked } from './asked.ts';
import { type Cut, openCutters, type Unnamed } from './cutting.ts';

/** A cell named. */
export interface Named {
  readonly image: string;
  /** Where a table of boxes was given. */
  readonly id: string | null;
  readonly box: Box | null;
  readonly label: string;
  /** Calibrated probability of the label. */
  readonly confidence: number;
  /** False below the threshold that validation chose; null where none is known. */
  readonly sure: boolean | null;
  /** True where the picture lies farther from the training cells than validation cells do; null where that is not known. */
  readonly unlike: boolean | null;
  readonly distance: number | null;
  /** In class order, calibrated. */
  readonly probabilities: Float64Array;
  /** As the model saw it, size × size × 3; good until the next one. */
  readonly pixels: Uint8Array;
}

/** Images computed at once. */
const BATCH = 32;

/**
 * Names cells one batch after another, in the order asked; what cannot be read or cut comes as `Unnamed` and stops
 * nothing. No more than a batch and the images in decoding are held.
 *
 * @param about how many are wanted: from some on, threads decode and cut.
 */
export async function* named(
  loaded: LoadedModel,
  use: { readonly use: Use; readonly reference: Reference | null } | null,
  wanted: Iterable<Asked>,
  about: number,
): AsyncGenerator<Named | Unnamed> {
  const { size, classes } = loaded.model;
  const answer = answering(loaded);
  const rowBytes = size * size * 3;
  const batch = new Uint8Array(BATCH * rowBytes);
  let waiting: Cut[] = [];

  function* compute(): Generator<Named> {
    waiting.forEach(({ pixels }, i) => {
      batch.set(pixels, i * rowBytes);
    });
    if (waiting.length === 0) return;
    const { logits, features } = answer(batch.subarray(0, waiting.length * rowBytes));
    const probabilities = withTemperature(logits, classes.length, use?.use.temperature ?? 1);
    const far = use?.reference ? distances(use.reference, features) : null;
    for (const [i, { image, id, box, pixels }] of waiting.entries()) {
      const own = probabilities.slice(i * classes.length, (i + 1) * classes.length);
      const best = argMax(own, 0, classes.length);
      yield {
        image,
        id,
        box,
        label: classes[best]!,
        confidence: own[best]!,
        sure: use === null ? null : use.use.sure !== null && own[best]! >= use.use.sure.threshold,
        unlike: far === null ? null : far[i]! > use!.use.unlike!.threshold,
        distance: far?.[i] ?? null,
        probabilities: own,
        pixels,
      };
    }
    waiting = [];
  }

  const cutters = openCutters({ size }, about);
  try {
    const cuts = orderedMap(
      wanted,
      () => Math.max(BATCH, cutters.width),
      (one) => cutters.do(one),
    );
    for await (const cut of cuts)
      for (const piece of cut) {
        if ('message' in piece) {
          yield* compute();
          yield piece;
          continue;
        }
        waiting.push(piece);
        if (waiting.length === BATCH) yield* compute();
      }
    yield* compute();
  } finally {
    await cutters.close();
  }
}
