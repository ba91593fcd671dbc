import type { Picture } from './picture.ts';

/**
 * Mean red, green and blue, 0..255, of a picture's border: a thirtieth of its shorter side wide, a pixel at least.
 * Every second pixel of every second row is enough.
 */
export function borderColour({ width, height, data }: Picture): [red: number, green: number, blue: number] {
  const wide = Math.max(1, Math.floor(Math.min(width, height) / 30));
  let [red, green, blue, pixels] = [0, 0, 0, 0];
  const add = (y: number, from: number, to: number): void => {
    for (let at = (y * width + from) * 3, end = (y * width + to) * 3; at < end; at += 6) {
      red += data[at]!;
      green += data[at + 1]!;
      blue += data[at + 2]!;
      pixels++;
    }
  };
  for (let y = 0; y < height; y += 2) {
    if (y < wide || y >= height - wide || width <= 2 * wide) add(y, 0, width);
    else {
      add(y, 0, wide);
      add(y, width - wide, width);
    }
  }
  return [red / pixels, green / pixels, blue / pixels];
}
