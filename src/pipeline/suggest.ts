/**
 * The candidate that a mistyped word most likely means, or null if none is near: at most a third of the letters wrong
 * (one is always allowed, all never), a swap of neighbours counts once. Of equally near ones the first.
 */
export function nearest(word: string, candidates: Iterable<string>): string | null {
  if (word.length > 100) return null;
  let best: string | null = null;
  let least = Math.min(Math.max(1, Math.floor(word.length / 3)), word.length - 1) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) >= least) continue;
    const distance = edits(word.toLowerCase(), candidate.toLowerCase(), least);
    if (distance < least) {
      best = candidate;
      least = distance;
    }
  }
  return best;
}

/** `did you mean "split"?`, or the candidates if they are few, or nothing. */
export function didYouMean(
  word: string,
  candidates: readonly string[],
  what = 'there is',
): { help?: string } {
  const near = nearest(word, candidates);
  if (near !== null) return { help: `did you mean ${JSON.stringify(near)}?` };
  if (candidates.length === 0 || candidates.length > 20) return {};
  return { help: `${what} ${candidates.join(', ')}` };
}

/** Optimal string alignment distance, given up (as `limit`) once it must reach that. */
function edits(a: string, b: string, limit: number): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, before[j - 2]! + 1);
      row.push(cost);
    }
    if (Math.min(...row) >= limit) return limit;
    before = above;
    above = row;
  }
  return above[b.length]!;
}
