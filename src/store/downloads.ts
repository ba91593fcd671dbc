import { rmSync } from 'node:fs';
import type { BlobDigest } from '../digest.ts';
import type { UrlDigest } from '../pipeline/pipeline.ts';
import { checkout } from './checkout.ts';
import { readJson } from './keepsakes.ts';
import { layout } from './layout.ts';
import { adoptFile } from './publish.ts';
import type { Artifact } from './record.ts';
import type { StatIndex } from './stat-index.ts';
import { writeWhole } from './write.ts';

/** Absolute path of a download that is kept, its bytes known to fit; `null` if it must be fetched (again). */
export async function findDownload(root: string, index: StatIndex, url: UrlDigest): Promise<string | null> {
  const artifact = readJson<Artifact>(layout.url(root, url.algorithm, url.hex));
  if (artifact === null) return null;
  const path = await checkout(root, index, artifact);
  return path.ok ? path.value : null;
}

/**
 * Keeps a fetched file, moved from `path`, whose bytes were found to have the digest that the pipeline names, and
 * `sha256`. Returns its path in the store.
 */
export async function keepDownload(
  root: string,
  index: StatIndex,
  url: UrlDigest,
  { path, sha256 }: { readonly path: string; readonly sha256: BlobDigest },
): Promise<string> {
  const artifact = await adoptFile(root, index, path, sha256);
  // It stays where it is if the store has these bytes already.
  rmSync(path, { force: true });
  writeWhole(root, layout.url(root, url.algorithm, url.hex), `${JSON.stringify(artifact)}\n`);
  return layout.blob(root, sha256);
}
