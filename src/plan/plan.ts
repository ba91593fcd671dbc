import type { CacheKey } from '../digest.ts';
import type { Reason } from '../events.ts';
import type { Diagnostic } from '../failure.ts';
import type { Pipeline, StageInstance } from '../pipeline/pipeline.ts';
import type { StageDescription } from '../stage/description.ts';
import type { KeyParts, StageRecord } from '../store/record.ts';
import type { BuiltModule, BuiltProgram } from './code.ts';

/** What a stage instance comes to. `hit`, `miss` know their key; below a miss the key is not known yet. */
export type Planned =
  | {
      readonly state: 'hit';
      readonly stage: StageInstance;
      readonly key: CacheKey;
      readonly parts: KeyParts;
      readonly record: StageRecord;
    }
  | {
      readonly state: 'miss';
      readonly stage: StageInstance;
      readonly key: CacheKey;
      readonly parts: KeyParts;
      readonly reasons: readonly Reason[];
      readonly program: BuiltProgram;
      /** The bundles of the parameters of `format: module`. */
      readonly modules: Readonly<Record<string, BuiltModule>>;
      readonly description: StageDescription;
    }
  | {
      readonly state: 'waits';
      readonly stage: StageInstance;
      /** Stages whose outputs must be known first. */
      readonly on: readonly string[];
      /** `null` where its own problems (see the plan's diagnostics) keep it from being planned. */
      readonly description: StageDescription | null;
      /** What is known of its key so far: inputs that are not known yet are not in it. */
      readonly parts: KeyParts | null;
      /** The code that it would run, by digest. */
      readonly texts: Readonly<Record<string, string>>;
      /** `depends-on` for each of them, and what is known already to differ from the last record. */
      readonly reasons: readonly Reason[];
    }
  /** Its file was never described: only `run` may run it to find out. */
  | { readonly state: 'undescribed'; readonly stage: StageInstance; readonly program: BuiltProgram };

export interface Plan {
  readonly pipeline: Pipeline;
  /** In the order of `pipeline.stages`. */
  readonly stages: readonly Planned[];
  /** Problems that only the descriptions show: params a schema refuses, outputs that are not there. */
  readonly diagnostics: readonly Diagnostic[];
}
