import { random } from './random.ts';

/** A row that may be trained on. `rank` is null for originals. */
export interface Candidate {
  readonly row: number;
  readonly label: string;
  readonly rank: number | null;
}

/**
 * Chooses the rows to train on, so that each class has `target` of them: all originals and then copies, lowest ranks
 * first, so that no cell is used a third time before every other was a second; or, where there are too many
 * originals, some of them. A class without enough copies keeps what it has.
 *
 * @param target rows a class; null: as many as the class with the most originals.
 */
export function trim(
  candidates: readonly Candidate[],
  target: number | null,
  seed: number,
): { rows: ReadonlySet<number>; target: number } {
  const classes = new Map<string, Candidate[]>();
  // Shuffled once, so that a stable sort by rank leaves equal ranks in drawn order.
  for (const candidate of random(seed, 'trim').shuffle(candidates)) {
    const known = classes.get(candidate.label);
    if (known) known.push(candidate);
    else classes.set(candidate.label, [candidate]);
  }
  const originals = [...classes.values()].map((rows) => rows.filter(({ rank }) => rank === null).length);
  const each = target ?? Math.max(0, ...originals);
  const rows = new Set<number>();
  for (const candidatesOfClass of classes.values()) {
    candidatesOfClass.sort((a, b) => (a.rank ?? -1) - (b.rank ?? -1));
    for (const { row } of candidatesOfClass.slice(0, each)) rows.add(row);
  }
  return { rows, target: each };
}
