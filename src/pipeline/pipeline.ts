import type { Location } from '../failure.ts';
import type { Json, JsonObject } from '../json.ts';

/** `name`, or `name@vgg16` (one axis: its value), or `name@model=vgg16,seed=2` (several, in the order written). */
export type StageId = string & { readonly __of: 'stage id' };

/** A pipeline file after parsing, profile, `--param` and matrix expansion: valid, frozen, plain data. */
export interface Pipeline {
  readonly file: string;
  /** Folder of the file; relative paths start here. */
  readonly root: string;
  readonly name: string;
  readonly seed: number;
  readonly profile: string | null;
  /** Names of all that there are. */
  readonly profiles: readonly string[];
  /** After profile and `--param`. */
  readonly params: JsonObject;
  /** Those of them that `--param` gave. */
  readonly chosen: JsonObject;
  readonly gates: readonly Gate[];
  readonly schedules: readonly Schedule[];
  readonly notify: readonly Notify[];
  readonly remotes: readonly SharedStore[];
  /** Instances in topological order; siblings in the order written. */
  readonly stages: readonly StageInstance[];
}

/** What a metric must be for a run to count as good. */
export interface Gate {
  readonly name: string;
  /** A stage, of whose instances the best counts, or one instance. */
  readonly stage: string;
  readonly metric: string;
  readonly min: number | null;
  readonly max: number | null;
  /** So much less than the champion's it may be. */
  readonly maxDrop: number | null;
}

/** When to run. */
export interface Schedule {
  readonly name: string;
  readonly cron: string;
  /** IANA name. */
  readonly timezone: string;
  readonly profile: string | null;
  readonly catchUp: 'last' | 'none' | 'all';
  readonly overlap: 'refuse' | 'queue';
  /** What of the store stays after a run; `null`: all. */
  readonly keep: { readonly maxBytes: number | null; readonly ageMs: number | null } | null;
}

/** Whom to tell how a run of a schedule ended. */
export interface Notify {
  readonly name: string;
  readonly on: readonly ('failed' | 'gates' | 'data' | 'done')[];
  readonly to:
    | { readonly kind: 'command'; readonly command: readonly string[] }
    | {
        readonly kind: 'webhook';
        readonly url: { readonly text: string } | { readonly env: string };
        /** `env`: the variable that holds its value. */
        readonly header: { readonly name: string; readonly env: string } | null;
      };
}

/** An Ed25519 public key as people write it: `ed25519:` and its 32 bytes in base64. */
export type PublicKey = string & { readonly __of: 'public key' };

/** A store that several machines share. */
export interface SharedStore {
  readonly name: string;
  readonly at:
    | { readonly path: string }
    | {
        readonly bucket: string;
        /** Ends in `/` where it is not empty. */
        readonly prefix: string;
        readonly endpoint: string | null;
        readonly region: string | null;
      };
  /** Public keys whose results are used. */
  readonly keys: readonly PublicKey[];
}

export interface StageInstance {
  readonly id: StageId;
  readonly name: string;
  readonly coordinates: JsonObject;
  readonly program: Program;
  readonly inputs: Readonly<Record<string, Input>>;
  /** Declared for a command; for a module they come from its description. */
  readonly outputs: readonly string[] | null;
  /** After substitution, before the defaults of the stage's own schema. */
  readonly params: JsonObject;
  readonly resources: Readonly<Record<string, number>>;
  readonly timeoutMs: number | null;
  readonly retries: number;
  /** Names of environment variables that reach the stage and its key. */
  readonly env: readonly string[];
  /** Where its name stands. */
  readonly at: Location;
  /** Where parts of it stand, by JSON pointer below the stage: `/params/epochs`, `/inputs/pixels`. */
  readonly places: Readonly<Record<string, Location>>;
}

export type Program =
  | { readonly kind: 'module'; readonly file: string; readonly at: Location }
  /** `argv` may still hold `${inputs.x}`, `${outputs.y}` and `${params.z}`, filled in when it starts; `shell` goes to sh -c as it is. */
  | {
      readonly kind: 'command';
      readonly command: { readonly argv: readonly string[] } | { readonly shell: string };
      /** Globs relative to the root: the command's code. */
      readonly sources: readonly string[];
      readonly at: Location;
    };

export type Input =
  | { readonly kind: 'artifact'; readonly stage: StageId; readonly output: string; readonly at: Location }
  /** One artifact for each coordinate of the axes that the consumer lacks; `coordinate` names its entry in the folder handed over. */
  | {
      readonly kind: 'fan-in';
      readonly from: readonly {
        readonly coordinate: string;
        readonly stage: StageId;
        readonly output: string;
      }[];
      readonly at: Location;
    }
  /** The user's own file or folder: hashed by content, its path is not in the key. */
  | { readonly kind: 'path'; readonly path: string; readonly at: Location }
  | { readonly kind: 'url'; readonly url: string; readonly digest: UrlDigest; readonly at: Location }
  /** `path: null`: allowed where the stage calls the input optional. */
  | { readonly kind: 'absent'; readonly at: Location };

export interface UrlDigest {
  readonly algorithm: 'sha256' | 'md5';
  readonly hex: string;
}

/** What may be turned from outside. */
export interface Choices {
  readonly profile?: string;
  /** `--param name=value`, value parsed as YAML. */
  readonly params?: Readonly<Record<string, Json>>;
}
