import type { StageInstance } from '../pipeline/pipeline.ts';
import { TOKEN } from './stage-token.ts';

/** Variables that any program needs to run at all; nothing else of the user's environment reaches a stage. */
const ALWAYS = ['PATH', 'HOME', 'USER', 'TMPDIR', 'TZ', 'LD_LIBRARY_PATH'] as const;

export interface ChildEnvironment {
  readonly stage: StageInstance;
  readonly inputs: Readonly<Record<string, string | null>>;
  readonly outputs: Readonly<Record<string, string>>;
  readonly params: Readonly<Record<string, unknown>>;
  readonly seed: number;
  readonly checkpoint: string;
  readonly eventsFile: string | null;
  /** By which all its processes are found. */
  readonly token: string;
  /** Ids of the accelerators handed to this stage; none: it sees none. */
  readonly gpus: readonly string[];
  /** What the tensor engine wants to be there before the process starts. */
  readonly engine: Readonly<Record<string, string>>;
}

/** The whole environment of a stage's process. */
export function childEnvironment(
  of: ChildEnvironment,
  ours: Readonly<Record<string, string | undefined>> = process.env,
): Record<string, string> {
  const env: Record<string, string> = {};
  const put = (name: string, value: string | undefined): void => {
    if (value !== undefined) env[name] = value;
  };
  for (const name of ALWAYS) put(name, ours[name]);
  // Sorting and number formats of other programs must not depend on whose terminal this is.
  env['LC_ALL'] = 'C.UTF-8';
  for (const name of of.stage.env) put(name, ours[name]);
  env['CUDA_VISIBLE_DEVICES'] = of.gpus.join(',');
  Object.assign(env, of.engine);
  for (const [name, path] of Object.entries(of.inputs))
    if (path !== null) env[`BLOODLINE_INPUT_${shout(name)}`] = path;
  for (const [name, path] of Object.entries(of.outputs)) env[`BLOODLINE_OUTPUT_${shout(name)}`] = path;
  for (const [name, value] of Object.entries(of.params))
    env[`BLOODLINE_PARAM_${shout(name)}`] = typeof value === 'string' ? value : JSON.stringify(value);
  env[TOKEN] = of.token;
  env['BLOODLINE_STAGE'] = of.stage.id;
  env['BLOODLINE_SEED'] = String(of.seed);
  env['BLOODLINE_CHECKPOINT'] = of.checkpoint;
  if (of.eventsFile !== null) env['BLOODLINE_EVENTS'] = of.eventsFile;
  return env;
}

/** `near-duplicates` → `NEAR_DUPLICATES`. */
const shout = (name: string): string => name.replace(/[^A-Za-z0-9]/g, '_').toUpperCase();
