import type { Random } from '../imaging/random.ts';
import type { Blend } from './targets.ts';

/**
 * Draws what is blended with what (Zhang et al. 2017, arXiv:1710.09412): one share for the batch from a beta
 * distribution (alpha, alpha), of which the larger part is the image's own.
 */
export function drawBlend(draw: Random, count: number, alpha: number): Blend {
  const [a, b] = [gamma(draw, alpha), gamma(draw, alpha)];
  const share = a / (a + b);
  const partners = draw.shuffle(Array.from({ length: count }, (_, i) => i));
  return { partners, share: Math.max(share, 1 - share) };
}

/** Blends the images of a batch in place, in whole numbers. @param length bytes of an image. */
export function blendImages(pixels: Uint8Array, length: number, { partners, share }: Blend): void {
  const before = pixels.slice();
  const own = Math.round(share * 256);
  for (const [image, partner] of partners.entries())
    for (let at = image * length, from = partner * length, end = at + length; at < end; at++, from++)
      pixels[at] = (own * before[at]! + (256 - own) * before[from]! + 128) >> 8;
}

/** Marsaglia and Tsang (2000); below 1 from shape + 1 times u^(1/shape), written with exp and log. */
function gamma(draw: Random, shape: number): number {
  if (shape < 1) return gamma(draw, shape + 1) * Math.exp(Math.log(1 - draw.uniform()) / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = draw.normal();
    const root = 1 + c * x;
    const v = root * root * root;
    if (v > 0 && Math.log(1 - draw.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}
