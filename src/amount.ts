const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const SIZES: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12 };

/** Patterns of what is read here, as text for schemas. */
export const AGE = '^(\\d+(?:\\.\\d+)?)([mhdw])$';
export const SIZE = '^(\\d+(?:\\.\\d+)?)\\s*([kmgtKMGT]?)[bB]?$';

/** `30d` → ms; `null`: no age. */
export function readAge(text: string): number | null {
  const [, number, unit] = new RegExp(AGE).exec(text) ?? [];
  return number === undefined ? null : Number(number) * UNITS[unit!]!;
}

/** `20GB` → bytes; `null`: no size. */
export function readSize(text: string): number | null {
  const [, number, unit] = new RegExp(SIZE).exec(text) ?? [];
  return number === undefined ? null : Number(number) * SIZES[unit!.toLowerCase()]!;
}
