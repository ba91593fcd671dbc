/** First bytes of the kinds of image files, in hex; `..` stands for any byte. */
const KINDS: readonly (readonly [kind: string, start: RegExp])[] = [
  ['JPEG', /^ffd8ff/],
  ['PNG', /^89504e470d0a1a0a/],
  ['TIFF', /^(4949(2a|2b)00|4d4d00(2a|2b))/],
  ['GIF', /^47494638/],
  ['WebP', /^52494646........57454250/],
  ['AVIF', /^........66747970(61766966|61766973|6d696631|68656963)/],
  ['BMP', /^424d/],
];

/** What kind of image a file is, by its first bytes; null for anything else. */
export function imageKind(bytes: Uint8Array): string | null {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 16)).toString('hex');
  return KINDS.find(([, pattern]) => pattern.test(start))?.[0] ?? null;
}
