import type { Location } from '../failure.ts';
import type { Json } from '../json.ts';
import { type Draft, problem, suggestion } from './draft.ts';
import { got } from './got.ts';
import type { Input, UrlDigest } from './pipeline.ts';

/** An input as written: `stage.output` is not joined yet. */
export type WrittenInput =
  | Extract<Input, { kind: 'path' | 'url' | 'absent' }>
  | { readonly kind: 'reference'; readonly name: string; readonly output: string; readonly at: Location };

const REFERENCE = /^([A-Za-z0-9][A-Za-z0-9_-]*)\.([A-Za-z0-9][A-Za-z0-9_-]*)$/;

/** Reads one input after `${}`; `null` where it has a problem, which is told then. */
export function readInput(draft: Draft, value: Json, at: Location): WrittenInput | null {
  const refuse = (message: string, help?: string): null => {
    problem(draft, message, at, help === undefined ? {} : { help });
    return null;
  };
  if (value === null) return { kind: 'absent', at };
  if (typeof value === 'string') return reference(draft, value, at, refuse);
  if (typeof value !== 'object' || Array.isArray(value))
    return refuse(`expected stage.output, { path: … }, { url: …, digest: … } or null, got ${got(value)}`);

  const { path, url, digest } = value as { readonly [name: string]: Json };
  if (path !== undefined) {
    if (url !== undefined || digest !== undefined)
      return refuse('an input is a path or a url, not both', 'a path needs no digest: it is hashed');
    if (path === null) return { kind: 'absent', at };
    if (typeof path !== 'string' || path === '')
      return refuse(`expected a path to be a text, got ${got(path)}`);
    return { kind: 'path', path, at };
  }
  if (url === undefined) return refuse('this input says neither path nor url');
  if (typeof url !== 'string' || !/^https?:\/\/\S+$/.test(url))
    return refuse(`expected a url to begin with http:// or https://, got ${got(url)}`);
  const read = readDigest(digest);
  if (read === null)
    return refuse(
      digest === undefined
        ? 'a url needs the digest of what is behind it'
        : `expected digest to be "sha256:" and 64 hex digits or "md5:" and 32, got ${got(digest)}`,
      digest === undefined ? 'digest: "sha256:…", as sha256sum prints it' : undefined,
    );
  return { kind: 'url', url, digest: read, at };
}

function reference(
  draft: Draft,
  text: string,
  at: Location,
  refuse: (message: string, help?: string) => null,
): WrittenInput | null {
  const [, name, output] = REFERENCE.exec(text) ?? [];
  if (name !== undefined && output !== undefined && draft.names.has(name))
    return { kind: 'reference', name, output, at };
  if (draft.names.has(text))
    return refuse(
      `${JSON.stringify(text)} is a stage: an input takes one of its outputs`,
      `${text}.<output>`,
    );
  if (/^https?:/.test(text))
    return refuse(
      'an address stands where stage.output is expected',
      `{ url: "${text}", digest: "sha256:…" }`,
    );
  if (text.includes('@'))
    return refuse(
      `expected stage.output, got ${got(text)}`,
      'inputs name stages without @: they join on the axes that both have, and fan in over the others',
    );
  if (text.includes('/') || name === undefined)
    return refuse(
      `expected stage.output, got ${got(text)}`,
      `for a file or folder of yours: { path: ${text} }`,
    );
  problem(
    draft,
    `there is no stage ${JSON.stringify(name)}`,
    { ...at, length: Math.min(at.length, text.length) },
    suggestion(draft, name, draft.names),
  );
  return null;
}

function readDigest(value: Json | undefined): UrlDigest | null {
  const [, algorithm, hex] = /^(sha256|md5):([0-9a-f]+)$/i.exec(typeof value === 'string' ? value : '') ?? [];
  if (algorithm === undefined || hex === undefined) return null;
  const name = algorithm.toLowerCase() as UrlDigest['algorithm'];
  return hex.length === { sha256: 64, md5: 32 }[name] ? { algorithm: name, hex: hex.toLowerCase() } : null;
}
