/** A stream of draws that is the same on every machine and Node version. */
export interface Random {
  /** 0..2^32-1. */
  uint32(): number;
  /** From `low` up to, not including, `high`; 32 bits fine. */
  uniform(low?: number, high?: number): number;
  /** 0..count-1, without bias worth naming for counts below 2^24. */
  integer(count: number): number;
  /** Mean 0, standard deviation 1. */
  normal(): number;
  /** True with probability `p`. */
  chance(p: number): boolean;
  /** A new array in random order (Fisher and Yates). */
  shuffle<T>(items: readonly T[]): T[];
}

/**
 * A stream of its own for each seed and purpose, so that a draw added in one place changes nothing in another.
 *
 * sfc32 (Chris Doty-Humphrey, PractRand), started from a hash of seed and purpose and warmed up by 15 rounds.
 */
export function random(seed: number, purpose: string): Random {
  let [a, b, c, counter] = scatter(`${seed >>> 0}:${purpose}`) as [number, number, number, number];

  const uint32 = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum >>> 0;
  };
  for (let round = 0; round < 15; round++) uint32();

  const uniform = (low = 0, high = 1): number => low + (high - low) * (uint32() / 4294967296);
  const integer = (count: number): number => Math.floor(uniform() * count);
  const normal = (): number => {
    // Box and Muller; 1 - uniform() is never 0. The second value is thrown away to keep the stream simple.
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    return radius * Math.cos(2 * Math.PI * uniform());
  };
  const shuffle = <T>(items: readonly T[]): T[] => {
    const shuffled = [...items];
    for (let last = shuffled.length - 1; last > 0; last--) {
      const other = integer(last + 1);
      [shuffled[last], shuffled[other]] = [shuffled[other]!, shuffled[last]!];
    }
    return shuffled;
  };
  return { uint32, uniform, integer, normal, chance: (p) => uniform() < p, shuffle };
}

/** Four 32-bit words from a text (xmur3: MurmurHash3's mixing over the code units). */
function scatter(text: string): number[] {
  let hash = 1779033703 ^ text.length;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 3432918353);
    hash = (hash << 13) | (hash >>> 19);
  }
  return Array.from({ length: 4 }, () => {
    hash = Math.imul(hash ^ (hash >>> 16), 2246822507);
    hash = Math.imul(hash ^ (hash >>> 13), 3266489909);
    hash ^= hash >>> 16;
    return hash | 0;
  });
}
