import type { BlobDigest, CacheKey, OutputsDigest, Sha256, TreeDigest } from '../../digest.ts';
import { sha256OfJson } from '../../digest.ts';
import { canonicalJson } from '../../json.ts';
import type { PublicKey } from '../../pipeline/pipeline.ts';
import type { StageRecord } from '../record.ts';
import { outputsDigest } from '../records.ts';
import { validate } from '../validate-record.generated.ts';
import { type Refusal, refusal, type Signer, signature, signerId, whyNotTrusted } from './signing.ts';

/** Of a pack's bytes. */
export type PackDigest = Sha256<'pack'>;

/** Which file of a store: a blob, or a folder's node. */
export type ContentId =
  | { readonly kind: 'blob'; readonly digest: BlobDigest }
  | { readonly kind: 'tree'; readonly digest: TreeDigest };

/** With its size. */
export type Content = ContentId & { readonly bytes: number };

/** What lies in a remote as `results/<key>/<outputs>.<signer>.json`, beside the signature. */
export interface SharedResult {
  readonly record: StageRecord;
  /** Where its small files and its folders' nodes are. */
  readonly packs: readonly { readonly digest: PackDigest; readonly bytes: number }[];
  /** Files that travel by themselves, because they are large. */
  readonly alone: readonly Content[];
}

/** No result's text is longer; its packs and files are counted apart. */
export const LONGEST_RESULT = 64_000_000;

/** What a file that travels by itself is called in a remote, and in an archive. */
export const contentName = ({ kind, digest }: ContentId): string =>
  `${kind}s/${digest.slice(0, 2)}/${digest.slice(2)}`;

/** And a pack. */
export const packName = (digest: PackDigest): string => `packs/${digest}`;

/** Below it lie all results of a remote. */
export const RESULTS = 'results/';

export const resultsFolder = (key: CacheKey): string => `${RESULTS}${key}/`;

export function resultName(record: StageRecord, signer: PublicKey | null): string {
  const by = signer === null ? UNSIGNED : signerId(signer);
  return `${resultsFolder(record.key)}${outputsDigest(record.outputs)}.${by}.json`;
}

/** What the name of a result says; `null` for a name that is none. */
export function readResultName(name: string): {
  readonly key: CacheKey;
  readonly outputs: OutputsDigest;
  readonly signer: string;
} | null {
  const [, key, outputs, signer] = NAME.exec(name) ?? [];
  if (key === undefined) return null;
  return { key: key as CacheKey, outputs: outputs as OutputsDigest, signer: signer! };
}

const UNSIGNED = 'unsigned';
const NAME = /^results\/([0-9a-f]{64})\/([0-9a-f]{64})\.([0-9a-f]{16}|unsigned)\.json$/;

/** The text of a result; without a signer it says of itself that it is unsigned. */
export function writeResult(result: SharedResult, signer: Signer | null): string {
  const signed = { format: 1, ...result, ...signature(signer, signedText(result)) };
  return `${JSON.stringify(signed, null, 1)}\n`;
}

export type ReadResult = { readonly ok: true; readonly value: SharedResult } | Refusal;

/**
 * A result from elsewhere, all of it checked: that one of the trusted keys signed it, that it is the result of its name,
 * that its key is that of its parts. Its files are another matter: they are checked by their digests when they arrive.
 * @param trusted `null` takes what nobody signed too.
 */
export function readResult(name: string, text: string, trusted: readonly PublicKey[] | null): ReadResult {
  try {
    return check(name, text, trusted);
  } catch (error) {
    // Nested so deeply that nobody can walk through it.
    if (error instanceof RangeError) return refusal('it is damaged: nested too deeply');
    throw error;
  }
}

function check(name: string, text: string, trusted: readonly PublicKey[] | null): ReadResult {
  const named = readResultName(name);
  let read: SharedResult & { format: unknown; signer: unknown; signature: unknown };
  try {
    read = JSON.parse(text);
  } catch {
    return refusal('it is damaged: no JSON');
  }
  if (named === null || read?.format !== 1 || !isShared(read))
    return refusal('it is damaged, or of another version');
  const { record, packs, alone } = read;
  const result: SharedResult = { record, packs, alone };
  if (trusted !== null) {
    const refused = whyNotTrusted(read, signedText(result), trusted);
    if (refused !== null) return refused;
  }
  if (named.key !== record.key || named.outputs !== outputsDigest(record.outputs))
    return refusal('it is the result of another key');
  if (sha256OfJson(record.parts) !== record.key) return refusal('its key is not that of its parts');
  return { ok: true, value: result };
}

/** All that is relied on: canonical, so that white space may change on the way. */
const signedText = ({ record, packs, alone }: SharedResult): string =>
  `bloodline result 1\n${canonicalJson({ record, packs, alone })}`;

function isShared({ record, packs, alone }: SharedResult): boolean {
  return (
    validate(record) &&
    Array.isArray(packs) &&
    packs.every((pack) => isSized(pack)) &&
    Array.isArray(alone) &&
    alone.every((one) => isSized(one) && (one.kind === 'blob' || one.kind === 'tree'))
  );
}

const isSized = (one: { readonly digest: unknown; readonly bytes: unknown } | null): boolean =>
  typeof one?.digest === 'string' &&
  HEX.test(one.digest) &&
  Number.isSafeInteger(one.bytes) &&
  Number(one.bytes) >= 0;

const HEX = /^[0-9a-f]{64}$/;
