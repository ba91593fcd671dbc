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
    }
  /** `${map[key]}` where `map` is none. */
  | {
      readonly problem: 'not-a-map';
      readonly path: Path;
      readonly name: string;
      readonly index: number;
      readonly kind: string;
    }
  | {
      readonly problem: 'no-member';
      readonly path: Path;
      readonly name: string;
      readonly index: number;
      readonly map: string;
      readonly key: string;
      readonly members: readonly string[];
    };

/** `$${` stands for `${` itself. */
const PART = /\$\$\{|\$\{([^{}]*)\}|\$\{/g;
const WHOLE = /^\$\{([^{}]*)\}$/;
/** `weights[model]`: the member of the map `weights` whose key is the value of `model`. */
const MEMBER = /^([^[\]]+)\[([^[\]]+)\]$/;

/**
 * A value with each `${name}` replaced, at any depth. A text that is one `${name}` and nothing else becomes the value
 * with its type: `"${size}"` is the number 64. Inside a longer text the value must be a text, a number, true or false.
 * `"${weights[model]}"` is the member of the map `weights` that the value of `model` names; of null it is null.
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

/** The names that a value mentions as `${name}` or `${name[name]}`, at any depth. */
export function mentioned(value: Json | undefined, names: Set<string> = new Set()): Set<string> {
  if (typeof value === 'string') {
    if (value.includes('${'))
      for (const [, inside] of value.matchAll(PART))
        if (inside !== undefined)
          for (const name of MEMBER.exec(inside.trim())?.slice(1) ?? [inside]) names.add(name.trim());
  } else if (value !== null && typeof value === 'object')
    for (const member of Object.values(value)) mentioned(member, names);
  return names;
}

function fill(text: string, scope: Scope, path: Path, problems: SubstitutionProblem[]): Json {
  const whole = WHOLE.exec(text)?.[1]?.trim();
  if (whole !== undefined && !scope.later?.has(whole)) {
    const found = lookUp(whole, scope);
    if ('value' in found) return found.value;
  }
  return text.replace(PART, (part: string, inside: string | undefined, index: number) => {
    if (part === '$${') return '${';
    if (inside === undefined) {
      problems.push({ problem: 'unclosed', path, index });
      return part;
    }
    const name = inside.trim();
    if (scope.later?.has(name)) return `\${${name}}`;
    const found = lookUp(name, scope);
    if (!('value' in found)) {
      problems.push({ ...found, path, index });
      return part;
    }
    const { value } = found;
    if (value === null || typeof value === 'object') {
      problems.push({ problem: 'not-text', path, name, index, kind: kindOf(value) });
      return part;
    }
    return String(value);
  });
}

/** A problem before it is known where. */
type Unfound = SubstitutionProblem extends infer P
  ? P extends { problem: 'unknown-param' | 'not-a-map' | 'no-member' }
    ? Omit<P, 'path' | 'index'>
    : never
  : never;

function lookUp(name: string, { values }: Scope): { readonly value: Json } | Unfound {
  if (Object.hasOwn(values, name)) return { value: values[name]! };
  const [map, member] =
    MEMBER.exec(name)
      ?.slice(1)
      .map((each) => each.trim()) ?? [];
  if (map === undefined || member === undefined) return { problem: 'unknown-param', name };
  for (const each of [map, member])
    if (!Object.hasOwn(values, each)) return { problem: 'unknown-param', name: each };
  const of = values[map]!;
  if (of === null) return { value: null };
  if (typeof of !== 'object' || Array.isArray(of))
    return { problem: 'not-a-map', name: map, kind: kindOf(of) };
  const key = String(values[member]);
  if (Object.hasOwn(of, key)) return { value: (of as { readonly [key: string]: Json })[key]! };
  return { problem: 'no-member', name, map, key, members: Object.keys(of) };
}
