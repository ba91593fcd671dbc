import { size } from './size.ts';
import { alignColumns } from './table.ts';

/** What was found wrong with a store, a line each, and a summary. */
export function verifyLines(of: {
  readonly root: string;
  readonly wrong: readonly { readonly path: string; readonly message: string; readonly repair: unknown }[];
  readonly files: number;
  readonly bytes: number;
  readonly records: number;
  readonly repaired: boolean;
}): readonly string[] {
  const { root, wrong, files, bytes, records, repaired } = of;
  const whole = `${records} records and ${files} files (${size(bytes)}) of ${root} are whole`;
  if (wrong.length === 0) return [`${whole}; nothing is damaged`];
  const what = wrong.length === 1 ? '1 thing is' : `${wrong.length} things are`;
  const lost = wrong.filter(({ repair }) => repair === null).length;
  const done = `, and ${lost > 0 ? `all but ${lost} ` : ''}set aside or put right: what is lost is made again when it is needed`;
  return [
    ...alignColumns(wrong.map(({ path, message }) => [path, message])),
    `${whole}; ${what} damaged${repaired ? done : ''}`,
    ...(repaired
      ? []
      : ['`bloodline verify --repair` sets it aside, under damaged/, so that it is made again']),
  ];
}
