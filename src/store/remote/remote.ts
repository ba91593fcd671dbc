import type PQueue from 'p-queue';
import type { CacheKey } from '../../digest.ts';
import type { PublicKey } from '../../pipeline/pipeline.ts';
import type { Objects } from './objects.ts';

/** An opened remote. */
export interface Remote {
  /** As the pipeline file calls it. */
  readonly name: string;
  /** Whose results are used. */
  readonly keys: readonly PublicKey[];
  readonly objects: Objects;
  /** All that moves bytes goes through it. */
  readonly queue: PQueue;
  /** Keys of results of which something did not fit: what is sent for these replaces all that is there. */
  readonly damaged: Set<CacheKey>;
}
