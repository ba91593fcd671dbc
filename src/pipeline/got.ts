import type { Json } from '../json.ts';

/** A value as messages show what was got: `"4" (string)`, `[1,2] (list)`, `nothing`. Cut where it is long. */
export function got(value: Json | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  const text = JSON.stringify(value);
  const short = text.length > 60 ? `${text.slice(0, 57)}…` : text;
  return `${short} (${kindOf(value)})`;
}

export function kindOf(value: Json): string {
  if (Array.isArray(value)) return 'list';
  if (value !== null && typeof value === 'object') return 'map';
  return value === null ? 'null' : typeof value;
}
