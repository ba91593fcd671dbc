import type { Box } from './samples.ts';

/** A square of an image, pixels; may start between two pixels. */
export interface Square {
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

/** Some of the cell's surroundings help; more would show its neighbours. */
const MARGIN = 1.2;

/**
 * The square that shows a cell: 1.2 times the longer side of its box, around the box's centre, shifted inside the
 * image and never padded (padding would tell which cells lie at an edge). An image shorter than that gives its
 * largest square. Without a box it is the largest square in the middle of the image.
 */
export function cropSquare(box: Box | null, width: number, height: number): Square {
  const [x, y, w, h] = box ?? [0, 0, width, height];
  const wanted = box ? MARGIN * Math.max(w, h) : Math.min(width, height);
  const side = Math.min(wanted, width, height);
  const inside = (start: number, limit: number): number => Math.min(Math.max(start, 0), limit - side);
  return { x: inside(x + w / 2 - side / 2, width), y: inside(y + h / 2 - side / 2, height), side };
}
