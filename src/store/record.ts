import type { BlobDigest, CacheKey, CodeDigest, TreeDigest } from '../digest.ts';
import type { Json, JsonObject } from '../json.ts';

/** A named output in the store: one file, or a folder of files. */
export type Artifact =
  | { readonly kind: 'file'; readonly digest: BlobDigest; readonly files: 1; readonly bytes: number }
  | { readonly kind: 'folder'; readonly digest: TreeDigest; readonly files: number; readonly bytes: number };

/** Digest of one input: an artifact, a user's file or folder, `null` where absent; by coordinate for a fan-in. */
export type InputDigest = string | null | { readonly [coordinate: string]: string };

/**
 * Everything that can change a stage's bytes, and nothing else; its canonical JSON is hashed to the key.
 * Not here: paths, times, hosts, executor, resources, retries, timeout, the engine that `auto` resolved to.
 */
export interface KeyParts {
  readonly protocol: number;
  readonly program:
    | { readonly kind: 'module'; readonly code: CodeDigest }
    | {
        readonly kind: 'command';
        readonly command: Json;
        readonly sources: { readonly [path: string]: string };
      };
  /** Parameters of `format: module`, each by the code of the file it names. */
  readonly modules: { readonly [param: string]: CodeDigest };
  /** External packages reached → digest of the lock-file integrities of their closure. */
  readonly packages: { readonly [name: string]: string };
  /** After defaults, without those of `format: module`. */
  readonly params: JsonObject;
  readonly inputs: { readonly [name: string]: InputDigest };
  /** Only for stages that draw. */
  readonly seed: number | null;
  readonly outputs: readonly string[];
  /** Digest of each allowed variable's value; `null` where it is not set. */
  readonly env: { readonly [name: string]: string | null };
}

/** What one execution of a stage left behind: `records/<key>/<digest of the outputs>`. */
export interface StageRecord {
  readonly format: 1;
  readonly key: CacheKey;
  readonly parts: KeyParts;
  /** The instance that ran; another instance with the same key may use it. */
  readonly stage: string;
  readonly outputs: { readonly [name: string]: Artifact };
  readonly metrics: Readonly<Record<string, number>>;
  /** Circumstances: engine, node, cpu, images/s, peakMemory … */
  readonly facts: JsonObject;
  readonly warnings: readonly string[];
  readonly log: BlobDigest | null;
  readonly run: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly ms: number;
}
