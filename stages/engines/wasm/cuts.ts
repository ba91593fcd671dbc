/** Rows of `c` values that are an item. */
export const rowsOf = (c: number): number => Math.max(1, Math.round(32768 / c));
/** Values that are an item where each stands for itself. */
export const BLOCK = 65536;
