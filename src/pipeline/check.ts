import type { ErrorObject } from 'ajv';
import type { Diagnostic } from '../failure.ts';
import type { JsonObject } from '../json.ts';
import { type PipelineText, pipelineSchema } from './schema.ts';
import { schemaProblems } from './schema-problems.ts';
import { nearest } from './suggest.ts';
import { type Document, type Path, placeOfKey, placeOfValue, toJson } from './tree.ts';
import { validate } from './validate.generated.ts';

export interface Checked {
  /** What the file says; `null` where too little of it is understood to look further. */
  readonly value: PipelineText | null;
  /** Stages with problems of their own: whatever else is said about them may only follow from these. */
  readonly broken: ReadonlySet<string>;
  readonly problems: readonly Diagnostic[];
}

/** Holds a document against the schema. */
export function checkPipeline(document: Document): Checked {
  const value = toJson(document.tree);
  const check = validate as { (value: unknown): boolean; errors?: readonly ErrorObject[] | null };
  const errors = check(value) ? [] : (check.errors ?? []);
  const places = {
    ofKey: (path: Path) => placeOfKey(document, path),
    ofValue: (path: Path) => placeOfValue(document, path),
  };
  const problems = [...schemaProblems(errors, pipelineSchema, value, places)];
  const broken = new Set<string>();
  for (const [stage, problem] of programProblems(isMap(value) ? value : {}, document)) {
    broken.add(stage);
    problems.push(problem);
  }
  let readable = isMap(value) && isMap(value.stages);
  for (const { instancePath, keyword, params } of errors) {
    const [, part, name, key, member] = instancePath.split('/');
    if (part === 'stages' && name !== undefined) {
      // A bad input, timeout … leaves the rest of its stage readable; bad programs, outputs and axes do not.
      if (member !== undefined && key === 'inputs') deleteAt(value, ['stages', name, key, member]);
      else if (key !== undefined && ['timeout', 'retries', 'resources', 'env'].includes(key))
        deleteAt(value, ['stages', name, key]);
      else if (key !== undefined || !explainsNothing(keyword, params, KNOWN)) broken.add(name);
    } else if (keyword === 'propertyNames') broken.add(params.propertyName);
    // A mistyped `parmas:` makes every ${…} seem unknown; a key that resembles nothing explains nothing.
    else if (part === undefined) readable &&= explainsNothing(keyword, params, ROOT_KEYS);
    else if (['name', 'seed', 'gates', 'schedules', 'notify', 'remotes'].includes(part))
      deleteAt(value, [part]);
    else readable = false;
  }
  return { value: readable ? (value as unknown as PipelineText) : null, broken, problems };
}

/** Each stage has one program: JSON Schema can say so, but not in a sentence that helps. */
function programProblems(
  { stages }: JsonObject,
  document: Document,
): readonly (readonly [string, Diagnostic])[] {
  const problems: [string, Diagnostic][] = [];
  if (!isMap(stages)) return problems;
  for (const [name, stage] of Object.entries(stages)) {
    if (!isMap(stage)) continue;
    const path = ['stages', name];
    const quoted = JSON.stringify(name);
    if ('run' in stage && 'command' in stage)
      problems.push([
        name,
        {
          severity: 'error',
          message: `${quoted} has both a run and a command`,
          at: placeOfKey(document, [...path, 'command']),
          also: [{ message: 'run is here', at: placeOfKey(document, [...path, 'run']) }],
        },
      ]);
    // A mistyped `rum:` is told as an unknown key with "did you mean": then this follows from it.
    else if (!('run' in stage) && !('command' in stage) && !Object.keys(stage).some(looksLikeProgram))
      problems.push([
        name,
        {
          severity: 'error',
          message: `${quoted} does not say what to do`,
          at: placeOfKey(document, path),
          help: 'give it a TypeScript file, `run: stages/x.ts`, or a program, `command: [python3, x.py]`',
        },
      ]);
  }
  return problems;
}

const explainsNothing = (keyword: string, params: Record<string, string>, known: Iterable<string>): boolean =>
  keyword === 'additionalProperties' && nearest(params.additionalProperty!, known) === null;

function deleteAt(value: unknown, path: readonly string[]): void {
  let at = value as Record<string, unknown> | undefined;
  for (const step of path.slice(0, -1)) at = at?.[step] as Record<string, unknown> | undefined;
  if (at !== undefined) delete at[path.at(-1)!];
}

const ROOT_KEYS = new Set(Object.keys(pipelineSchema.properties));
const KNOWN = new Set(Object.keys(pipelineSchema.properties.stages.additionalProperties.properties));
const looksLikeProgram = (key: string): boolean =>
  !KNOWN.has(key) && ['run', 'command'].includes(nearest(key, KNOWN) ?? '');

const isMap = (value: unknown): value is JsonObject =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
