import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Diagnostic } from '../failure.ts';
import type { Json, JsonObject } from '../json.ts';
import type { ParamSchema } from '../stage/contract.ts';
import type { StageDescription } from '../stage/description.ts';
import { withDefaults } from './defaults.ts';
import { got } from './got.ts';
import type { StageInstance } from './pipeline.ts';
import { keyPlace, place } from './place.ts';
import { plainlyValid } from './plainly-valid.ts';
import { schemaProblems } from './schema-problems.ts';
import { nearestFile, siblings } from './siblings.ts';
import { didYouMean, nearest } from './suggest.ts';
import type { Path } from './tree.ts';

export interface CheckedParams {
  /** After defaults, without those of `format: module`. */
  readonly params: JsonObject;
  /** Files named by parameters of `format: module`, relative to the pipeline's root. */
  readonly modules: Readonly<Record<string, string>>;
  /** Places in the user's file. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The parameters of a stage held against the schemas in its file: defaults filled in, unknown and missing ones, wrong
 * values and modules that are not there told, all at once. A command takes what it is given.
 */
export async function checkParams(
  stage: StageInstance,
  description: StageDescription,
  root: string,
): Promise<CheckedParams> {
  if (stage.program.kind === 'command') return { params: stage.params, modules: {}, diagnostics: [] };
  const params: [string, Json][] = [];
  const modules: [string, string][] = [];
  const diagnostics: Diagnostic[] = [];
  const mistyped = new Set<string>();
  for (const name of Object.keys(stage.params)) {
    if (Object.hasOwn(description.params, name)) continue;
    const known = Object.keys(description.params);
    mistyped.add(nearest(name, known) ?? '');
    diagnostics.push({
      severity: 'error',
      message: `${stage.name} has no parameter ${JSON.stringify(name)}`,
      at: keyPlace(stage, ['params', name]),
      ...(known.length === 0 ? { help: 'it takes no parameters' } : didYouMean(name, known, 'it takes')),
    });
  }
  for (const [name, schema] of Object.entries(description.params)) {
    const value = withDefaults(schema, stage.params[name]);
    if (value === undefined) {
      // "did you mean" above says it already.
      if (!mistyped.has(name)) diagnostics.push(missing(stage, name, schema));
      continue;
    }
    const wrong = plainlyValid(schema, value) ? [] : await wrongValue(stage, name, schema, value);
    diagnostics.push(...wrong);
    if (typeof value === 'string' && isModule(schema)) {
      const gone = missingModule(stage, name, value, root);
      if (gone.length === 0) modules.push([name, value]);
      else if (wrong.length === 0) diagnostics.push(...gone);
    } else params.push([name, value]);
  }
  return { params: Object.fromEntries(params), modules: Object.fromEntries(modules), diagnostics };
}

const isModule = (schema: ParamSchema): boolean => (schema as { format?: unknown }).format === 'module';

function missing(stage: StageInstance, name: string, schema: ParamSchema): Diagnostic {
  return {
    severity: 'error',
    message: `${stage.name} needs a parameter ${JSON.stringify(name)}, and none is given`,
    at: stage.places['/params'] ?? stage.at,
    ...about(schema),
  };
}

/** What the stage's file says about a parameter is the best help there is. */
function about({ description, unit }: ParamSchema): { help?: string } {
  if (description === undefined) return {};
  return { help: unit === undefined ? description : `${description} (${unit})` };
}

/** Known only to be doubtful so far: ajv decides, and finds the words. */
async function wrongValue(
  stage: StageInstance,
  name: string,
  schema: ParamSchema,
  value: Json,
): Promise<readonly Diagnostic[]> {
  const { compileParam } = await import('./compile-param.ts');
  const validate = compileParam(schema);
  if (!validate.ok)
    return [
      {
        severity: 'error',
        message: `the schema of the parameter ${JSON.stringify(name)} is no good: ${validate.error}`,
        at: stage.program.at,
      },
    ];
  if (validate.value(value)) return [];
  // A parameter's title is a heading, not what is expected of it.
  const { title: _, ...untitled } = schema as { readonly title?: string };
  const places = {
    ofKey: (path: Path) => keyPlace(stage, ['params', ...path]),
    ofValue: (path: Path) => place(stage, ['params', ...path]),
  };
  return schemaProblems(validate.value.errors ?? [], untitled, value, places, [name]).map((problem) => ({
    ...about(schema),
    ...problem,
  }));
}

function missingModule(
  stage: StageInstance,
  name: string,
  file: string,
  root: string,
): readonly Diagnostic[] {
  if (statSync(resolve(root, file), { throwIfNoEntry: false })?.isFile()) return [];
  const near = nearestFile(root, file);
  const known = siblings(root, file);
  return [
    {
      severity: 'error',
      message: `there is no file ${file}, which the parameter ${JSON.stringify(name)} of ${stage.name} names`,
      at: place(stage, ['params', name]),
      ...(near !== null
        ? { help: `did you mean ${JSON.stringify(near)}?` }
        : known.length > 0 && known.length <= 20
          ? { help: `beside it are ${known.join(', ')}` }
          : { help: `expected the path of a TypeScript file, got ${got(file)}` }),
    },
  ];
}
