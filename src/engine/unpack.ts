import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openPromise } from 'yauzl';

/**
 * Takes the files whose names match out of a zip archive (a wheel is one) into a folder, keeping their paths
 * unless `rename` says otherwise.
 * yauzl refuses names that lead out of the folder. Returns how many there were.
 */
export async function unpack(
  archive: string,
  wanted: readonly RegExp[],
  into: string,
  onProgress: (file: string, bytes: number) => void,
  rename: (name: string) => string = (name) => name,
): Promise<number> {
  const zip = await openPromise(archive, { lazyEntries: true, autoClose: false });
  let count = 0;
  try {
    for await (const entry of zip.eachEntry()) {
      const name = entry.fileName;
      if (name.endsWith('/') || !wanted.some((pattern) => pattern.test(name))) continue;
      onProgress(name, entry.uncompressedSize);
      const to = join(into, rename(name));
      mkdirSync(dirname(to), { recursive: true });
      await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(to));
      count += 1;
    }
  } finally {
    zip.close();
  }
  return count;
}
