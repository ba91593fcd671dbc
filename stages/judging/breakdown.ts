import type { Evaluated } from './comparison.ts';

/** How a model did on one group, or on one source image. */
export interface Part {
  readonly name: string;
  readonly cells: number;
  readonly right: number;
}

/** Parts by name, those with most wrong answers first; `of` names the part that a row belongs to. */
export function breakdown(
  { predictions }: Evaluated,
  of: (id: string, group: string) => string | undefined,
): Part[] {
  const parts = new Map<string, { cells: number; right: number }>();
  for (const { id, group, label, predicted } of predictions) {
    const name = of(id, group);
    if (name === undefined) continue;
    const part = parts.get(name) ?? { cells: 0, right: 0 };
    parts.set(name, part);
    part.cells++;
    if (label === predicted) part.right++;
  }
  return [...parts]
    .map(([name, part]) => ({ name, ...part }))
    .sort((a, b) => b.cells - b.right - (a.cells - a.right) || (a.name < b.name ? -1 : 1));
}
