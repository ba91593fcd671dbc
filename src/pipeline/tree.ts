import type { Location } from '../failure.ts';
import type { Json, JsonObject } from '../json.ts';
import { locate, type Source, type Span } from './source.ts';

/** What a YAML file says, anchors and merge keys followed, each part with its place. */
export type Tree =
  | { readonly kind: 'map'; readonly span: Span; readonly members: ReadonlyMap<string, Member> }
  | { readonly kind: 'list'; readonly span: Span; readonly items: readonly Tree[] }
  | { readonly kind: 'scalar'; readonly span: Span; readonly value: null | boolean | number | string };

export interface Member {
  readonly key: Span;
  readonly value: Tree;
}

/** Steps from the root of a file to a part of it. */
export type Path = readonly (string | number)[];

/** A parsed file: its data, and where each part of it stands. */
export interface Document {
  readonly source: Source;
  readonly tree: Tree;
}

export function toJson(tree: Tree): Json {
  switch (tree.kind) {
    case 'map': {
      const object: Record<string, Json> = {};
      for (const [name, { value }] of tree.members) {
        // An own property even for `__proto__`.
        if (name === '__proto__')
          Object.defineProperty(object, name, { value: toJson(value), enumerable: true, configurable: true });
        else object[name] = toJson(value);
      }
      return object as JsonObject;
    }
    case 'list':
      return tree.items.map(toJson);
    case 'scalar':
      return tree.value;
    default:
      return tree satisfies never;
  }
}

/** Where the value at a path stands, or as much of the path as there is. */
export function placeOfValue({ source, tree }: Document, path: Path): Location {
  return locate(source, spansAt(tree, path).value);
}

/** Where the key of a map's member stands; of an item of a list, the item. */
export function placeOfKey({ source, tree }: Document, path: Path): Location {
  return locate(source, spansAt(tree, path).key);
}

function spansAt(tree: Tree, path: Path): { readonly key: Span; readonly value: Span } {
  let at = tree;
  let key = { start: tree.span.start, end: tree.span.start + 1 };
  for (const step of path) {
    if (at.kind === 'map') {
      const member = at.members.get(String(step));
      if (member === undefined) break;
      key = member.key;
      at = member.value;
    } else if (at.kind === 'list') {
      const item = at.items[Number(step)];
      if (item === undefined) break;
      key = item.span;
      at = item;
    } else break;
  }
  // A block map or list begins a line below its key: the key is the better place to look.
  return { key, value: at.kind === 'scalar' && at.span.end > at.span.start ? at.span : flowOr(key, at) };
}

function flowOr(key: Span, { span }: Tree): Span {
  return span.end - span.start > 0 && span.start - key.end <= 3 && span.start >= key.end ? span : key;
}
