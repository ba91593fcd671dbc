import { readFileSync } from 'node:fs';
import { sha256 } from '../../digest.ts';
import { pathOfContent } from './contents.ts';
import { SourceDamaged } from './objects.ts';
import type { Content, ContentId } from './signed-result.ts';

/**
 * Many small files in one object: a line of JSON that lists them, `[[kind, digest, bytes], …]`, then their bytes, one
 * after the other.
 */
export function pack(root: string, contents: readonly Content[]): Buffer {
  const list = `${JSON.stringify(contents.map(({ kind, digest, bytes }) => [kind, digest, bytes]))}\n`;
  return Buffer.concat([Buffer.from(list), ...contents.map((content) => wholeBytes(root, content))]);
}

function wholeBytes(root: string, content: Content): Buffer {
  const path = pathOfContent(root, content);
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch {
    throw new SourceDamaged(path);
  }
  if (bytes.length !== content.bytes || sha256(bytes) !== content.digest) throw new SourceDamaged(path);
  return bytes;
}

export type Packed = ContentId & { readonly part: Buffer };

/** What is in a pack, each checked by its digest; `null` for one that is none or holds anything that does not fit. */
export function unpack(bytes: Buffer): readonly Packed[] | null {
  const end = bytes.indexOf(10);
  let list: unknown;
  try {
    list = JSON.parse(bytes.toString('utf8', 0, Math.max(0, end)));
  } catch {
    return null;
  }
  if (!Array.isArray(list)) return null;
  const found: Packed[] = [];
  let at = end + 1;
  for (const [kind, digest, length] of list.map((one) => (Array.isArray(one) ? one : []))) {
    if ((kind !== 'blob' && kind !== 'tree') || !Number.isSafeInteger(length) || length < 0) return null;
    const part = bytes.subarray(at, at + length);
    if (part.length !== length || sha256(part) !== digest) return null;
    found.push({ kind, digest, part });
    at += length;
  }
  return at === bytes.length ? found : null;
}
