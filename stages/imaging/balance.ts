/** Whole groups rarely divide as the shares say: a class may get this much less, or another this much more. */
const SURPLUS = 1.3;
/** A class that lacks less than this of its target is even enough. */
const EVEN = 0.02;

export interface CopyPlan {
  /** Copies of each cell of the class. */
  readonly each: number;
  /** Whether they will do, for the split that is expected. */
  readonly fills: boolean;
}

/**
 * How many copies of each cell every class needs, so that after the split it can be made as large as the largest
 * class, or as `perClass` says.
 *
 * @param expected training cells of each class, as the split will probably leave them; all above 0.
 * @param uneven whether the split may differ from that, because groups of several cells stay whole.
 * @param maxCopies of one cell.
 */
export function planCopies(
  expected: ReadonlyMap<string, number>,
  { perClass, maxCopies, uneven }: { perClass: number | null; maxCopies: number; uneven: boolean },
): ReadonlyMap<string, CopyPlan> {
  const plans = new Map<string, CopyPlan>();
  for (const [label, count] of expected) {
    // What it has to keep up with: the largest of the others, which may itself come out larger.
    const others = [...expected].filter(([other]) => other !== label).map(([, others]) => others);
    const target = perClass ?? Math.max(0, ...others);
    const missing = (uneven ? SURPLUS : 1) * target - count;
    const wanted = missing <= EVEN * target ? 0 : Math.ceil(missing / count);
    const each = Math.min(wanted, maxCopies);
    plans.set(label, { each, fills: count * (1 + each) >= (1 - EVEN) * target });
  }
  return plans;
}
