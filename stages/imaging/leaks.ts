import type { Member } from './partition.ts';
import type { NearDuplicate, Part } from './samples.ts';

export type Assigned = Part | 'unused';

/** Something that stands on both sides of a split. */
export interface Leak {
  readonly kind: 'group' | 'image' | 'near-duplicate';
  /** The two sides: names of groups or images, and their parts. */
  readonly a: string;
  readonly partA: Part;
  readonly b: string;
  readonly partB: Part;
}

/** Every group, image and pair of like images that two parts share. Empty: proved that nothing crosses. */
export function findLeaks(
  members: readonly Member[],
  parts: readonly Assigned[],
  pairs: readonly NearDuplicate[],
): Leak[] {
  const leaks: Leak[] = [];
  const partsOf = (name: (member: Member) => string): Map<string, Part[]> => {
    const found = new Map<string, Part[]>();
    for (const [row, member] of members.entries()) {
      const part = parts[row]!;
      if (part === 'unused') continue;
      const known = found.get(name(member)) ?? [];
      if (!known.includes(part)) found.set(name(member), [...known, part]);
    }
    return found;
  };
  const images = partsOf(({ image }) => image);
  for (const [kind, found] of [
    ['group', partsOf(({ group }) => group)],
    ['image', images],
  ] as const) {
    for (const [name, [first, ...others]] of found)
      for (const other of others) leaks.push({ kind, a: name, partA: first!, b: name, partB: other });
  }
  for (const { a, b } of pairs)
    for (const partA of images.get(a) ?? [])
      for (const partB of images.get(b) ?? [])
        if (partA !== partB) leaks.push({ kind: 'near-duplicate', a, partA, b, partB });
  return leaks;
}

/** Which side of a leak gives way: training before validation, validation before test. */
const weaker = ({ partA, partB }: Leak): Part => {
  const weight = { train: 0, validation: 1, test: 2 };
  return weight[partA] < weight[partB] ? partA : partB;
};

/** Takes the weaker side of each leak out of use. */
export function withoutLeaks(
  members: readonly Member[],
  parts: readonly Assigned[],
  leaks: readonly Leak[],
): Assigned[] {
  const out = new Set<string>();
  for (const leak of leaks) {
    const part = weaker(leak);
    const kind = leak.kind === 'group' ? 'group' : 'image';
    if (leak.partA === part) out.add(`${part} ${kind} ${leak.a}`);
    if (leak.partB === part) out.add(`${part} ${kind} ${leak.b}`);
  }
  return parts.map((part, i) => {
    const { group, image } = members[i]!;
    return out.has(`${part} group ${group}`) || out.has(`${part} image ${image}`) ? 'unused' : part;
  });
}
