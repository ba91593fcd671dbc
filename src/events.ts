import type { CacheKey } from './digest.ts';
import type { Failure } from './failure.ts';
import type { Json, JsonObject } from './json.ts';

/** What a stage's child writes to file descriptor 3, one JSON object a line. */
export type StageEvent =
  /** How far it is. `label` says what is counted ("epoch 3/10"); `values` are numbers to look at meanwhile. */
  | {
      readonly type: 'progress';
      readonly done: number;
      readonly total: number;
      readonly label?: string;
      readonly values?: Readonly<Record<string, number>>;
    }
  /** A result: kept in the record, compared between runs. */
  | { readonly type: 'metric'; readonly name: string; readonly value: number }
  /** A circumstance (engine, images/s): kept in the record, never in an artifact. */
  | { readonly type: 'fact'; readonly name: string; readonly value: Json }
  /** Something a person should know, kept in the record. */
  | { readonly type: 'warning'; readonly message: string }
  /** Last words of a stage that stops on expected trouble. */
  | { readonly type: 'error'; readonly message: string; readonly help?: string }
  /** The stage's function returned: without this line an exit code of 0 is not believed. */
  | { readonly type: 'done' };

/** Why a stage will run, one entry for each part of the key that differs from the last record of that stage. */
export type Reason =
  | { readonly why: 'never-ran' }
  | { readonly why: 'forced' }
  | { readonly why: 'code' }
  | { readonly why: 'module'; readonly param: string }
  | {
      readonly why: 'package';
      readonly name: string;
      readonly from: string | null;
      readonly to: string | null;
    }
  | { readonly why: 'protocol'; readonly from: number; readonly to: number }
  | {
      readonly why: 'param';
      readonly name: string;
      readonly from: Json | undefined;
      readonly to: Json | undefined;
    }
  | { readonly why: 'input'; readonly name: string }
  | { readonly why: 'seed'; readonly from: number | null; readonly to: number | null }
  | { readonly why: 'outputs' }
  | { readonly why: 'environment'; readonly name: string }
  /** The record is there, an artifact of it is not, or was set aside because its bytes did not fit. */
  | { readonly why: 'artifact-gone'; readonly output: string }
  /** An upstream stage runs first; whether this one will is known after it. */
  | { readonly why: 'depends-on'; readonly stage: string };

/** A stage whose result is another than in the last run of this pipeline and profile. */
export interface ChangedStage {
  readonly stage: string;
  /** Why it ran; empty where an earlier run had made this result already. */
  readonly reasons: readonly Reason[];
  /** Its inputs from outside the pipeline (files, folders, addresses) whose bytes are others. */
  readonly data: readonly string[];
  /** Metrics that moved. */
  readonly metrics: readonly { readonly name: string; readonly from: number; readonly to: number }[];
}

/** All that can happen in a run. The terminal, `--json`, the log file and the run's page are views of this stream. */
export type RunEvent =
  | {
      readonly type: 'run-started';
      readonly run: string;
      readonly pipeline: string;
      readonly profile: string | null;
      /** What is to run took so long the last time, with so many at once as now; `null`: not all of it ever ran. */
      readonly expectedMs: number | null;
      readonly stages: readonly {
        readonly stage: string;
        readonly plan: 'cached' | 'run' | 'waits';
        /** What it took the last time, where it is to run again. */
        readonly expectedMs?: number;
      }[];
    }
  | { readonly type: 'stage-queued'; readonly stage: string }
  /** Another run on this store makes the very same: its result is waited for, or, if it dies, made here. */
  | { readonly type: 'stage-waits'; readonly stage: string; readonly run: string }
  | {
      readonly type: 'stage-started';
      readonly stage: string;
      readonly key: CacheKey;
      readonly reasons: readonly Reason[];
      readonly attempt: number;
    }
  | { readonly type: 'stage-event'; readonly stage: string; readonly event: StageEvent }
  | {
      readonly type: 'stage-output';
      readonly stage: string;
      readonly stream: 'stdout' | 'stderr';
      readonly text: string;
    }
  | {
      readonly type: 'download';
      readonly stage: string;
      readonly url: string;
      readonly done: number;
      readonly total: number | null;
    }
  /** Bytes of a result on their way from or to a shared store. */
  | {
      readonly type: 'transfer';
      readonly stage: string;
      readonly remote: string;
      readonly direction: 'from' | 'to';
      readonly done: number;
      readonly total: number;
    }
  /** A shared store has a result that was not used: unsigned, or its bytes do not fit. */
  | {
      readonly type: 'result-refused';
      readonly stage: string;
      readonly remote: string;
      readonly why: string;
    }
  /** A shared store is not asked any more in this run, which goes on without it. */
  | { readonly type: 'remote-off'; readonly remote: string; readonly message: string }
  | {
      readonly type: 'stage-retried';
      readonly stage: string;
      readonly attempt: number;
      readonly of: number;
      /** The pause before the next attempt. */
      readonly inMs: number;
      readonly failure: Failure;
    }
  /** Bytes that did not fit their digest were moved away; what needs them is made again. */
  | {
      readonly type: 'artifact-set-aside';
      readonly stage: string;
      readonly output: string;
      readonly path: string;
    }
  | {
      readonly type: 'stage-finished';
      readonly stage: string;
      readonly how: 'ran' | 'cached';
      readonly key: CacheKey;
      readonly ms: number;
      readonly metrics: Readonly<Record<string, number>>;
      readonly facts: JsonObject;
    }
  /** A second execution of one key on the same engine facts gave other bytes. */
  | {
      readonly type: 'stage-not-deterministic';
      readonly stage: string;
      readonly key: CacheKey;
      readonly outputs: readonly string[];
    }
  | { readonly type: 'stage-failed'; readonly stage: string; readonly failure: Failure }
  | { readonly type: 'stage-skipped'; readonly stage: string; readonly failure: Failure }
  /** What came out otherwise than in the last run; told where there was one, and anything did. */
  | { readonly type: 'changed'; readonly stages: readonly ChangedStage[] }
  /** What a gate of the pipeline file says of the run; told where all stages are there. */
  | { readonly type: 'gate'; readonly gate: string; readonly met: boolean; readonly text: string }
  | {
      readonly type: 'run-finished';
      readonly run: string;
      readonly ok: boolean;
      readonly ran: readonly string[];
      readonly cached: readonly string[];
      readonly failed: readonly string[];
      readonly skipped: readonly string[];
      readonly ms: number;
      /** The run's page, if one was written; where nothing ran, that of the newest run of this pipeline and profile. */
      readonly page: string | null;
    };

export type Emit = (event: RunEvent) => void;
