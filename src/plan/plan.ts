import type { CacheKey } from '../digest.ts';
import type { Reason } from '../events.ts';
import type { Diagnostic } from '../failure.ts';
import type { Pipeline, StageInstance } from '../pipeline/pipeline.ts';
import type { StageDescription } from '../stage/description.ts';
import type { KeyParts, StageRecord } from '../store/record.ts';
import type { BuiltProgram } from './code.ts';

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
      readonly description: StageDescription;
    }
  | {
      readonly state: 'waits';
      readonly stage: StageInstance;
      readonly on: readonly string[];
      readonly reasons: readonly Reason[];
    }
  /** Its file was never described: only `run` may run it to find out. */
  | { readonly state: 'undescribed'; readonly stage: StageInstance };

export interface Plan {
  readonly pipeline: Pipeline;
  /** In the order of `pipeline.stages`. */
  readonly stages: readonly Planned[];
  /** Problems that only the descriptions show: params a schema refuses, outputs that are not there. */
  readonly diagnostics: readonly Diagnostic[];
}
