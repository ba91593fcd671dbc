import type { CodeDigest } from '../digest.ts';

/** One executable bundle. */
export interface BuiltModule {
  /** The hash of `text`. */
  readonly code: CodeDigest;
  readonly text: string;
  /** Its source map, for stack traces; not hashed. */
  readonly map: string;
  /** External packages that it imports, `bloodline-ml` left out, sorted. */
  readonly packages: readonly string[];
}

/** A stage's program ready to be hashed and executed. */
export type BuiltProgram =
  | (BuiltModule & {
      readonly kind: 'module';
      /**
       * The bundle of all exports but the default one: what `describe` imports, and the key of the description. An edit
       * of the stage's code leaves it as it is.
       */
      readonly source: CodeDigest;
      readonly sourceText: string;
    })
  | { readonly kind: 'command'; readonly sources: Readonly<Record<string, string>> };
