import type { UrlDigest } from '../pipeline/pipeline.ts';
import { checkout } from './checkout.ts';
import { hashFileWith } from './hash-file.ts';
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
 * Keeps a fetched file, moved from `path`, if its bytes have the digest that the pipeline names.
 * Returns its path in the store; the error is the digest that was got instead.
 */
export async function keepDownload(
  root: string,
  index: StatIndex,
  url: UrlDigest,
  path: string,
): Promise<{ readonly ok: true; readonly value: string } | { readonly ok: false; readonly got: string }> {
  const got = hashFileWith(url.algorithm, path);
  if (got !== url.hex.toLowerCase()) return { ok: false, got };
  const artifact = await adoptFile(root, index, path);
  writeWhole(root, layout.url(root, url.algorithm, url.hex), `${JSON.stringify(artifact)}\n`);
  return { ok: true, value: layout.blob(root, artifact.digest as never) };
}
