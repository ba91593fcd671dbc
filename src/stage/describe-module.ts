import type { ParamSchemas } from './contract.ts';
import type { StageDescription } from './description.ts';

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const shown = (value: unknown): string => `${JSON.stringify(value) ?? String(value)} (${typeof value})`;

/**
 * What a stage's file says of itself, from its named exports.
 * @throws Error in words for the stage's author where an export is malformed.
 */
export function describeModule(exports: Record<string, unknown>): StageDescription {
  const { inputs = {}, outputs, params = {}, draws = false, tensors = false } = exports;
  if (!isObject(inputs)) throw new Error(`\`inputs\` must be an object of names, got ${shown(inputs)}`);
  for (const [name, need] of Object.entries(inputs))
    if (need !== 'required' && need !== 'optional')
      throw new Error(`\`inputs.${name}\` must be 'required' or 'optional', got ${shown(need)}`);
  if (!Array.isArray(outputs) || outputs.length === 0)
    throw new Error(`\`outputs\` must be a list of at least one name, got ${shown(outputs)}`);
  for (const name of outputs)
    if (typeof name !== 'string' || !/^[A-Za-z][A-Za-z0-9_-]*$/.test(name))
      throw new Error(`an output's name must be a letter, then letters, digits, - or _, got ${shown(name)}`);
  if (!isObject(params)) throw new Error(`\`params\` must be an object of schemas, got ${shown(params)}`);
  for (const [name, schema] of Object.entries(params))
    if (!isObject(schema)) throw new Error(`\`params.${name}\` must be a JSON Schema, got ${shown(schema)}`);
  for (const [name, value] of Object.entries({ draws, tensors }))
    if (typeof value !== 'boolean') throw new Error(`\`${name}\` must be true or false, got ${shown(value)}`);
  return {
    inputs: inputs as StageDescription['inputs'],
    outputs: outputs as readonly string[],
    draws: draws as boolean,
    tensors: tensors as boolean,
    params: params as ParamSchemas,
  };
}
