import type { Json, JsonObject } from '../json.ts';
import { kindOf } from './got.ts';
import type { Path } from './tree.ts';

/** What `${…}` may stand for. */
export interface Scope {
  readonly values: JsonObject;
  /** Names such as `inputs.raw` that are left in a command's arguments, to be filled in when it starts. */
  readonly later?: ReadonlySet<string>;
}

export type SubstitutionProblem =
  | { readonly problem: 'unknown-param'; readonly path: Path; readonly name: string; readonly index: number }
  | { readonly problem: 'unclosed'; readonly path: Path; readonly index: number }
  | {
      readonly problem: 'not-text';
      readonly path: Path;
      readonly name: string;
      readonly index: number;
      readonly kind: string;
    };

/** `$${` stands for `${` itself. */
const PART = /\$\$\{|\$\{([^{}]*)\}|\$\{/g;
const WHOLE = /^\$\{([^{}]*)\}$/;

/**
 * A value with each `${name}` replaced, at any depth. A text that is one `${name}` and nothing else becomes the value
 * with its type: `"${size}"` is the number 64. Inside a longer text the value must be a text, a number, true or false.
 * Keys of maps are left as they are. Problems are added to `problems`; what they concern stays as written.
 */
export function substitute(value: Json, scope: Scope, path: Path, problems: SubstitutionProblem[]): Json {
  if (typeof value === 'string') return value.includes('${') ? fill(value, scope, path, problems) : value;
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value))
    return value.map((item, index) => substitute(item, scope, [...path, index], problems));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      substitute(member, scope, [...path, name], problems),
    ]),
  );
}

/** The names that a value mentions as `${name}`, at any depth. */
export function mentioned(value: Json | undefined, names: Set<string> = new Set()): Set<string> {
  if (typeof value === 'string') {
    if (value.includes('${'))
      for (const match of value.matchAll(PART)) if (match[1] !== undefined) names.add(match[1].trim());
  } else if (value !== null && typeof value === 'object')
    for (const member of Object.values(value)) mentioned(member, names);
  return names;
}

function fill(text: string, scope: Scope, path: Path, problems: SubstitutionProblem[]): Json {
  const whole = WHOLE.exec(text);
  if (whole !== null && !scope.later?.has(whole[1]!.trim())) {
    const name = whole[1]!.trim();
    if (Object.hasOwn(scope.values, name)) return scope.values[name]!;
  }
  return text.replace(PART, (part: string, inside: string | undefined, index: number) => {
    if (part === '$${') return '${';
    if (inside === undefined) {
      problems.push({ problem: 'unclosed', path, index });
      return part;
    }
    const name = inside.trim();
    if (scope.later?.has(name)) return `\${${name}}`;
    if (!Object.hasOwn(scope.values, name)) {
      problems.push({ problem: 'unknown-param', path, name, index });
      return part;
    }
    const value = scope.values[name]!;
    if (value === null || typeof value === 'object') {
      problems.push({ problem: 'not-text', path, name, index, kind: kindOf(value) });
      return part;
    }
    return String(value);
  });
}
