import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
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
