/** Class folders, of which only the first so many cells of each class are read. */

import { format as base, read as readAll } from '../../stages/datasets/class-folders.ts';
import type { DatasetFormat } from '../../stages/imaging/dataset-format.ts';

export const format = `${base}, first cells`;
export const needsSource = true;
export const options = { each: 'Cells of each class.' };

export const read: DatasetFormat['read'] = async function* (context) {
  const each = Number(context.options['each']);
  const seen = new Map<string, number>();
  for await (const image of readAll({ ...context, options: {} })) {
    const label = image.cells[0]!.label;
    const count = seen.get(label) ?? 0;
    seen.set(label, count + 1);
    if (count < each) yield image;
  }
};
