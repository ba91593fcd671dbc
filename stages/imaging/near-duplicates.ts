import { closePairs } from './close-pairs.ts';
import { discDistance, discReach } from './disc.ts';
import { type Fingerprint, lookDistance, shapeReach } from './fingerprint.ts';
import { byCodeUnit, type NearDuplicate } from './samples.ts';

/** Pictures that look no more different than this are taken for one. Calibrated on BCCD and PBC: see the test. */
export const SAME_LOOK = 0.03;
/** The same for the round middles of pictures at any angle: turned copies come to .04 at most, other cells from .1 on. */
export const SAME_DISC = 0.045;
/** And their mean colours lie no further apart than this on any channel, 0..255: a copy may be brightened a little. */
const SAME_COLOUR = 12;

/**
 * All pairs of pictures that look alike, sorted by path: the whole of them, as they are, mirrored or turned by quarters,
 * or their round middles at any angle.
 */
export function nearDuplicates(
  pictures: readonly { path: string; fingerprint: Fingerprint }[],
): NearDuplicate[] {
  const pairs: NearDuplicate[] = [];
  const known = new Set<number>();
  const note = (i: number, j: number, distance: number): void => {
    known.add(i * pictures.length + j);
    const [a, b] = [pictures[i]!.path, pictures[j]!.path].sort(byCodeUnit) as [string, string];
    pairs.push({ a, b, distance: Math.round(distance * 1e5) / 1e5 });
  };
  const prints = pictures.map(({ fingerprint }) => fingerprint);
  closePairs(
    prints.map(({ mean, shape }) => ({ box: mean, ball: shape })),
    { side: SAME_COLOUR, square: shapeReach(SAME_LOOK) },
    (i, j) => {
      const distance = lookDistance(prints[i]!, prints[j]!, SAME_LOOK);
      if (distance <= SAME_LOOK) note(i, j, distance);
    },
  );
  closePairs(
    prints.map(({ disc }) => ({ box: disc.mean, ball: disc.strengths })),
    { side: SAME_COLOUR, square: discReach(SAME_DISC) },
    (i, j) => {
      if (known.has(i * pictures.length + j)) return;
      const distance = discDistance(prints[i]!.disc, prints[j]!.disc, SAME_DISC);
      if (distance <= SAME_DISC) note(i, j, distance);
    },
  );
  return pairs.sort((x, y) => byCodeUnit(x.a, y.a) || byCodeUnit(x.b, y.b));
}
