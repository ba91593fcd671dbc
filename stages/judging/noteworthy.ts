import type { Prediction } from './evaluation.ts';

/** Cells that a person should look at. */
export type Why = 'worst' | 'least-certain';
export interface Noteworthy {
  readonly id: string;
  readonly why: Why;
}

/** How sure a model is of its answer, by its calibrated probabilities. */
export const confidence = ({ calibrated }: Pick<Prediction, 'calibrated'>): number => Math.max(...calibrated);

/** Wrong answers, the surest first, and the answers that it was least sure of; at most `most` of each. */
export function noteworthy(predictions: readonly Prediction[], most: number): Noteworthy[] {
  const bySure = predictions
    .map((prediction, row) => ({ prediction, sure: confidence(prediction), row }))
    .sort((a, b) => b.sure - a.sure || a.row - b.row);
  const worst = bySure.filter(({ prediction }) => prediction.label !== prediction.predicted).slice(0, most);
  const least = [...bySure].reverse().slice(0, most);
  return [
    ...worst.map(({ prediction: { id } }) => ({ id, why: 'worst' as const })),
    ...least.map(({ prediction: { id } }) => ({ id, why: 'least-certain' as const })),
  ];
}
