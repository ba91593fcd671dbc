/**
 * All that a stage may import from bloodline: `import { type Stage, StageError } from 'bloodline-ml/stage'`.
 *
 * A stage is a TypeScript file with named exports:
 *
 *     export const inputs = { samples: 'required', weights: 'optional' } as const;
 *     export const outputs = ['assignment'] as const;
 *     export const draws = true;      // uses the seed
 *     export const tensors = false;   // true: its process gets the tensor engine's environment
 *     export const params = { size: { type: 'integer', unit: 'pixels', minimum: 8, default: 128, description: '…' } } as const;
 *     type Params = typeof params;    // by this name, since `params` below is the argument
 *     export default async function run({ params, input, output }: Stage<Params>) { … }
 *
 * `params` holds a JSON Schema for each parameter and must be a plain literal: then esbuild drops it from the
 * executed bundle, and a better description re-runs nothing. A parameter without a default is required.
 * `format: 'module'` marks a parameter that names a TypeScript file; it is bundled and keyed by itself and handed
 * over by `module(name)`; its path is not in the key and not in `params`.
 */
import type { FromSchema, JSONSchema } from 'json-schema-to-ts';
import type { Json } from '../json.ts';

/** Raised when the contract below changes what stages compute; part of every stage's key. */
export const PROTOCOL = 1;

/** A parameter's schema: JSON Schema draft-07 and the words `unit` and `format: 'module'`. */
export type ParamSchema = JSONSchema & { readonly description?: string; readonly unit?: string };
export type ParamSchemas = { readonly [name: string]: ParamSchema };

/** The values of parameters as their schemas describe them, after defaults. */
export type ParamValues<S extends ParamSchemas> = { readonly [K in keyof S]: FromSchema<S[K]> };

export interface Stage<S extends ParamSchemas = ParamSchemas> {
  readonly params: ParamValues<S>;
  /** From the pipeline's seed and the stage's name; 0..2^32-1. Only for stages that export `draws = true`; others get 0. */
  readonly seed: number;
  /** Absolute path of an input artifact (a file or a folder, as it was made), read-only. A fan-in is a folder with an entry for each coordinate. Throws where the input is absent; see `has`. */
  input(name: string): string;
  /** Whether an optional input is there. */
  has(name: string): boolean;
  /** Absolute path at which to create the output, as a file or as a folder; nothing is there yet. */
  output(name: string): string;
  /** The module that a parameter of `format: 'module'` names. */
  module<M = Record<string, unknown>>(param: string): Promise<M>;
  /** A folder that outlives a failed or killed attempt of the same key on the same engine, and goes when the stage ends well. */
  readonly checkpoint: string;
  /** How far it is. Cheap enough to call each step: it is throttled. */
  progress(done: number, total: number, label?: string, values?: Readonly<Record<string, number>>): void;
  /** A result: a number kept in the record and compared between runs. */
  metric(name: string, value: number): void;
  /** A circumstance (engine, images/s): kept in the record, never to be written into an artifact. */
  fact(name: string, value: Json): void;
  /** Something a person should know; kept in the record. */
  warn(message: string): void;
  /** Aborted when the run is interrupted or the stage timed out. */
  readonly signal: AbortSignal;
}

/** Expected trouble in a stage: bad data, a parameter that does not fit the data. Shown without a stack trace. */
export class StageError extends Error {
  override readonly name = 'StageError';
  readonly help: string | undefined;
  /** @param help the way out, a sentence. */
  constructor(message: string, help?: string) {
    super(message);
    this.help = help;
  }
}
