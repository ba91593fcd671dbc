import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sha256 } from '../digest.ts';
import type { Location } from '../failure.ts';
import { canonicalJson } from '../json.ts';
import { seal, unseal } from '../sealed.ts';
import type { Choices, Input, Pipeline, StageInstance } from './pipeline.ts';
import { createSource, lineText, type Source, shownPath } from './source.ts';

/** What makes a pipeline the same as before. */
export interface KeptAt {
  readonly folder: string;
  /** Absolute. */
  readonly file: string;
  readonly text: string;
  readonly choices: Choices;
}

/** A place as line, column, length: its text is in the file, which is at hand. */
type ShortPlace = readonly [line: number, column: number, length: number];

interface Kept {
  readonly of: string;
  readonly pipeline: Pipeline;
}

/** The pipeline that this text was read to before, or null; also if a file of a stage is gone since. */
export function kept(at: KeptAt): Pipeline | null {
  try {
    const path = pathOf(at);
    const found = unseal<Kept>(basename(path), readFileSync(path, 'utf8'));
    if (found?.of !== signature(at)) return null;
    const source = createSource(shownPath(at.file), withoutMark(at.text));
    const stages = found.pipeline.stages.map((stage) => withPlaces(stage, (place) => long(source, place)));
    const pipeline = { ...found.pipeline, stages };
    return filesAreThere(pipeline) ? pipeline : null;
  } catch {
    // Missing, cut short, of another version: the same to a cache.
    return null;
  }
}

/** Keeps a pipeline for `kept`. Only to save time: a disk that says no costs the time, and is no failure. */
export function keep(at: KeptAt, pipeline: Pipeline): void {
  const stages = pipeline.stages.map((stage) => withPlaces(stage, short as never));
  const path = pathOf(at);
  const temporary = `${path}.${process.pid}`;
  try {
    // No whole path: the store makes that, once it knows that it can be made.
    for (const folder of [dirname(at.folder), at.folder]) if (!existsSync(folder)) mkdirSync(folder);
    writeFileSync(
      temporary,
      seal(basename(path), { of: signature(at), pipeline: { ...pipeline, stages } } satisfies Kept),
    );
    renameSync(temporary, path);
  } catch (error) {
    if (existsSync(temporary)) rmSync(temporary);
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
}

/** One for each file and choice, so that edits leave nothing behind. */
function pathOf({ folder, file, choices }: KeptAt): string {
  return join(folder, `${sha256(canonicalJson([file, choices])).slice(0, 32)}.json`);
}

function signature({ file, text }: KeptAt): string {
  return sha256(canonicalJson([file, readerStamp(), text]));
}

/** Changes with the code that reads pipelines: another version may read the same text otherwise, or refuse it. */
function readerStamp(): string {
  const folder = dirname(fileURLToPath(import.meta.url));
  return readdirSync(folder)
    .filter((name) => name.endsWith('.js'))
    .map((name) => {
      const { size, mtimeMs } = statSync(join(folder, name));
      return `${name}:${size}:${mtimeMs}`;
    })
    .sort()
    .join();
}

const withoutMark = (text: string): string => (text.startsWith('\uFEFF') ? text.slice(1) : text);

const short = ({ line, column, length }: Location): ShortPlace => [line, column, length];

const long = (source: Source, place: unknown): Location => {
  const [line, column, length] = place as ShortPlace;
  return { file: source.file, line, column, length, text: lineText(source, line) };
};

/** A stage with each of its places turned into another form. */
function withPlaces(stage: StageInstance, turn: (place: Location) => Location): StageInstance {
  return {
    ...stage,
    at: turn(stage.at),
    program: { ...stage.program, at: turn(stage.program.at) },
    inputs: mapped(stage.inputs, (input): Input => ({ ...input, at: turn(input.at) })),
    places: mapped(stage.places, turn),
  };
}

function mapped<T>(members: Readonly<Record<string, T>>, turn: (member: T) => T): Record<string, T> {
  const result: Record<string, T> = {};
  for (const name of Object.keys(members)) result[name] = turn(members[name]!);
  return result;
}

function filesAreThere({ root, stages }: Pipeline): boolean {
  const files = new Set(stages.flatMap(({ program }) => (program.kind === 'module' ? [program.file] : [])));
  return [...files].every(
    (file) => statSync(resolve(root, file), { throwIfNoEntry: false })?.isFile() === true,
  );
}
