import { type CacheKey, type CodeDigest, sha256OfJson } from '../digest.ts';
import type { Json, JsonObject } from '../json.ts';
import type { Pipeline, StageInstance } from '../pipeline/pipeline.ts';
import { PROTOCOL } from '../stage/contract.ts';
import type { StageDescription } from '../stage/description.ts';
import type { InputDigest, KeyParts } from '../store/record.ts';
import type { BuiltProgram } from './code.ts';
import { stageSeed } from './seed.ts';
import { variableDigest } from './variable-digest.ts';

/** All that goes into a key besides the pipeline and the stage themselves. */
export interface KeySources {
  readonly pipeline: Pipeline;
  readonly stage: StageInstance;
  readonly program: BuiltProgram;
  readonly description: StageDescription;
  /** After defaults, without those of `format: module`. */
  readonly params: JsonObject;
  /** Parameters of `format: module`, by the code of the file that each names. */
  readonly modules: Readonly<Record<string, CodeDigest>>;
  readonly packages: Readonly<Record<string, string>>;
  readonly inputs: Readonly<Record<string, InputDigest>>;
  /** Where the allowed variables are read. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Everything that can change a stage's bytes, and nothing else. */
export function keyParts(sources: KeySources): KeyParts {
  const { pipeline, stage, program, description, params, modules, packages, inputs, environment } = sources;
  return {
    // What the contract promises; a fix in the runner does not re-train the world.
    protocol: PROTOCOL,
    // The very text that runs, or the files that a command says are its code.
    program:
      program.kind === 'module'
        ? { kind: 'module', code: program.code }
        : { kind: 'command', command: commandOf(stage), sources: program.sources },
    // Apart from the code: touching VGG16 must not re-train the others.
    modules,
    // A new sharp changes what uses sharp.
    packages,
    // Only this stage's own: a knob that others have is none of its business.
    params,
    // By content: a stage that ran again to the same bytes re-runs nothing below it.
    inputs,
    // Only where it is used: another seed must not ingest again.
    seed: description.draws ? stageSeed(pipeline.seed, stage.name) : null,
    // A stage that is asked for other outputs does other work.
    outputs: [...description.outputs].sort(),
    // All else of the environment is kept from the stage. Slow digests, because variables hold secrets.
    env: Object.fromEntries(
      stage.env.map((name) => {
        const value = environment[name];
        return [name, value === undefined ? null : variableDigest(name, value)];
      }),
    ),
  };
}

export function cacheKey(parts: KeyParts): CacheKey {
  return sha256OfJson(parts);
}

function commandOf(stage: StageInstance): Json {
  if (stage.program.kind !== 'command') throw new Error('Internal error: not a command');
  const { command } = stage.program;
  return 'argv' in command ? { argv: command.argv } : { shell: command.shell };
}
