import { closePairs } from './close-pairs.ts';
import { discDistance, discReach } from './disc.ts';
import { type Fingerprint, lookDistance, shapeReach } from './fingerprint.ts';
import { byCodeUnit, type NearDuplicate } from './samples.ts';

/** Pictures that look no more different than this are taken for one. Calibrated on BCCD and PBC: see the test. */
export const SAME_LOOK = 0.03;
/** The same for the round middles of pictures at any angle: turned copies come to .04 at most, other cells from .1 on. */
export const SAME_DISC = 0.045;
/** And their mean colours lie no further apart than this on any channel, 0..255: as far as our own recipes go by default. */
const SAME_COLOUR = 25;

type Pictures = readonly { readonly path: string; readonly fingerprint: Fingerprint }[];

/** Two pictures, `a` < `b`, and how different they look; 1 where that is more than was asked for. */
export interface Likeness {
  readonly a: string;
  readonly b: string;
  /** The whole of them, as they are, mirrored or turned by quarters. */
  readonly whole: number;
  /** Their round middles at any angle. */
  readonly disc: number;
}

/** All pairs of pictures that look alike, sorted by path: as a whole, or their round middles at any angle. */
export const nearDuplicates = (pictures: Pictures): NearDuplicate[] =>
  likenesses(pictures, 1).map(({ a, b, whole, disc }) => ({
    a,
    b,
    distance: Math.round((whole <= SAME_LOOK ? whole : disc) * 1e5) / 1e5,
  }));

/** All pairs that are no further apart than so many times the distance at which two are taken for one, by path. */
export function likenesses(pictures: Pictures, times: number): Likeness[] {
  const pairs = new Map<number, Likeness>();
  const prints = pictures.map(({ fingerprint }) => fingerprint);
  const note = (i: number, j: number, found: { whole: number } | { disc: number }): void => {
    const [a, b] = [pictures[i]!.path, pictures[j]!.path].sort(byCodeUnit) as [string, string];
    const key = i * pictures.length + j;
    pairs.set(key, { ...(pairs.get(key) ?? { a, b, whole: 1, disc: 1 }), ...found });
  };
  const look = times * SAME_LOOK;
  closePairs(
    prints.map(({ mean, shape }) => ({ box: mean, ball: shape })),
    { side: SAME_COLOUR, square: shapeReach(look) },
    (i, j) => {
      const whole = lookDistance(prints[i]!, prints[j]!, look);
      if (whole <= look) note(i, j, { whole });
    },
  );
  const disc = times * SAME_DISC;
  closePairs(
    prints.map(({ disc }) => ({ box: disc.mean, ball: disc.strengths })),
    { side: SAME_COLOUR, square: discReach(disc) },
    (i, j) => {
      const distance = discDistance(prints[i]!.disc, prints[j]!.disc, disc);
      if (distance <= disc) note(i, j, { disc: distance });
    },
  );
  return [...pairs.values()].sort((x, y) => byCodeUnit(x.a, y.a) || byCodeUnit(x.b, y.b));
}
