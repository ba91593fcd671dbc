/** The largest difference between numbers and those expected; infinite where one is missing. */
export const farthest = (expected: readonly number[], got: readonly number[]): number =>
  Math.max(...expected.map((value, i) => Math.abs(value - (got[i] ?? Number.POSITIVE_INFINITY))));
