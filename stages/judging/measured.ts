import type { Measured } from './measures.ts';
import { percent } from './numbers.ts';

/** .9123 → "91.2", nothing → "–". */
export const share = ({ value }: Measured): string => (value === null ? '–' : percent(value));
export const decimals = ({ value }: Measured): string => (value === null ? '–' : value.toFixed(3));

/** The ends of an interval of a share, in percent. */
export const between = ({ interval }: Measured, dash = '–'): string =>
  interval === null ? '–' : interval.map((end) => percent(end)).join(dash);
export const betweenDecimals = ({ interval }: Measured, dash = '–'): string =>
  interval === null ? '–' : interval.map((end) => end.toFixed(3)).join(dash);
