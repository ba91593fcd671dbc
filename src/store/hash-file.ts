import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { type BlobDigest, sha256 } from '../digest.ts';

const SMALL = 256 * 1024;
const CHUNK = 1024 * 1024;

/** SHA-256 of a file's bytes. Small files are read at once and synchronously, which is several times faster. */
export async function hashFile(path: string, bytes: number): Promise<BlobDigest> {
  if (bytes <= SMALL) return sha256(readFileSync(path));
  const hash = createHash('sha256');
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(CHUNK);
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, CHUNK, null);
      if (bytesRead === 0) break;
      hash.update(buffer.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
  return hash.digest('hex') as BlobDigest;
}

/** MD5 in hex: the digest under which some publishers name their files. */
export function md5OfFile(path: string): string {
  const hash = createHash('md5');
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(CHUNK);
    for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer))
      hash.update(buffer.subarray(0, read));
  } finally {
    closeSync(file);
  }
  return hash.digest('hex');
}
