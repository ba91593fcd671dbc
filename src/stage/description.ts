import type { ParamSchemas } from './contract.ts';

/** What a stage's file says of itself, kept in the store by the hash of its source bundle. */
export interface StageDescription {
  readonly inputs: Readonly<Record<string, 'required' | 'optional'>>;
  readonly outputs: readonly string[];
  readonly draws: boolean;
  readonly tensors: boolean;
  readonly params: ParamSchemas;
  /** First paragraph of the file's header comment, if any. */
  readonly summary?: string;
}
