/** Numbers as people read them, the same in every locale. */

/** .9123 → "91.2". */
export const percent = (share: number, digits = 1): string => (share * 100).toFixed(digits);

/** 17673823 → "17,673,823". */
export const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+(?!\d))/g, ',');

/** 17673823 → "17.7 M"; three figures and a letter. */
export function short(count: number): string {
  for (const [size, letter] of [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const)
    if (count >= size) return `${figures(count / size)} ${letter}`;
  return String(count);
}

/** 71686520 → "71.7 MB". */
export const bytes = (count: number): string => `${short(count).replace(/^\d+$/, '$& ')}B`;

const figures = (value: number): string => value.toFixed(value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2);

/** A p value: three figures, never "0". */
export const probability = (p: number): string => (p < 0.001 ? '< 0.001' : p.toFixed(3));
