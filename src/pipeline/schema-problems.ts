import type { ErrorObject } from 'ajv';
import type { Diagnostic, Location } from '../failure.ts';
import type { Json } from '../json.ts';
import { got } from './got.ts';
import { didYouMean, nearest } from './suggest.ts';
import type { Path } from './tree.ts';

/** The words of JSON Schema that the sentences below are made of. */
interface SchemaWords {
  readonly title?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly enum?: readonly Json[];
  readonly unit?: string;
  readonly anyOf?: readonly SchemaWords[];
  readonly oneOf?: readonly SchemaWords[];
}

/** What is used of an error of ajv. */
export type SchemaError = Pick<
  ErrorObject,
  'keyword' | 'instancePath' | 'schemaPath' | 'params' | 'propertyName'
>;

/** Where the keys and values of what was checked stand. */
export interface Places {
  ofKey(path: Path): Location;
  ofValue(path: Path): Location;
}

/**
 * Sentences for what ajv found in a document, each where it stands.
 * @param root the schema that was applied, without `$ref`s.
 * @param path where in the document the value that was checked stands.
 */
export function schemaProblems(
  errors: readonly SchemaError[],
  root: unknown,
  value: Json,
  places: Places,
  path: Path = [],
): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const mistyped = mistypedKeys(errors, root);
  const explained = explainedByForms(errors);
  for (const error of errors) {
    // Explained by "unknown key … did you mean".
    if (error.keyword === 'required' && mistyped.has(`${error.instancePath}/${error.params.missingProperty}`))
      continue;
    // A name that `propertyNames` refuses comes twice: once as its own error, once inside.
    if (error.propertyName !== undefined && error.keyword !== 'propertyNames') continue;
    if (explained.has(error)) continue;
    const below = fromPointer(error.instancePath);
    const here = [...path, ...below];
    const schema = schemaAt(root, error.schemaPath);
    const wrong = valueAt(value, below);
    found.push({ severity: 'error', ...sentence(error, schema, wrong, here, places) });
  }
  return found;
}

/** Pointers of the keys that unknown keys were most likely meant to be. */
function mistypedKeys(errors: readonly SchemaError[], root: unknown): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { keyword, params, instancePath, schemaPath } of errors) {
    if (keyword !== 'additionalProperties') continue;
    const near = nearest(params.additionalProperty, Object.keys(schemaAt(root, schemaPath).properties ?? {}));
    if (near !== null) found.add(`${instancePath}/${near}`);
  }
  return found;
}

/**
 * Of a value that may have one of several forms ajv says why it has none of them, and why not each: the former is enough,
 * unless something inside the value is wrong, which says more.
 */
function explainedByForms(errors: readonly SchemaError[]): ReadonlySet<SchemaError> {
  const explained = new Set<SchemaError>();
  for (const whole of errors) {
    if (whole.keyword !== 'anyOf' && whole.keyword !== 'oneOf') continue;
    const forms = errors.filter(({ schemaPath }) => schemaPath.startsWith(`${whole.schemaPath}/`));
    const inside = forms.some(({ instancePath }) => instancePath !== whole.instancePath);
    if (inside) explained.add(whole);
    for (const form of forms) if (form.instancePath === whole.instancePath) explained.add(form);
  }
  return explained;
}

/** How a sentence calls what stands at a path: `"epochs"`, `item 2 of "env"`. */
function nameOf(path: Path): string {
  if (path.length === 0) return 'the file';
  const last = String(path.at(-1));
  return /^\d+$/.test(last) && path.length > 1
    ? `item ${Number(last) + 1} of ${quoted(path.at(-2)!)}`
    : quoted(last);
}

type Told = Omit<Diagnostic, 'severity'>;

function sentence(
  { keyword, params }: Pick<ErrorObject, 'keyword' | 'params'>,
  schema: SchemaWords,
  value: Json | undefined,
  path: Path,
  places: Places,
): Told {
  const where = nameOf(path);
  switch (keyword) {
    case 'additionalProperties': {
      const key: string = params.additionalProperty;
      return {
        message: `unknown key ${quoted(key)} in ${where}`,
        at: places.ofKey([...path, key]),
        ...didYouMean(key, Object.keys(schema.properties ?? {}), 'known are'),
      };
    }
    case 'required':
      return { message: `${where} needs ${quoted(params.missingProperty)}`, at: places.ofKey(path) };
    case 'dependencies':
      return dependency(params.property, params.missingProperty, path, places);
    case 'propertyNames':
      return {
        message: `expected a name of letters, digits, - and _, got ${quoted(params.propertyName)}`,
        at: places.ofKey([...path, params.propertyName]),
      };
    case 'minProperties':
    case 'minItems':
      return { message: `${where} is empty`, at: places.ofValue(path) };
    default:
      return {
        message: `expected ${where} to be ${expected(keyword, params, schema)}, got ${got(value)}`,
        at: places.ofValue(path),
      };
  }
}

function dependency(has: string, misses: string, path: Path, places: Places): Told {
  const at = places.ofKey([...path, has]);
  const stage = quoted(path.at(-1)!);
  if (has === 'command')
    return { message: `${stage} has a command and does not say what it makes`, at, help: 'outputs: [name]' };
  return {
    message: `${quoted(has)} belongs to a ${misses}, and ${stage} has none`,
    at,
    help: WITHOUT[has]!,
  };
}

const WITHOUT: Readonly<Record<string, string>> = {
  outputs: 'a TypeScript file says its outputs itself',
  sources: 'the code of a TypeScript file is found by its imports',
  'secret-header': 'a command has your environment',
};

/** What a schema asks for, in words; the bound that was broken, where the schema has no words of its own. */
function expected(keyword: string, params: Record<string, unknown>, schema: SchemaWords): string {
  if (schema.title !== undefined) return schema.title;
  const unit = schema.unit === undefined ? '' : ` ${schema.unit}`;
  switch (keyword) {
    case 'type':
      return [schema.type ?? params.type].flat().map(typeName).join(' or ');
    case 'enum':
      return `one of ${(schema.enum ?? []).map((one) => JSON.stringify(one)).join(', ')}`;
    case 'const':
      return JSON.stringify(params.allowedValue);
    case 'minimum':
      return `at least ${params.limit}${unit}`;
    case 'maximum':
      return `at most ${params.limit}${unit}`;
    case 'exclusiveMinimum':
      return `more than ${params.limit}${unit}`;
    case 'exclusiveMaximum':
      return `less than ${params.limit}${unit}`;
    case 'multipleOf':
      return `a multiple of ${params.multipleOf}${unit}`;
    case 'pattern':
      return `a text that matches ${params.pattern}`;
    case 'minLength':
      return `a text of at least ${params.limit} characters`;
    case 'maxLength':
      return `a text of at most ${params.limit} characters`;
    case 'maxItems':
      return `a list of at most ${params.limit} items`;
    case 'uniqueItems':
      return `a list in which nothing is twice`;
    case 'format':
      return params.format === 'module'
        ? 'the path of a TypeScript file'
        : `a text of format ${params.format}`;
    case 'anyOf':
    case 'oneOf':
      return forms(schema.anyOf ?? schema.oneOf ?? []);
    default:
      return `as its schema says (${keyword})`;
  }
}

/** `"none", "balanced" or a map` */
function forms(of: readonly SchemaWords[]): string {
  const words = of.flatMap((form) =>
    form.enum ? form.enum.map((one) => JSON.stringify(one)) : [form.type ?? []].flat().map(typeName),
  );
  if (words.length === 0) return 'one of the forms that its schema allows';
  return [words.slice(0, -1).join(', '), words.at(-1)!].filter((each) => each !== '').join(' or ');
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  integer: 'a whole number',
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  null: 'null',
};
const typeName = (type: unknown): string => TYPE_NAMES[String(type)] ?? String(type);

const quoted = (text: string | number): string => JSON.stringify(String(text));

const fromPointer = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));

/** The schema whose keyword a path such as `#/properties/seed/type` names. */
function schemaAt(root: unknown, schemaPath: string): SchemaWords {
  let at = root as Record<string, unknown> | undefined;
  for (const step of fromPointer(schemaPath).slice(0, -1))
    at = at?.[decodeURIComponent(step)] as Record<string, unknown> | undefined;
  return at ?? {};
}

function valueAt(value: Json, path: Path): Json | undefined {
  let at: Json | undefined = value;
  for (const step of path) {
    if (at === null || typeof at !== 'object') return undefined;
    at = (at as { readonly [name: string]: Json })[step];
  }
  return at;
}
