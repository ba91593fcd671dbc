import type { Json } from '../json.ts';

/**
 * Whether a value is beyond doubt what a schema asks for. False says nothing: the schema may use words that are not
 * known here. It spares a run in which all is well the time that loading ajv takes.
 */
export function plainlyValid(schema: unknown, value: Json): boolean {
  if (schema === null || typeof schema !== 'object') return false;
  for (const [word, bound] of Object.entries(schema)) {
    const holds = HOLDS[word];
    if (holds === undefined || !holds(value, bound)) return false;
  }
  return 'type' in schema || 'enum' in schema;
}

type Holds = (value: Json, bound: unknown) => boolean;
const says: Holds = () => true;
const number =
  (compare: (value: number, bound: number) => boolean): Holds =>
  (value, bound) =>
    typeof value !== 'number' || (typeof bound === 'number' && compare(value, bound));

/** A word, and when it certainly holds. Those that only describe always do. */
const HOLDS: Readonly<Record<string, Holds>> = {
  title: says,
  description: says,
  default: says,
  examples: says,
  unit: says,
  format: (_, format) => format === 'module',
  type: (value, types) => [types].flat().some((type) => isOfType(value, type)),
  enum: (value, values) =>
    (value === null || typeof value !== 'object') && Array.isArray(values) && values.includes(value),
  minimum: number((value, bound) => value >= bound),
  maximum: number((value, bound) => value <= bound),
  exclusiveMinimum: number((value, bound) => value > bound),
  exclusiveMaximum: number((value, bound) => value < bound),
  items: (value, items) =>
    !Array.isArray(value) ||
    (!Array.isArray(items) && value.every((item: Json) => plainlyValid(items, item))),
  minItems: (value, bound) => !Array.isArray(value) || value.length >= Number(bound),
  maxItems: (value, bound) => !Array.isArray(value) || value.length <= Number(bound),
};

function isOfType(value: Json, type: unknown): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'integer':
      return Number.isInteger(value);
    case 'array':
      return Array.isArray(value);
    case 'object':
      return value !== null && typeof value === 'object' && !Array.isArray(value);
    case 'number':
    case 'string':
    case 'boolean':
      return typeof value === type;
    default:
      return false;
  }
}
