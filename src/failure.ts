/**
 * Expected trouble is a value: a `Failure` carries data, and only `src/log` turns it into words.
 * What is thrown instead is a bug of ours ("Internal error: …", exit code 70).
 */
export type Result<T, E = Failure> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: E };

export const ok = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value });
export const fail = <E>(error: E): { readonly ok: false; readonly error: E } => ({ ok: false, error });

/** A stretch of a file the user wrote. Lines and columns count from 1, columns in UTF-16 units. */
export interface Location {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** At least 1; how far the squiggle goes on that line. */
  readonly length: number;
  /** The text of the line, for showing. */
  readonly text: string;
}

/** One problem in something the user wrote. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  /** One sentence without a full stop, with what was expected and what was got. */
  readonly message: string;
  readonly at: Location;
  /** A second place that helps: the first of two equal keys, say. */
  readonly also?: readonly { readonly message: string; readonly at: Location }[];
  /** The way out: `did you mean "split"?` */
  readonly help?: string;
}

export type Failure =
  /** Something on the command line: an unknown stage, a profile that is not there. */
  | { readonly reason: 'usage'; readonly message: string; readonly help?: string }
  | { readonly reason: 'invalid-pipeline'; readonly diagnostics: readonly Diagnostic[] }
  | {
      readonly reason: 'code-does-not-build';
      readonly stage: string;
      readonly diagnostics: readonly Diagnostic[];
    }
  /** The stage's file could not be described: it threw when imported, or exports something malformed. */
  | {
      readonly reason: 'cannot-describe';
      readonly stage: string;
      readonly message: string;
      readonly help?: string;
      /** The same of other stages. */
      readonly others?: readonly Failure[];
    }
  /** A path input that is not there, or cannot be read. */
  | {
      readonly reason: 'input-missing';
      readonly stage: string;
      readonly input: string;
      readonly path: string;
      readonly help?: string;
    }
  | {
      readonly reason: 'download-failed';
      readonly stage: string;
      readonly input: string;
      readonly url: string;
      readonly message: string;
      readonly help?: string;
    }
  /** The stage said so itself, by throwing a `StageError`. */
  | {
      readonly reason: 'stage-error';
      readonly stage: string;
      readonly message: string;
      readonly help?: string;
      readonly logTail?: readonly string[];
    }
  | {
      readonly reason: 'exit-non-zero';
      readonly stage: string;
      readonly code: number;
      readonly logTail: readonly string[];
    }
  | {
      readonly reason: 'killed';
      readonly stage: string;
      readonly signal: string;
      readonly logTail: readonly string[];
    }
  | {
      readonly reason: 'timed-out';
      readonly stage: string;
      readonly afterMs: number;
      readonly logTail: readonly string[];
    }
  | {
      readonly reason: 'cannot-start';
      readonly stage: string;
      readonly message: string;
      readonly help?: string;
    }
  | {
      readonly reason: 'input-modified';
      readonly stage: string;
      readonly input: string;
      readonly path: string;
    }
  | { readonly reason: 'output-missing'; readonly stage: string; readonly output: string }
  /** A link, socket, device … in an output, or a name that cannot be kept. */
  | {
      readonly reason: 'output-unusable';
      readonly stage: string;
      readonly output: string;
      readonly path: string;
      readonly message: string;
    }
  | { readonly reason: 'bad-event'; readonly stage: string; readonly line: string; readonly message: string }
  | { readonly reason: 'upstream-failed'; readonly stage: string; readonly upstream: string }
  | { readonly reason: 'interrupted'; readonly signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGPIPE' }
  /** Bytes in the store that do not fit their digest and could not be made again. */
  | {
      readonly reason: 'store-damaged';
      readonly path: string;
      readonly message: string;
      readonly help?: string;
    }
  /** The file system said no: full, read-only, no permission. */
  | {
      readonly reason: 'store-unusable';
      readonly path: string;
      readonly message: string;
      readonly help?: string;
    }
  | { readonly reason: 'engine'; readonly message: string; readonly help?: string }
  /** A file that is no archive of a run, or one that is not trusted; nothing of it was used. */
  | {
      readonly reason: 'archive-refused';
      readonly path: string;
      readonly message: string;
      readonly help?: string;
    }
  /** A shared store is down, slow, or does not let us. */
  | { readonly reason: 'remote'; readonly remote: string; readonly message: string; readonly help?: string };

/** 0 done · 1 a stage failed · 2 usage or pipeline · 3 store damaged · 4 a gate is not met (no failure) · 70 our bug · 128+n ended by a signal. */
export function exitCode(failure: Failure): number {
  switch (failure.reason) {
    case 'usage':
    case 'invalid-pipeline':
    case 'code-does-not-build':
    case 'cannot-describe':
      return 2;
    case 'input-missing':
    case 'download-failed':
    case 'stage-error':
    case 'exit-non-zero':
    case 'killed':
    case 'timed-out':
    case 'cannot-start':
    case 'input-modified':
    case 'output-missing':
    case 'output-unusable':
    case 'bad-event':
    case 'upstream-failed':
    case 'store-unusable':
    case 'engine':
    case 'remote':
    case 'archive-refused':
      return 1;
    case 'store-damaged':
      return 3;
    case 'interrupted':
      return { SIGHUP: 129, SIGINT: 130, SIGPIPE: 141, SIGTERM: 143 }[failure.signal];
    default:
      return failure satisfies never;
  }
}
