/** What the ways to TensorFlow's libraries are given, and what they bring. */
export interface WayOptions {
  /** A folder of the install's own, removed at its end. */
  readonly work: string;
  /** Where what was fetched stays until an install ends well. */
  readonly downloads: string;
  /** Where the libraries go. */
  readonly engine: string;
  readonly python: string;
  /** What is being done, for people. */
  readonly onStep: (step: string) => void;
  readonly signal: AbortSignal;
}

export interface Parts {
  /** Of TensorFlow. */
  readonly version: string;
  /** Names of the libraries in `engine` that the addon is linked to. */
  readonly libraries: readonly string[];
  /** Names of the libraries beside them, which TensorFlow opens itself. */
  readonly others: readonly string[];
  /** The folder that has `tensorflow/c/c_api.h` below it. */
  readonly headers: string;
}
