/** Numbers that this side and Keras's (`networks.py`) compute alike, so that references need no weights beside them. */

/** @returns uniform in [0, 1), the same for the same purpose; murmur3's finaliser of a counter. */
export function uniform(purpose: string, count: number): Float64Array {
  let begin = 0x811c9dc5; // FNV-1a
  for (const byte of new TextEncoder().encode(purpose)) begin = Math.imul(begin ^ byte, 0x01000193);
  return Float64Array.from({ length: count }, (_, i) => {
    let h = (begin + Math.imul(i, 0x9e3779b9)) | 0;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
  });
}

/** uint8 images, count × size × size × 3. */
export const images = (count: number, size: number): Uint8Array =>
  Uint8Array.from(uniform('images', count * size * size * 3), (u) => Math.floor(256 * u));

export const labels = (count: number, classes: number): number[] =>
  Array.from({ length: count }, (_, i) => i % classes);

/** Values of a weight: of the size that He et al. advise, statistics away from 0 and 1. */
export function weightValues(name: string, shape: readonly number[]): Float32Array {
  const count = shape.reduce((all, side) => all * side, 1);
  const fanIn = name.endsWith('depthwise_kernel') ? shape[0]! * shape[1]! : count / shape.at(-1)!;
  // VGG16 takes pixels as they are, up to 150.
  const limit = Math.sqrt(6 / fanIn) / (name === 'block1_conv1/kernel' ? 64 : 1);
  return Float32Array.from(uniform(name, count), (u) => {
    switch (name.split('/')[1]) {
      case 'kernel':
      case 'depthwise_kernel':
        return (2 * u - 1) * limit;
      case 'gamma':
        return 0.7 + 0.6 * u;
      case 'moving_variance':
        return 0.5 + u;
      case 'mean':
        return 0.4 + 0.1 * u;
      case 'variance':
        return 0.22 + 0.01 * u;
      case 'count':
        return 0;
      default:
        return 0.2 * (u - 0.5);
    }
  });
}
