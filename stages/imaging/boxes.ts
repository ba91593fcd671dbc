import type { SourceCell } from './dataset-format.ts';
import type { Box } from './samples.ts';

/** Something wrong with a cell of an image. */
export interface BoxProblem {
  readonly kind: 'clipped' | 'degenerate' | 'given-twice' | 'two-labels';
  readonly label: string;
  readonly box: Box;
  /** The label of the other box, where two lie on each other. */
  readonly other?: string;
}

/** A cell whose box lies in the image. */
export interface CheckedCell extends SourceCell {
  readonly flags: readonly 'clipped'[];
}

/** A box must be at least this wide and high, pixels. */
const SMALLEST = 4;
/** Two boxes that share this much of their union are one cell. */
const SAME_BOX = 0.9;

/**
 * Brings an image's boxes in order: clips them to the image, leaves out those with nothing in them, keeps one of
 * two that lie on each other, and none where their labels differ, since nobody knows which is right.
 */
export function checkBoxes(
  cells: readonly SourceCell[],
  width: number,
  height: number,
): { cells: CheckedCell[]; problems: BoxProblem[] } {
  const problems: BoxProblem[] = [];
  const inside: CheckedCell[] = [];
  for (const cell of cells) {
    if (cell.box === null) {
      inside.push({ ...cell, flags: [] });
      continue;
    }
    const box = inPixels(cell, width, height);
    const clipped = clip(box, width, height);
    if (!(clipped[2] >= SMALLEST && clipped[3] >= SMALLEST)) {
      problems.push({ kind: 'degenerate', label: cell.label, box });
      continue;
    }
    const cut = clipped.some((value, i) => Math.abs(value - box[i]!) > 1);
    if (cut) problems.push({ kind: 'clipped', label: cell.label, box });
    inside.push({ ...cell, box: clipped, flags: cut ? ['clipped'] : [] });
  }
  const dropped = new Set<CheckedCell>();
  for (const [i, one] of inside.entries()) {
    for (const other of inside.slice(i + 1)) {
      if (!one.box || !other.box || dropped.has(other) || overlap(one.box, other.box) < SAME_BOX) continue;
      dropped.add(other);
      if (one.label === other.label) {
        problems.push({ kind: 'given-twice', label: other.label, box: other.box });
      } else {
        dropped.add(one);
        problems.push({ kind: 'two-labels', label: one.label, box: one.box, other: other.label });
      }
    }
  }
  return { cells: inside.filter((cell) => !dropped.has(cell)), problems };
}

export function inPixels(
  { box, unit }: Pick<SourceCell, 'box' | 'unit'>,
  width: number,
  height: number,
): Box {
  const [x, y, w, h] = box!;
  return unit === 'fractions' ? [x * width, y * height, w * width, h * height] : [x, y, w, h];
}

/** What of a box lies in the image; sides below 0 where nothing does. */
export function clip([x, y, w, h]: Box, width: number, height: number): Box {
  const [left, top] = [Math.max(x, 0), Math.max(y, 0)];
  return [left, top, Math.min(x + w, width) - left, Math.min(y + h, height) - top];
}

/** Shared area as a fraction of the area that the two cover. */
export function overlap(a: Box, b: Box): number {
  const wide = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]);
  const high = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
  if (wide <= 0 || high <= 0) return 0;
  const shared = wide * high;
  return shared / (a[2] * a[3] + b[2] * b[3] - shared);
}
