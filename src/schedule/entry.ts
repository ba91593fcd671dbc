import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sha256 } from '../digest.ts';
import type { Failure, Result } from '../failure.ts';
import type { Notify, Pipeline, Schedule } from '../pipeline/pipeline.ts';
import { layout } from '../store/layout.ts';

/** A schedule of one pipeline file on this machine. */
export interface Named {
  /** Letters, digits, `-` and `_`: part of names of units, locks and files. */
  readonly id: string;
  readonly name: string;
  /** The pipeline file, absolute. */
  readonly file: string;
}

/** What another program is to call each minute, in what environment. */
export interface Entry extends Named {
  readonly schedule: Schedule;
  /** Program and arguments, with absolute paths. */
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Where what it says goes, for callers that keep no log. */
  readonly log: string;
  /** Variables that the pipeline file names for stages and notifications. */
  readonly variables: readonly string[];
}

/** A program that can call an entry. Each touches what it made itself and nothing else; all but `text` change the machine. */
export interface Way {
  /** What would be installed, for reading. */
  readonly text: (entry: Entry) => Result<string>;
  readonly isInstalled: (named: Named) => boolean;
  /** Puts it in place, or in the place of an older one; what was done, a line each. */
  readonly install: (entry: Entry) => Result<readonly string[], Failure>;
  /** Takes it away; empty where there was none. */
  readonly remove: (named: Named) => Result<readonly string[], Failure>;
}

export const named = (file: string, name: string): Named => ({
  id: `${sha256<'path'>(resolve(file)).slice(0, 16)}-${name}`,
  name,
  file: resolve(file),
});

/** What an own shell has and a service's has not. Values that stages or notifications need may be secret: not these. */
const CARRIED = [
  'PATH',
  'LD_LIBRARY_PATH',
  'TZ',
  'XDG_CACHE_HOME',
  'BLOODLINE_CACHE',
  'BLOODLINE_ENGINE',
] as const;

function variablesOf({ to }: Notify): readonly string[] {
  if (to.kind === 'command') return [];
  return ['env' in to.url ? [to.url.env] : [], to.header === null ? [] : [to.header.env]].flat();
}

const BIN = fileURLToPath(new URL('../../../bin/bloodline.js', import.meta.url));

/** What Node is to run, each minute or when a time has come. */
export const callOf = ({ file, name }: Named): readonly string[] => [
  ...[BIN, '--file', file],
  ...['run', '--if-due', name, '--quiet'],
];

/** @param secrets a file of `NAME=value` lines, for what is secret or a shell's own */
export function entryOf(
  { file, stages, notify }: Pipeline,
  schedule: Schedule,
  store: string,
  {
    secrets,
    env = process.env,
  }: { secrets: string | null; env?: Readonly<Record<string, string | undefined>> },
): Entry {
  const its = named(file, schedule.name);
  const environment: Record<string, string> = {};
  for (const name of CARRIED) if (env[name]) environment[name] = env[name];
  // cron's lines are short, and a shell's PATH often names folders twice.
  if (env['PATH']) environment['PATH'] = [...new Set(env['PATH'].split(delimiter))].join(delimiter);
  if (store !== join(dirname(its.file), 'artifacts')) environment['BLOODLINE_STORE'] = store;
  const variables = [...stages.flatMap((stage) => stage.env), ...notify.flatMap(variablesOf)];
  return {
    ...its,
    schedule,
    argv: [process.execPath, ...(secrets === null ? [] : [`--env-file=${resolve(secrets)}`]), ...callOf(its)],
    environment,
    log: layout.scheduleLog(store, its.id),
    variables: [...new Set(variables)].sort(),
  };
}
