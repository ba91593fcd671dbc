import type { Diagnostic } from '../failure.ts';
import type { Json, JsonObject } from '../json.ts';
import type { StageInstance } from '../pipeline/pipeline.ts';
import type { StageDescription } from '../stage/description.ts';

export interface CheckedParams {
  /** After defaults, without those of `format: module`. */
  readonly params: JsonObject;
  /** Files named by parameters of `format: module`. */
  readonly modules: Readonly<Record<string, string>>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Parameters after the defaults of the stage's own schema. */
export function applyDefaults(stage: StageInstance, description: StageDescription): CheckedParams {
  if (stage.program.kind === 'command') return { params: stage.params, modules: {}, diagnostics: [] };
  const params: [string, Json][] = [];
  const modules: [string, string][] = [];
  const diagnostics: Diagnostic[] = [];
  for (const [name, schema] of Object.entries(description.params)) {
    const { default: byDefault, format } = schema as { default?: Json; format?: string };
    const value = stage.params[name] ?? (name in stage.params ? null : byDefault);
    if (value === undefined) {
      const message = `${stage.name} needs a parameter ${JSON.stringify(name)}, and none is given`;
      diagnostics.push({ severity: 'error', message, at: stage.places['/params'] ?? stage.at });
    } else if (format === 'module' && typeof value === 'string') modules.push([name, value]);
    else params.push([name, value]);
  }
  return { params: Object.fromEntries(params), modules: Object.fromEntries(modules), diagnostics };
}
