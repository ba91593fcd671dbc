import type { Part, Sample } from './samples.ts';

/**
 * The parts that the source itself gives its cells, or null where it gives none. Of two parts the second is the
 * test, whatever it is called; a cell without a part goes with training.
 */
export function ownParts(cells: readonly Sample[]): Part[] | null {
  const named = new Set(cells.map(({ part }) => part));
  if (!named.has('test') && !named.has('validation')) return null;
  return cells.map(({ part }) => (part === 'validation' && !named.has('test') ? 'test' : (part ?? 'train')));
}
