import { join } from 'node:path';
import type { BlobDigest, CacheKey, OutputsDigest, TreeDigest } from '../digest.ts';

/**
 * Where things lie in a store.
 *
 *     blobs/ab/cdef…                 a file's bytes, by their sha256
 *     trees/ab/cdef….json            a folder's Merkle node, by the sha256 of its canonical JSON
 *     records/<key>/<outputs>.json   what one execution left behind
 *     history/<stage>                which records a stage instance made, oldest first
 *     checkouts/<tree>/              a folder artifact laid out for stages: hard links to blobs
 *     latest/<stage>/<output>        links for people
 *     descriptions, builds, code     what was found out about programs, by the digest of their text
 *     listings/                      which files were in users' folders, by the digest of the folder
 *     pipelines/                     pipeline files as they were read, by path and choices
 *     urls/                          which blob a download with a given digest is
 *     checkpoints/<key>/<engine>/    outlives a failed attempt
 *     champions/<pipeline>.json      which model is in use, and which were
 *     last-runs/                     the keys that the last run of each pipeline and profile needs
 *     schedules/                     up to which time each schedule was dealt with, and what cron's runs say
 *     locks/                         who makes what at this moment
 *     partial/                       downloads that are not whole yet
 *     damaged/                       bytes that did not fit their digest
 *     runs/  tmp/  stat-index.jsonl
 */
export const layout = {
  blob: (root: string, digest: BlobDigest) => join(root, 'blobs', digest.slice(0, 2), digest.slice(2)),
  tree: (root: string, digest: TreeDigest) =>
    join(root, 'trees', digest.slice(0, 2), `${digest.slice(2)}.json`),
  recordsOfKey: (root: string, key: CacheKey) => join(root, 'records', key),
  record: (root: string, key: CacheKey, outputs: OutputsDigest) =>
    join(root, 'records', key, `${outputs}.json`),
  history: (root: string, stage: string) => join(root, 'history', fileName(stage)),
  checkout: (root: string, digest: TreeDigest) => join(root, 'checkouts', digest),
  latest: (root: string, stage: string) => join(root, 'latest', fileName(stage)),
  description: (root: string, source: string) => join(root, 'descriptions', `${source}.json`),
  build: (root: string, entry: string) => join(root, 'builds', `${entry}.json`),
  pipelines: (root: string) => join(root, 'pipelines'),
  listing: (root: string, digest: string) => join(root, 'listings', `${digest}.json`),
  url: (root: string, algorithm: string, hex: string) => join(root, 'urls', `${algorithm}-${hex}.json`),
  checkpoints: (root: string, key: CacheKey) => join(root, 'checkpoints', key),
  champions: (root: string, pipeline: string) => join(root, 'champions', `${fileName(pipeline)}.json`),
  championsFolder: (root: string) => join(root, 'champions'),
  lastRuns: (root: string) => join(root, 'last-runs'),
  schedule: (root: string, id: string) => join(root, 'schedules', `${id}.json`),
  scheduleLog: (root: string, id: string) => join(root, 'schedules', `${id}.log`),
  lock: (root: string, name: string) => join(root, 'locks', name),
  partial: (root: string, algorithm: string, hex: string) => join(root, 'partial', `${algorithm}-${hex}`),
  damaged: (root: string) => join(root, 'damaged'),
  runs: (root: string) => join(root, 'runs'),
  tmp: (root: string) => join(root, 'tmp'),
  statIndex: (root: string) => join(root, 'stat-index.jsonl'),
};

/** A text as one name in a folder, readable where it can be: `train@model=a,seed=2` stays, `/` and controls are escaped. */
export function fileName(text: string): string {
  const escaped = text.replace(
    /[^A-Za-z0-9._@=,+-]|^\./g,
    (character) => `%${Buffer.from(character).toString('hex')}`,
  );
  return escaped.length <= 200
    ? escaped
    : `${escaped.slice(0, 160)}%${Buffer.from(text).toString('hex').slice(-32)}`;
}
