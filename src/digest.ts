import { createHash } from 'node:crypto';
import { canonicalJson } from './json.ts';

/** Lower-case hex of a SHA-256, branded with what was hashed so that one kind cannot stand in for another. */
export type Sha256<Of extends string> = string & { readonly __sha256Of: Of };

/** Of a file's bytes. */
export type BlobDigest = Sha256<'file bytes'>;
/** Of the canonical JSON of a folder's Merkle node. */
export type TreeDigest = Sha256<'folder node'>;
/** Of what a stage executes: an esbuild bundle, or the declared sources of a command. */
export type CodeDigest = Sha256<'executed code'>;
/** Of the canonical JSON of a stage's `KeyParts`. */
export type CacheKey = Sha256<'key parts'>;
/** Of the canonical JSON of a record's output digests. */
export type OutputsDigest = Sha256<'output digests'>;

export function sha256<Of extends string>(bytes: string | Uint8Array): Sha256<Of> {
  return createHash('sha256').update(bytes).digest('hex') as Sha256<Of>;
}

export function sha256OfJson<Of extends string>(value: unknown): Sha256<Of> {
  return sha256(canonicalJson(value));
}
