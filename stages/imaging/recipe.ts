import type { Square } from './crop.ts';
import type { Random } from './random.ts';

/** What is done to a cell when it is rendered: turned first, then mirrored, then its values changed. */
export interface Recipe {
  /** Degrees, clockwise as seen. */
  readonly rotate: number;
  /** Left and right change places. */
  readonly flipX: boolean;
  /** Top and bottom change places. */
  readonly flipY: boolean;
  /** Factor on the distance from middle grey (127.5). */
  readonly contrast: number;
  /** Added afterwards, in steps of 0..255. */
  readonly brightness: number;
}

export const UNCHANGED: Recipe = { rotate: 0, flipX: false, flipY: false, contrast: 1, brightness: 0 };

/** How far recipes may go. */
export interface RecipeLimits {
  /** Largest change of contrast, as a fraction: .15 draws from .85 to 1.15. */
  readonly contrast: number;
  /** Largest change of brightness, in steps of 0..255. */
  readonly brightness: number;
}

/**
 * Draws a recipe. Smears have no up and no left, so any angle is as good as any other; but what is turned needs
 * real surroundings at its corners, so a square that would reach over the image's edge is turned by quarters only.
 */
export function drawRecipe(
  draw: Random,
  square: Square,
  width: number,
  height: number,
  limits: RecipeLimits,
): Recipe {
  const angle = draw.integer(360);
  const rotate = turnedFits(square, angle, width, height) ? angle : (Math.floor(angle / 90) * 90) % 360;
  const round = (value: number, steps: number): number => Math.round(value * steps) / steps;
  return {
    rotate,
    flipX: draw.chance(0.5),
    flipY: draw.chance(0.5),
    contrast: round(draw.uniform(1 - limits.contrast, 1 + limits.contrast), 1000),
    brightness: round(draw.uniform(-limits.brightness, limits.brightness), 10),
  };
}

/** Whether the square, turned around its centre, stays inside the image. */
export function turnedFits(square: Square, degrees: number, width: number, height: number): boolean {
  if (degrees % 90 === 0) return true;
  const radians = (degrees * Math.PI) / 180;
  const half = (square.side / 2) * (Math.abs(Math.cos(radians)) + Math.abs(Math.sin(radians)));
  const [cx, cy] = [square.x + square.side / 2, square.y + square.side / 2];
  return cx - half >= 0 && cy - half >= 0 && cx + half <= width && cy + half <= height;
}
