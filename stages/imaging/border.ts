import type { Picture } from './picture.ts';

/** Mean red, green and blue, 0..255, of a picture's border: a thirtieth of its shorter side wide, a pixel at least. */
export function borderColour({ width, height, data }: Picture): [red: number, green: number, blue: number] {
  const wide = Math.max(1, Math.floor(Math.min(width, height) / 30));
  const sums: [number, number, number] = [0, 0, 0];
  let pixels = 0;
  for (let y = 0; y < height; y++) {
    const edge = y < wide || y >= height - wide;
    for (let x = 0; x < width; x++) {
      if (!edge && x === wide && width > 2 * wide) x = width - wide;
      const at = (y * width + x) * 3;
      for (let c = 0; c < 3; c++) sums[c]! += data[at + c]!;
      pixels++;
    }
  }
  return [sums[0] / pixels, sums[1] / pixels, sums[2] / pixels];
}
