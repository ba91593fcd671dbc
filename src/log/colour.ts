import type { WriteStream } from 'node:tty';

/** Whether colours suit an output: a terminal that knows them, and nobody said no (https://no-color.org). */
export const wantsColour = (out: WriteStream): boolean =>
  out.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb';
