import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { readSize } from '../amount.ts';
import type { Location } from '../failure.ts';
import type { Json, JsonObject } from '../json.ts';
import { type Draft, filled, placesOf, problem } from './draft.ts';
import { got } from './got.ts';
import { combinations, stageId } from './matrix.ts';
import type { Program, StageInstance } from './pipeline.ts';
import { readInput, type WrittenInput } from './read-input.ts';
import type { StageText } from './schema.ts';
import { nearestFile } from './siblings.ts';
import { mentioned, type Scope } from './substitute.ts';
import { nearest } from './suggest.ts';
import { placeOfKey, placeOfValue } from './tree.ts';

/** A stage with its `${}` filled in and its matrix expanded, its inputs not joined yet. */
export interface DraftStage {
  readonly name: string;
  readonly text: StageText;
  readonly axes: readonly string[];
  readonly instances: readonly DraftInstance[];
}

export interface DraftInstance extends Omit<StageInstance, 'inputs'> {
  readonly inputs: Readonly<Record<string, WrittenInput>>;
}

/** Reads one stage of a checked file; what is wrong with it is added to the draft's problems. */
export function readStage(draft: Draft, name: string, text: StageText): DraftStage {
  const axes = readMatrix(draft, name, text);
  const at = placeOfKey(draft.document, ['stages', name]);
  const places = placesOf(draft.document, name, text);
  const instances = combinations(axes).map((coordinates) =>
    readInstance(draft, { name, text, at, places, coordinates }),
  );
  return { name, text, axes: Object.keys(axes), instances };
}

/**
 * The axis that a mistyped one was meant to be: the stage mentions `${model}`, which is nothing else, and has an axis
 * `modle`, which it does not mention. It is told, and all else is read as if it had been written so.
 */
function meantAxis(draft: Draft, name: string, text: StageText, axis: string): string {
  const { matrix, ...rest } = text;
  const used = mentioned(rest as unknown as Json);
  if (used.has(axis)) return axis;
  const unknown = [...used].filter(
    (each) => !Object.hasOwn(draft.params, each) && !Object.hasOwn(matrix ?? {}, each),
  );
  const near = nearest(axis, unknown);
  if (near === null) return axis;
  problem(
    draft,
    `the stage uses \${${near}} and has an axis ${JSON.stringify(axis)}, which it does not use`,
    placeOfKey(draft.document, ['stages', name, 'matrix', axis]),
    { help: `did you mean ${JSON.stringify(near)}?` },
  );
  return near;
}

/** The values of each axis. One with a problem is left with what is good of it. */
function readMatrix(draft: Draft, name: string, text: StageText): Record<string, readonly Json[]> {
  const axes: Record<string, readonly Json[]> = {};
  for (const [axis, written] of Object.entries(text.matrix ?? {})) {
    const path = ['stages', name, 'matrix', axis];
    const at = placeOfValue(draft.document, path);
    const values = filled(draft, written as Json, { values: draft.params }, path);
    // An unknown ${…} has been told.
    if (values === written && typeof values === 'string') continue;
    if (!Array.isArray(values)) {
      problem(
        draft,
        `expected the axis ${JSON.stringify(axis)} to be a list of values, got ${got(values)}`,
        at,
      );
      continue;
    }
    if (values.length === 0) problem(draft, `the axis ${JSON.stringify(axis)} has no values`, at);
    const good = new Map<string, Json>();
    for (const value of values as readonly Json[]) {
      if (value === null || typeof value === 'object' || !/^[A-Za-z0-9][A-Za-z0-9._+-]*$/.test(String(value)))
        problem(
          draft,
          `expected the values of axis ${JSON.stringify(axis)} to be made of letters, digits and . _ + -, got ${got(value)}`,
          at,
          { help: 'they name folders; map them to other things inside the stage' },
        );
      else if (good.has(String(value)))
        problem(draft, `the axis ${JSON.stringify(axis)} has ${JSON.stringify(value)} twice`, at);
      else good.set(String(value), value);
    }
    axes[meantAxis(draft, name, text, axis)] = [...good.values()];
  }
  return axes;
}

interface Instance {
  readonly name: string;
  readonly text: StageText;
  readonly at: Location;
  readonly places: Readonly<Record<string, Location>>;
  readonly coordinates: JsonObject;
}

function readInstance(draft: Draft, instance: Instance): DraftInstance {
  const { name, text, at, places, coordinates } = instance;
  const scope: Scope = { values: axisless(coordinates) ? draft.params : { ...draft.params, ...coordinates } };
  const fill = (value: unknown, ...steps: readonly string[]) =>
    filled(draft, value as Json, scope, ['stages', name, ...steps]);

  const inputs: Record<string, WrittenInput> = {};
  for (const [input, written] of Object.entries(text.inputs ?? {})) {
    const before = draft.problems.length;
    const value = fill(written, 'inputs', input);
    // A ${…} that could not be filled in has been told.
    if (draft.problems.length > before) continue;
    const read = readInput(draft, value, places[`/inputs/${input}`] ?? at);
    if (read !== null) inputs[input] = read;
  }
  return {
    id: stageId(name, coordinates),
    name,
    coordinates,
    program: readProgram(draft, instance, scope),
    inputs,
    outputs: text.outputs ?? null,
    params: fill(text.params ?? {}, 'params') as JsonObject,
    resources: readResources(draft, instance, scope),
    timeoutMs: readTimeout(draft, instance, fill(text.timeout ?? null, 'timeout')),
    retries: readRetries(draft, instance, fill(text.retries ?? 0, 'retries')),
    env: text.env ?? [],
    at,
    places,
  };
}

const axisless = (coordinates: JsonObject): boolean => Object.keys(coordinates).length === 0;

function readProgram(draft: Draft, { name, text }: Instance, scope: Scope): Program {
  const path = ['stages', name, text.command === undefined ? 'run' : 'command'];
  const at = placeOfValue(draft.document, path);
  if (text.command === undefined) {
    const before = draft.problems.length;
    const file = String(filled(draft, text.run ?? '', scope, path));
    if (draft.problems.length === before) checkFile(draft, file, at);
    return { kind: 'module', file, at };
  }
  const sources = (text.sources ?? []).map((source, index) =>
    String(filled(draft, source, scope, ['stages', name, 'sources', index])),
  );
  if (typeof text.command === 'string')
    return { kind: 'command', command: { shell: text.command }, sources, at };
  const later = new Set([
    ...Object.keys(text.inputs ?? {}).map((input) => `inputs.${input}`),
    ...(text.outputs ?? []).map((output) => `outputs.${output}`),
    ...Object.keys(text.params ?? {}).map((param) => `params.${param}`),
  ]);
  const argv = text.command.map((word, index) => {
    const value = filled(draft, word, { ...scope, later }, [...path, index]);
    if (value !== null && typeof value !== 'object') return String(value);
    problem(
      draft,
      `expected an argument to be a text, number, true or false, got ${got(value)}`,
      placeOfValue(draft.document, [...path, index]),
    );
    return '';
  });
  return { kind: 'command', command: { argv }, sources, at };
}

/** A file of a stage must be there when the pipeline is read. */
function checkFile(draft: Draft, file: string, at: Location): void {
  const path = resolve(draft.root, file);
  const state = statSync(path, { throwIfNoEntry: false });
  if (state?.isFile()) {
    if (!/\.[cm]?[jt]s$/.test(file))
      problem(draft, `expected run to be a TypeScript file, got ${got(file)}`, at, {
        help: 'other programs go under `command`, with `sources` and `outputs`',
      });
    return;
  }
  if (state !== undefined) {
    problem(draft, `${file} is no file`, at);
    return;
  }
  const near = nearestFile(draft.root, file);
  problem(
    draft,
    `there is no file ${file}`,
    at,
    near === null ? {} : { help: `did you mean ${JSON.stringify(near)}?` },
  );
}

function readResources(
  draft: Draft,
  { name, text, at, places }: Instance,
  scope: Scope,
): Record<string, number> {
  const resources: Record<string, number> = {};
  for (const [resource, written] of Object.entries(text.resources ?? {})) {
    const value = filled(draft, written as Json, scope, ['stages', name, 'resources', resource]);
    const isSize = resource === 'memory';
    const amount = isSize ? readSize(String(value)) : value;
    if (typeof amount === 'number' && amount >= 0) resources[resource] = amount;
    else if (value !== written)
      problem(
        draft,
        `expected ${JSON.stringify(resource)} to be ${isSize ? 'a size such as 8GB' : 'a number from 0 up'}, got ${got(value)}`,
        places[`/resources/${resource}`] ?? at,
      );
  }
  return resources;
}

const MILLISECONDS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

function readTimeout(draft: Draft, { name, text }: Instance, value: Json): number | null {
  if (value === null) return null;
  if (typeof value === 'number' && value > 0) return Math.round(value * 1000);
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(String(value)) ?? [];
  if (amount !== undefined && Number(amount) > 0) return Math.round(Number(amount) * MILLISECONDS[unit!]!);
  if (value !== text.timeout || !String(value).includes('${'))
    problem(
      draft,
      `expected "timeout" to be seconds, or a time such as 90s, 30m, 2h, got ${got(value)}`,
      placeOfValue(draft.document, ['stages', name, 'timeout']),
    );
  return null;
}

function readRetries(draft: Draft, { name, text }: Instance, value: Json): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  if (value !== text.retries)
    problem(
      draft,
      `expected "retries" to be a whole number from 0 up, got ${got(value)}`,
      placeOfValue(draft.document, ['stages', name, 'retries']),
    );
  return 0;
}
