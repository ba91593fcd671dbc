import type { CodeDigest } from '../digest.ts';

/** A stage's program ready to be hashed and executed. */
export type BuiltProgram =
  | {
      readonly kind: 'module';
      /** The bundle that runs: its text and the hash of it. */
      readonly code: CodeDigest;
      readonly text: string;
      /** The bundle with the schema literal still in it: what `describe` imports, and the key of the description. */
      readonly source: CodeDigest;
      readonly sourceText: string;
      /** External packages that the bundle imports, `bloodline-ml` left out. */
      readonly packages: readonly string[];
    }
  | { readonly kind: 'command'; readonly sources: Readonly<Record<string, string>> };
