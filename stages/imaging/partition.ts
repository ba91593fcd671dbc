import { random } from './random.ts';
import { byCodeUnit, type NearDuplicate, type Part } from './samples.ts';

/** What partitioning needs to know of a sample. */
export interface Member {
  readonly image: string;
  readonly group: string;
  readonly label: string;
}

/** Parts in the order in which they are filled and named. */
export const PARTS: readonly Part[] = ['train', 'validation', 'test'];

/**
 * Sorts the rows into sets that must stay together: rows of one group, rows of one image, and rows whose images look
 * alike, however long the chain. Sets come in the order of their first row.
 */
export function inseparable(members: readonly Member[], pairs: readonly NearDuplicate[]): number[][] {
  const parent = new Map<string, string>();
  const root = (name: string): string => {
    let at = name;
    for (let up = parent.get(at); up !== undefined && up !== at; up = parent.get(at)) at = up;
    return at;
  };
  const join = (a: string, b: string): void => {
    const [x, y] = [root(a), root(b)];
    parent.set(x, x);
    if (x !== y) parent.set(y, x);
  };
  const group = (name: string): string => `group:${name}`;
  const image = (name: string): string => `image:${name}`;
  for (const member of members) join(group(member.group), image(member.image));
  for (const { a, b } of pairs) join(image(a), image(b));

  const sets = new Map<string, number[]>();
  for (const [row, member] of members.entries()) {
    const name = root(image(member.image));
    const set = sets.get(name);
    if (set) set.push(row);
    else sets.set(name, [row]);
  }
  return [...sets.values()];
}

/**
 * Gives each set of rows to a part, so that every label is divided as `shares` say as well as whole sets allow.
 *
 * Greedy: sets with the rarest labels and the most rows first (they are hardest to place), each to the part that is
 * then nearest to its shares, summed over labels. Sets of equal standing come in an order drawn from the seed.
 *
 * @param shares of the parts, in any unit; a part with share 0 gets nothing.
 * @returns a part for each set
 */
export function partition(
  sets: readonly (readonly number[])[],
  members: readonly Member[],
  shares: Readonly<Record<Part, number>>,
  seed: number,
): Part[] {
  const labels = [...new Set(members.map(({ label }) => label))].sort(byCodeUnit);
  const number = new Map(labels.map((label, i) => [label, i]));
  const countsOf = (set: readonly number[]): Float64Array => {
    const counts = new Float64Array(labels.length);
    for (const row of set) counts[number.get(members[row]!.label)!]! += 1;
    return counts;
  };
  const counts = sets.map(countsOf);
  const totals = new Float64Array(labels.length);
  for (const count of counts) for (let i = 0; i < totals.length; i++) totals[i]! += count[i]!;

  const all = PARTS.reduce((sum, part) => sum + shares[part], 0);
  const parts = PARTS.filter((part) => shares[part] > 0);
  const wanted = parts.map((part) => totals.map((total) => (total * shares[part]) / all));
  const have = parts.map(() => new Float64Array(labels.length));

  // The weight of a set is the largest fraction that it holds of any label.
  const weight = counts.map((count) =>
    Math.max(...count.map((value, i) => (totals[i]! > 0 ? value / totals[i]! : 0))),
  );
  const order = random(seed, 'partition').shuffle(sets.map((_, set) => set));
  order.sort((a, b) => weight[b]! - weight[a]!);

  const chosen: Part[] = new Array(sets.length);
  for (const set of order) {
    let best = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let p = 0; p < parts.length; p++) {
      // How much the squared lack, as a fraction of each label, changes when the set goes here.
      let change = 0;
      for (let i = 0; i < labels.length; i++) {
        const adds = counts[set]![i]!;
        if (adds === 0) continue;
        const lack = wanted[p]![i]! - have[p]![i]!;
        change += ((lack - adds) * (lack - adds) - lack * lack) / (totals[i]! * wanted[p]![i]!);
      }
      if (change < least) {
        least = change;
        best = p;
      }
    }
    chosen[set] = parts[best]!;
    for (let i = 0; i < labels.length; i++) have[best]![i]! += counts[set]![i]!;
  }
  return chosen;
}
