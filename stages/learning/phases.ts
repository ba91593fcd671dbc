import { StageError } from 'bloodline-ml/stage';
import { type Freeze, type Frozen, freezeLayers } from './freeze.ts';
import type { Network } from './network.ts';

export interface PhaseOptions {
  readonly epochs: number;
  readonly learningRate: number;
  readonly freeze: Freeze;
  /** Epochs at the beginning in which the head learns alone. */
  readonly headEpochs: number;
  /** What the learning rate is multiplied by after them. */
  readonly thawedRate: number;
}

/** Epochs that belong together: an optimizer and a schedule of their own. */
export interface Phase {
  /** Epochs before it. */
  readonly after: number;
  readonly epochs: number;
  readonly learningRate: number;
  readonly frozen: Frozen;
}

/** One phase, or two: first the head alone, then what `freeze` leaves. Throws a StageError where that is no plan. */
export function phasesOf(network: Network, options: PhaseOptions): readonly Phase[] {
  const { epochs, learningRate, freeze, headEpochs, thawedRate } = options;
  const frozen = freezeLayers(network, freeze);
  if (headEpochs === 0) return [{ after: 0, epochs, learningRate, frozen }];
  if (headEpochs >= epochs)
    throw new StageError(
      `headEpochs is ${headEpochs} of ${epochs} epochs: nothing is left for the whole network.`,
      'Give fewer headEpochs or more epochs, or freeze: all.',
    );
  if (freeze === 'all')
    throw new StageError(
      'headEpochs says that the backbone learns after them, and freeze: all that it never does.',
      'Leave one of the two out.',
    );
  return [
    { after: 0, epochs: headEpochs, learningRate, frozen: freezeLayers(network, 'all') },
    { after: headEpochs, epochs: epochs - headEpochs, learningRate: learningRate * thawedRate, frozen },
  ];
}
