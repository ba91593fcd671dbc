import { StageError } from 'bloodline-ml/stage';

/** Where a training was when its loss stopped meaning anything. */
export interface Wreck {
  readonly loss: number;
  /** From 1. */
  readonly step: number;
  readonly epoch: number;
  readonly rate: number;
  /** Of the last step that had one, and its step. */
  readonly finite: { readonly loss: number; readonly step: number } | null;
  readonly checkpoint: string;
}

/** A mean loss a thousand times that of guessing among a million classes is no training any more. */
const HIGHEST = 1e4;

export const isSane = (loss: number): boolean => Number.isFinite(loss) && loss < HIGHEST;

export function diverged({ loss, step, epoch, rate, finite, checkpoint }: Wreck): StageError {
  const before = finite ? `The last good one was ${finite.loss.toPrecision(4)} at step ${finite.step}.` : '';
  const kept =
    epoch > 1 ? `The checkpoint of epoch ${epoch - 1} stays in ${checkpoint}.` : 'No epoch was finished.';
  return new StageError(
    `The training diverged: at step ${step}, in epoch ${epoch}, at a learning rate of ${Number(rate.toPrecision(3))}, the loss is ${Number(loss.toPrecision(4))}. ${before} ${kept}`.replace(
      / {2,}/g,
      ' ',
    ),
    `Give a lower learning rate (parameter learningRate), or shorten large gradients (clipNorm: 1).`,
  );
}
