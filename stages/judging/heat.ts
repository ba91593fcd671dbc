import type { HeatMap } from './grad-cam.ts';

/** From nothing to most, after matplotlib's inferno: R, G, B. */
const SCALE = [
  [0, 0, 4],
  [87, 16, 110],
  [188, 55, 84],
  [249, 142, 9],
  [252, 255, 164],
] as const;

/** A picture (side × side × 3) with a heat map over it, smooth between its points, half as strong as the picture. */
export function overlaid(picture: Uint8Array, side: number, map: HeatMap): Uint8Array {
  const out = new Uint8Array(picture.length);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const heat = between(map, ((y + 0.5) / side) * map.rows - 0.5, ((x + 0.5) / side) * map.columns - 0.5);
      const place = heat * (SCALE.length - 1);
      const low = Math.min(SCALE.length - 2, Math.floor(place));
      for (let channel = 0; channel < 3; channel++) {
        const [a, b] = [SCALE[low]![channel]!, SCALE[low + 1]![channel]!];
        const colour = a + (b - a) * (place - low);
        const at = (y * side + x) * 3 + channel;
        out[at] = Math.round(picture[at]! * 0.5 + colour * 0.5);
      }
    }
  return out;
}

/** Bilinear; the rim goes on outside. */
function between({ rows, columns, values }: HeatMap, y: number, x: number): number {
  const clamp = (at: number, most: number): number => Math.min(Math.max(at, 0), most);
  const [top, left] = [Math.floor(y), Math.floor(x)];
  const value = (row: number, column: number): number =>
    values[clamp(row, rows - 1) * columns + clamp(column, columns - 1)]!;
  const [dy, dx] = [y - top, x - left];
  return (
    (value(top, left) * (1 - dx) + value(top, left + 1) * dx) * (1 - dy) +
    (value(top + 1, left) * (1 - dx) + value(top + 1, left + 1) * dx) * dy
  );
}
