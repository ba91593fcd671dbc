import type PQueue from 'p-queue';
import type { Objects } from './objects.ts';
import type { PublicKey } from './signing.ts';

/** An opened remote. */
export interface Remote {
  /** As the pipeline file calls it. */
  readonly name: string;
  /** Whose results are used. */
  readonly keys: readonly PublicKey[];
  readonly objects: Objects;
  /** All that moves bytes goes through it. */
  readonly queue: PQueue;
  /** Objects that were found not to fit: what is sent under these names replaces them. */
  readonly damaged: Set<string>;
}
