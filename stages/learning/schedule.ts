export type Schedule = 'constant' | 'cosine';

/** The learning rate of a step (from 0) out of `steps`: constant, or falling to 0 along half a cosine. */
export function learningRateAt(schedule: Schedule, rate: number, step: number, steps: number): number {
  switch (schedule) {
    case 'constant':
      return rate;
    case 'cosine':
      return (rate / 2) * (1 + Math.cos((Math.PI * step) / steps));
    default:
      return schedule satisfies never;
  }
}
