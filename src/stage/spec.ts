import type { Json } from '../json.ts';

/** What the host of a stage reads from the file it is given: everything is an absolute path or plain data. */
export interface HostSpec {
  readonly stage: string;
  /** The executed bundle. */
  readonly bundle: string;
  /** Bundles of the parameters of `format: module`. */
  readonly modules: Readonly<Record<string, string>>;
  readonly params: Readonly<Record<string, Json>>;
  readonly seed: number;
  /** `null`: an optional input that is absent. */
  readonly inputs: Readonly<Record<string, string | null>>;
  readonly outputs: Readonly<Record<string, string>>;
  readonly checkpoint: string;
}
