import { canonicalJson } from '../../json.ts';
import type { PublicKey } from '../../pipeline/pipeline.ts';
import { type Refusal, refusal, type Signer, signature, whyNotTrusted } from '../remote/signing.ts';

/** The first entry of an archive: which run it holds, and the files of its folder, which no result speaks of. */
export interface Manifest {
  readonly run: string;
  readonly results: number;
  /** Below `runs/<run>/`. */
  readonly files: readonly RunFolderFile[];
}

export interface RunFolderFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

export const MANIFEST = 'bloodline-archive.json';
export const LONGEST_MANIFEST = 16_000_000;

const signedText = (manifest: Manifest): string => `bloodline archive 1\n${canonicalJson(manifest)}`;

export const writeManifest = (manifest: Manifest, signer: Signer | null): string =>
  `${JSON.stringify({ format: 1, ...manifest, ...signature(signer, signedText(manifest)) }, null, 1)}\n`;

/** A manifest, or why it is not used. */
export function readManifest(
  text: string,
  trusted: readonly PublicKey[] | null,
): { readonly ok: true; readonly value: Manifest } | Refusal {
  let read: Manifest & { readonly format: unknown; readonly signer: unknown; readonly signature: unknown };
  try {
    read = JSON.parse(text);
  } catch {
    return refusal('its list of contents is damaged');
  }
  if (read?.format !== 1 || !isManifest(read))
    return refusal('its list of contents is damaged, or of another version');
  const { run, results, files } = read;
  const value = { run, results, files };
  const refused = trusted === null ? null : whyNotTrusted(read, signedText(value), trusted);
  return refused ?? { ok: true, value };
}

function isManifest({ run, results, files }: Manifest): boolean {
  return (
    typeof run === 'string' &&
    /^[\w-]+$/.test(run) &&
    Number.isSafeInteger(results) &&
    Array.isArray(files) &&
    files.every(
      (file) =>
        typeof file?.path === 'string' &&
        PATH.test(file.path) &&
        typeof file.sha256 === 'string' &&
        Number.isSafeInteger(file.bytes),
    )
  );
}

/** Plain names below a folder: nothing that leads out of it, and no hidden file. */
const PATH = /^[A-Za-z0-9_][A-Za-z0-9._@=,+%-]*(\/[A-Za-z0-9_][A-Za-z0-9._@=,+%-]*)*$/;

export const isArchivable = (path: string): boolean => PATH.test(path);
