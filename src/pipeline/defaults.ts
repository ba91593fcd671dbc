import type { Json } from '../json.ts';

interface WithDefaults {
  readonly default?: Json;
  readonly properties?: { readonly [name: string]: WithDefaults };
}

/** A value with the defaults of its schema: its own if it is absent, those of its members if it is a map. */
export function withDefaults(schema: unknown, value: Json | undefined): Json | undefined {
  const { default: own, properties } = schema as WithDefaults;
  const given = value === undefined ? own : value;
  if (properties === undefined || given === null || typeof given !== 'object' || Array.isArray(given))
    return given;
  const members: [string, Json][] = Object.entries(given);
  for (const [name, member] of Object.entries(properties)) {
    const before = (given as { readonly [name: string]: Json })[name];
    const after = withDefaults(member, before);
    if (after === undefined) continue;
    if (before === undefined) members.push([name, after]);
    else members[members.findIndex(([each]) => each === name)] = [name, after];
  }
  return Object.fromEntries(members);
}
