import { Ajv, type ValidateFunction } from 'ajv';
import { fail, ok, type Result } from '../failure.ts';
import type { ParamSchema } from '../stage/contract.ts';

// Compiling costs milliseconds, and the instances of a matrix share their schemas.
const compiled = new WeakMap<object, Result<ValidateFunction, string>>();

/** A parameter's schema as a function; an error says what is wrong with the schema itself. */
export function compileParam(schema: ParamSchema): Result<ValidateFunction, string> {
  const key = schema as object;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const ajv = new Ajv({ strict: true, allErrors: true, allowUnionTypes: true, logger: false });
  ajv.addKeyword({ keyword: 'unit', schemaType: 'string' });
  ajv.addFormat('module', true);
  let result: Result<ValidateFunction, string>;
  try {
    result = ok(ajv.compile(schema as object));
  } catch (error) {
    result = fail((error as Error).message);
  }
  compiled.set(key, result);
  return result;
}
