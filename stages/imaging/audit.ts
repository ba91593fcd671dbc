import type { Fingerprint } from './fingerprint.ts';
import { findLeaks, type Leak } from './leaks.ts';
import { type Likeness, likenesses, SAME_DISC, SAME_LOOK } from './near-duplicates.ts';
import type { NearDuplicate, Part, Sample } from './samples.ts';

/** What an audit finds of a division into parts. */
export interface Audit {
  readonly parts: Readonly<Record<Part, number>>;
  /** Groups, images and like images on two sides; of like images, how well their pixels agree, where that was checked. */
  readonly leaks: readonly (Leak & { readonly correlation?: number })[];
  /** Cells of validation and test that a leak touches. */
  readonly touched: number;
  /** Augmented copies that are validated or tested on, and how many of them have their cell in training. */
  readonly copiesOutsideTraining: readonly string[];
  readonly copiesOfTrainingCells: number;
  /** Pairs across parts that are not the same by our measure, but nearer than different cells have been seen to be. */
  readonly suspicious: readonly (NearDuplicate & { readonly partA: Part; readonly partB: Part })[];
}

type Assigned = Part | 'unused';

/** On BCCD and PBC different pictures are at least 1.7 times as far apart as two that are taken for one. */
const SUSPICIOUS = 1.6;

/**
 * Looks for what crosses a division.
 *
 * @param parts of the samples, one each.
 * @param images with their looks; empty where only the rows are at hand: nothing is then said of suspicious pairs.
 */
export function audit(
  samples: readonly Sample[],
  parts: readonly Assigned[],
  pairs: readonly NearDuplicate[],
  images: readonly { readonly path: string; readonly fingerprint: Fingerprint }[],
): Audit {
  const leaks = findLeaks(samples, parts, pairs);
  const groups = new Set(leaks.filter(({ kind }) => kind === 'group').map(({ a }) => a));
  const touchedImages = new Set(leaks.filter(({ kind }) => kind !== 'group').flatMap(({ a, b }) => [a, b]));
  const held = samples.filter((_, i) => parts[i] === 'validation' || parts[i] === 'test');
  const trained = new Set(
    samples.flatMap(({ id, source }, i) => (parts[i] === 'train' ? [source ?? id] : [])),
  );
  const copies = held.filter(({ source }) => source !== undefined);
  return {
    parts: {
      train: parts.filter((part) => part === 'train').length,
      validation: parts.filter((part) => part === 'validation').length,
      test: parts.filter((part) => part === 'test').length,
    },
    leaks,
    touched: held.filter(({ group, image }) => groups.has(group) || touchedImages.has(image)).length,
    copiesOutsideTraining: copies.map(({ id }) => id),
    copiesOfTrainingCells: copies.filter(({ source }) => trained.has(source!)).length,
    suspicious: suspiciousPairs(samples, parts, images),
  };
}

function suspiciousPairs(
  samples: readonly Sample[],
  parts: readonly Assigned[],
  images: readonly { readonly path: string; readonly fingerprint: Fingerprint }[],
): Audit['suspicious'] {
  const partOf = new Map<string, Part>();
  for (const [i, { image }] of samples.entries())
    if (parts[i] !== 'unused') partOf.set(image, parts[i] as Part);
  return likenesses(images, SUSPICIOUS)
    .filter(({ whole, disc }) => whole > SAME_LOOK && disc > SAME_DISC)
    .flatMap(({ a, b, whole, disc }: Likeness) => {
      const [partA, partB] = [partOf.get(a), partOf.get(b)];
      if (partA === undefined || partB === undefined || partA === partB) return [];
      return [{ a, b, distance: Math.round(Math.min(whole, disc) * 1e5) / 1e5, partA, partB }];
    })
    .sort((x, y) => x.distance - y.distance);
}

/**
 * Checks pairs that look alike against their pixels: the fingerprints are some hundred numbers.
 *
 * @param correlation of two images' pixels, see `pixelCorrelation`.
 * @param most pairs that are checked; a set that was augmented before it was split has thousands.
 */
export async function checkedAgainstPixels(
  found: Audit,
  correlation: (a: string, b: string) => Promise<number>,
  most: number,
): Promise<Audit> {
  let left = most;
  const leaks: Audit['leaks'][number][] = [];
  for (const leak of found.leaks) {
    if (leak.kind !== 'near-duplicate' || left-- <= 0) leaks.push(leak);
    else leaks.push({ ...leak, correlation: Math.round((await correlation(leak.a, leak.b)) * 1e4) / 1e4 });
  }
  return { ...found, leaks };
}

/** How many findings of one kind are named. */
const NAMED = 10;

/** The audit as lines for people. */
export function auditText(found: Audit): string {
  const { parts, leaks, touched, copiesOutsideTraining: copies, suspicious } = found;
  const lines = [
    `Parts: ${parts.train} cells to train on, ${parts.validation} to validate, ${parts.test} to test.`,
  ];
  const section = (title: string, findings: readonly string[]): void => {
    if (findings.length === 0) return;
    lines.push('', `${title}: ${findings.length}`, ...findings.slice(0, NAMED).map((text) => `  ${text}`));
    if (findings.length > NAMED) lines.push(`  and ${findings.length - NAMED} more (--json names all)`);
  };
  section('Augmented copies that are validated or tested on', copies);
  if (copies.length > 0)
    lines.push(`  ${found.copiesOfTrainingCells} of them show a cell that is trained on.`);
  const of = (kind: Leak['kind']): Audit['leaks'] => leaks.filter((leak) => leak.kind === kind);
  section('Groups on two sides', crossing(of('group')));
  section('Images on two sides', crossing(of('image')));
  section(
    'Images that look alike on two sides',
    of('near-duplicate').map(
      ({ a, partA, b, partB, correlation }) =>
        `${a} (${partA}) and ${b} (${partB})${correlation === undefined ? '' : `, pixels agree to ${correlation.toFixed(3)}`}`,
    ),
  );
  section(
    'Suspiciously near across parts, to be looked at',
    suspicious.map(
      ({ a, partA, b, partB, distance }) => `${a} (${partA}) and ${b} (${partB}), distance ${distance}`,
    ),
  );
  if (leaks.length > 0 || copies.length > 0) {
    const held = parts.validation + parts.test;
    lines.push(
      '',
      `Leaks touch ${touched} of the ${held} cells that are validated and tested on: what is measured on those is memory.`,
    );
  } else lines.push('', 'Nothing crosses the parts.');
  return `${lines.join('\n')}\n`;
}

/** Each name once, with all the parts that it stands in. */
function crossing(leaks: readonly Leak[]): string[] {
  const parts = new Map<string, Set<Part>>();
  for (const { a, partA, partB } of leaks) parts.set(a, new Set([...(parts.get(a) ?? []), partA, partB]));
  return [...parts].map(([name, own]) => `${name}: ${[...own].join(', ')}`);
}
