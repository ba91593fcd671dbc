import { type Fingerprint, lookDistance } from './fingerprint.ts';
import { byCodeUnit, type NearDuplicate } from './samples.ts';

/** Pictures that look no more different than this are taken for one. Calibrated on BCCD and PBC: see the test. */
export const SAME_LOOK = 0.03;
/** And their mean colours lie no further apart than this on any channel, 0..255: a copy may be brightened a little. */
const SAME_COLOUR = 12;

/** All pairs of pictures that look alike, sorted by path. Sweeps along the mean green, so most pairs are never met. */
export function nearDuplicates(
  pictures: readonly { path: string; fingerprint: Fingerprint }[],
): NearDuplicate[] {
  const sorted = [...pictures].sort(
    (a, b) => a.fingerprint.mean[1] - b.fingerprint.mean[1] || byCodeUnit(a.path, b.path),
  );
  const pairs: NearDuplicate[] = [];
  for (let i = 0; i < sorted.length; i++) {
    const one = sorted[i]!;
    for (let j = i + 1; j < sorted.length; j++) {
      const other = sorted[j]!;
      if (other.fingerprint.mean[1] - one.fingerprint.mean[1] > SAME_COLOUR) break;
      if (Math.abs(other.fingerprint.mean[0] - one.fingerprint.mean[0]) > SAME_COLOUR) continue;
      if (Math.abs(other.fingerprint.mean[2] - one.fingerprint.mean[2]) > SAME_COLOUR) continue;
      const distance = lookDistance(one.fingerprint, other.fingerprint, SAME_LOOK);
      if (distance > SAME_LOOK) continue;
      const [a, b] = [one.path, other.path].sort(byCodeUnit) as [string, string];
      pairs.push({ a, b, distance: Math.round(distance * 1e5) / 1e5 });
    }
  }
  return pairs.sort((x, y) => byCodeUnit(x.a, y.a) || byCodeUnit(x.b, y.b));
}
