import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import type { BlobDigest } from '../digest.ts';
import { layout } from '../store/layout.ts';
import type { StageRecord } from '../store/record.ts';
import { readTree } from '../store/tree.ts';

/** Something a stage made for people to look at. */
export interface Exhibit {
  readonly output: string;
  readonly name: string;
  readonly kind: 'page' | 'picture' | 'text';
  readonly bytes: number;
  /** `null`: too large to be put into a page, or gone from the store. */
  readonly content: Buffer | null;
  readonly mime: string;
}

const KINDS: Readonly<Record<string, readonly [kind: Exhibit['kind'], mime: string]>> = {
  '.html': ['page', 'text/html'],
  '.svg': ['picture', 'image/svg+xml'],
  '.png': ['picture', 'image/png'],
  '.jpg': ['picture', 'image/jpeg'],
  '.webp': ['picture', 'image/webp'],
  '.md': ['text', 'text/markdown'],
};

/** A page of some tens of megabytes still opens everywhere. */
const LARGEST = 4 << 20;
/** As many as a person looks at. */
const MOST = 12;

/**
 * Pages, pictures and texts that lie at the top of a stage's output folders, pages first. Of one name with several
 * endings (`comparison.html`, `comparison.md`) only the richest is shown.
 */
export function exhibitsOf(storeRoot: string, record: StageRecord): Exhibit[] {
  return Object.entries(record.outputs).flatMap(([output, artifact]) => {
    if (artifact.kind === 'file') return [];
    const node = readTree(storeRoot, artifact.digest) ?? {};
    const files = Object.entries(node).flatMap(([name, entry]) => {
      const ending = extname(name).toLowerCase();
      const shown = KINDS[ending];
      return entry.kind === 'file' && shown !== undefined
        ? [{ name, stem: name.slice(0, -ending.length), ending, kind: shown[0], mime: shown[1], entry }]
        : [];
    });
    const rank = (ending: string): number => Object.keys(KINDS).indexOf(ending);
    return files
      .filter(({ stem, ending }) =>
        files.every((other) => other.stem !== stem || rank(other.ending) >= rank(ending)),
      )
      .sort((a, b) => rank(a.ending) - rank(b.ending) || (a.name < b.name ? -1 : 1))
      .slice(0, MOST)
      .map(({ name, kind, mime, entry }) => ({
        output,
        name,
        kind,
        mime,
        bytes: entry.bytes,
        content: entry.bytes > LARGEST ? null : readBlob(storeRoot, entry.digest),
      }));
  });
}

function readBlob(storeRoot: string, digest: BlobDigest): Buffer | null {
  try {
    return readFileSync(layout.blob(storeRoot, digest));
  } catch {
    return null;
  }
}
