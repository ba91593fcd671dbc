import type { Json } from '../json.ts';

export interface JsonDifference {
  /** `epochs[3].loss`; '' is the value itself. */
  readonly path: string;
  readonly was: Json | undefined;
  readonly is: Json | undefined;
}

/** The first place in which two values differ, in the order of the first one. null: they are the same. */
export function jsonDifference(was: Json, is: Json, path = ''): JsonDifference | null {
  if (was === is) return null;
  if (Array.isArray(was) && Array.isArray(is)) {
    for (let i = 0; i < Math.max(was.length, is.length); i++) {
      const found = inside(was[i], is[i], `${path}[${i}]`);
      if (found !== null) return found;
    }
    return null;
  }
  if (isObject(was) && isObject(is)) {
    for (const name of new Set([...Object.keys(was), ...Object.keys(is)])) {
      const found = inside(was[name], is[name], path === '' ? name : `${path}.${name}`);
      if (found !== null) return found;
    }
    return null;
  }
  return { path, was, is };
}

function inside(was: Json | undefined, is: Json | undefined, path: string): JsonDifference | null {
  if (was === undefined || is === undefined) return was === is ? null : { path, was, is };
  return jsonDifference(was, is, path);
}

const isObject = (value: Json): value is { readonly [name: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
