import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  type ParsedNode,
  parseAllDocuments,
  type Scalar,
  type YAMLError,
} from 'yaml';
import { type Diagnostic, fail, type Location, ok, type Result } from '../failure.ts';
import { createSource, lineText, locate, type Source, type Span } from './source.ts';
import type { Document, Member, Tree } from './tree.ts';

const MOST_BYTES = 4_000_000;
/** Longer ones are no YAML by hand, and can bring the parser's regular expressions down with the whole process. */
const LONGEST_LINE = 20_000;
/** Parts after anchors are followed: a few lines of YAML can otherwise stand for billions. */
const MOST_PARTS = 500_000;

/** Reads YAML 1.2 (core schema, merge keys) with its places. All problems of syntax at once. */
export function parseYaml(file: string, text: string): Result<Document, readonly Diagnostic[]> {
  // A byte order mark would shift the first line by one.
  const source = createSource(file, text.startsWith('\uFEFF') ? text.slice(1) : text);
  const at = (span: Span) => locate(source, span);
  const refuse = (message: string, help?: string, span: Span = { start: 0, end: 1 }) =>
    fail([{ severity: 'error' as const, message, at: at(span), ...(help === undefined ? {} : { help }) }]);

  if (source.text.length > MOST_BYTES)
    return refuse(
      `the file is too large for a pipeline: expected at most ${MOST_BYTES / 1e6} MB, got ${(source.text.length / 1e6).toFixed(1)} MB`,
    );
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  const odd = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffd]/.exec(source.text);
  if (odd !== null)
    return refuse('this is no text in UTF-8: a character that YAML does not allow', undefined, {
      start: odd.index,
      end: odd.index + 1,
    });

  const long = longLine(source);
  if (long !== null)
    return refuse(
      `line ${long.line} is too long for a pipeline: expected at most ${LONGEST_LINE} characters, got ${long.length}`,
      undefined,
      long.span,
    );

  const documents = parseAllDocuments(source.text, {
    uniqueKeys: false,
    prettyErrors: false,
    merge: true,
    logLevel: 'silent',
  });
  const [document, second] = Array.isArray(documents) ? documents : [];
  if (document?.contents == null && (document?.errors.length ?? 0) === 0)
    return refuse(
      'the file is empty',
      'a pipeline has at least `name` and `stages`; `bloodline init` writes one',
    );
  if (second !== undefined && document !== undefined && document.errors.length === 0)
    return refuse('a second YAML document begins here', 'a file holds one pipeline: take out this `---`', {
      start: second.range[0],
      end: second.range[0] + 3,
    });
  const errors = [...document!.errors, ...document!.warnings];
  if (errors.length > 0) return fail(syntaxProblems(source, errors));
  return read(source, document!.contents as ParsedNode);
}

function longLine({ lines, text }: Source): { line: number; length: number; span: Span } | null {
  for (let index = 0; index < lines.length; index++) {
    const start = lines[index]!;
    const length = (lines[index + 1] ?? text.length) - start;
    if (length > LONGEST_LINE) return { line: index + 1, length, span: { start, end: start + 1 } };
  }
  return null;
}

const QUOTABLE = /\$\{[^{}\n]*\}/g;

/** Sentences for what the YAML parser found; one a line, the first there, for the others follow from it. */
function syntaxProblems(source: Source, errors: readonly YAMLError[]): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const seen = new Set<number>();
  for (const error of [...errors].sort((a, b) => a.pos[0] - b.pos[0])) {
    const at = locate(source, { start: error.pos[0], end: error.pos[1] });
    if (seen.has(at.line)) continue;
    seen.add(at.line);
    const unquoted = unquotedSubstitution(at.text, at.column - 1);
    if (unquoted !== null) {
      const { index, text } = unquoted;
      const whole = /[^\s,[\]{}:"']*$/.exec(at.text.slice(0, index))![0] + text;
      found.push({
        severity: 'error',
        message: `${text} must be quoted here: inside brackets YAML takes its { for a bracket too`,
        at: { ...at, column: index + 1, length: text.length },
        help: `quote it: "${whole}${/^[^\s,[\]{}:"']*/.exec(at.text.slice(index + text.length))![0]}"`,
      });
      continue;
    }
    found.push({ severity: 'error', ...explained(source, error, at) });
    // What follows an unclosed bracket or quote is read wrongly.
    if (/resource/i.test(error.code)) break;
  }
  const quoted = found.filter(({ message }) => message.includes('must be quoted'));
  return quoted.length > 0 ? quoted : found;
}

function unquotedSubstitution(line: string, column: number): { index: number; text: string } | null {
  for (const match of line.matchAll(QUOTABLE)) {
    const quotes = line.slice(0, match.index).replaceAll('\\"', '').match(/"/g)?.length ?? 0;
    if (quotes % 2 === 1) continue;
    if (column >= match.index - 1 && column <= match.index + match[0].length + 1)
      return { index: match.index, text: match[0] };
  }
  return null;
}

const SENTENCES: Readonly<Record<string, { readonly message: string; readonly help?: string }>> = {
  TAB_AS_INDENT: { message: 'a tab indents this line: YAML wants spaces', help: 'two spaces a level' },
  TAG_RESOLVE_FAILED: {
    message: 'a tag with ! means nothing here',
    help: 'a text that begins with ! needs quotes',
  },
  MULTIPLE_ANCHORS: { message: 'a part can have one anchor only' },
  BLOCK_AS_IMPLICIT_KEY: {
    message: 'a key stands where a value is expected',
    help: 'a text with ": " in it needs quotes',
  },
  RESOURCE_EXHAUSTION: { message: 'the file is nested more deeply than any pipeline' },
};

const UNCLOSED =
  /must be sufficiently indented and end with a [\]}]|Expected flow \w+ to end with|Missing closing/i;

function explained(source: Source, error: YAMLError, at: Location): Omit<Diagnostic, 'severity'> {
  if (UNCLOSED.test(error.message)) {
    const opener = unclosed(source.text.slice(0, error.pos[1]));
    if (opener !== null)
      return {
        message: `this ${source.text[opener]} is not closed`,
        at: locate(source, { start: opener, end: opener + 1 }),
      };
  }
  if (error.code === 'BLOCK_AS_IMPLICIT_KEY') {
    const deeper = deeperLineBelow(source, at);
    if (deeper !== null)
      return {
        message: 'this line is indented more than the key above it, which has its value already',
        at: deeper,
        also: [{ message: 'the key above', at: { ...at, column: /\S/.exec(at.text)!.index + 1 } }],
      };
  }
  const known = SENTENCES[error.code];
  return {
    message: known?.message ?? sentence(error.message),
    at,
    ...(known?.help === undefined ? {} : { help: known.help }),
  };
}

/** Offset of the last bracket or quote that is open at the end of a text, or null. Words may hold brackets: `a[1]`. */
function unclosed(text: string): number | null {
  const open: number[] = [];
  let quote: number | null = null;
  for (let index = 0; index < text.length; index++) {
    const letter = text[index]!;
    if (quote !== null) {
      if (letter === '\\' && text[quote] === '"') index++;
      else if (letter === text[quote]) quote = null;
      continue;
    }
    const starts = index === 0 || /[\s,[\]{}:]/.test(text[index - 1]!);
    if (letter === '#' && starts) {
      const end = text.indexOf('\n', index);
      index = end === -1 ? text.length : end;
    } else if ((letter === '"' || letter === "'") && starts) quote = index;
    else if ((letter === '[' || letter === '{') && (starts || open.length > 0)) open.push(index);
    else if (letter === ']' || letter === '}') open.pop();
  }
  return quote ?? open.at(-1) ?? null;
}

function deeperLineBelow(source: Source, at: Location): Location | null {
  const below = lineText(source, at.line + 1);
  const indent = (text: string) => /^ */.exec(text)![0].length;
  if (below.trim() === '' || indent(below) <= indent(at.text)) return null;
  const start = source.lines[at.line]! + indent(below);
  return locate(source, { start, end: start + below.trim().length });
}

const sentence = (text: string): string =>
  text
    .split('\n')[0]!
    .replace(/[.:]$/, '')
    .replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());

/** From the parser's nodes to ours: aliases and merge keys followed, every key once, every value JSON. */
function read(source: Source, contents: ParsedNode): Result<Document, readonly Diagnostic[]> {
  const problems: Diagnostic[] = [];
  const anchors = new Map<string, { readonly tree: Tree; readonly parts: number }>();
  let parts = 0;

  const problem = (message: string, span: Span, more: Partial<Diagnostic> = {}): Tree => {
    problems.push({ severity: 'error', message, at: locate(source, span), ...more });
    return { kind: 'scalar', span, value: null };
  };

  const tree = (node: unknown, fallback: Span): Tree => {
    if (parts > MOST_PARTS) return { kind: 'scalar', span: fallback, value: null };
    if (node === null || node === undefined) return { kind: 'scalar', span: fallback, value: null };
    const parsed = node as ParsedNode;
    const span: Span = parsed.range ? { start: parsed.range[0], end: parsed.range[1] } : fallback;
    if (isAlias(parsed)) return aliased(parsed, span);
    const before = parts++;
    const read = contentOf(parsed, span);
    const anchor = (parsed as { anchor?: string }).anchor;
    if (anchor !== undefined) anchors.set(anchor, { tree: read, parts: parts - before });
    return read;
  };

  const aliased = ({ source: name }: Alias, span: Span): Tree => {
    const anchored = anchors.get(name);
    if (anchored === undefined)
      return problem(`the alias *${name} means no anchor that ends above it`, span, {
        help: `write &${name} before the part that it is to repeat`,
      });
    parts += anchored.parts;
    if (parts > MOST_PARTS) return problem(`with *${name} the file has more than ${MOST_PARTS} parts`, span);
    return anchored.tree;
  };

  const contentOf = (node: ParsedNode, span: Span): Tree => {
    if (isMap(node)) return { kind: 'map', span, members: members(node.items as Pair[], span) };
    if (isSeq(node)) return { kind: 'list', span, items: node.items.map((item) => tree(item, span)) };
    const { value } = node as Scalar;
    if (value === null || typeof value === 'boolean' || typeof value === 'string')
      return { kind: 'scalar', span, value };
    if (typeof value === 'number' && Number.isFinite(value)) {
      if (
        Number.isInteger(value) &&
        !Number.isSafeInteger(value) &&
        /^[-+\d]+$/.test(String((node as Scalar).source))
      )
        return problem(`${(node as Scalar).source} has more digits than a number keeps`, span, {
          help: 'quote it',
        });
      return { kind: 'scalar', span, value };
    }
    return problem(`${source.text.slice(span.start, span.end)} is no value of JSON`, span);
  };

  const members = (pairs: readonly Pair[], fallback: Span): Map<string, Member> => {
    const own = new Map<string, Member>();
    const merged = new Map<string, Member>();
    for (const { key, value } of pairs) {
      const range = (key as ParsedNode | null)?.range;
      const span: Span = range ? { start: range[0], end: range[1] } : fallback;
      if (!isScalar(key) || (key.value === null && span.end === span.start)) {
        problem('a key must be a plain word', span);
        continue;
      }
      const name = typeof key.value === 'symbol' ? '<<' : String((key as Scalar).source ?? key.value);
      if (name === '<<' && (key as Scalar).type === 'PLAIN') {
        merge(merged, tree(value, span), span);
        continue;
      }
      const first = own.get(name);
      const member = { key: span, value: tree(value, { start: span.end, end: span.end }) };
      if (first === undefined) own.set(name, member);
      else
        problem(`the key ${JSON.stringify(name)} is given twice`, span, {
          also: [{ message: 'first here', at: locate(source, first.key) }],
        });
    }
    for (const [name, member] of merged) if (!own.has(name)) own.set(name, member);
    return own;
  };

  const merge = (into: Map<string, Member>, from: Tree, span: Span): void => {
    const maps = from.kind === 'list' ? from.items : [from];
    for (const map of maps) {
      if (map.kind !== 'map') problem('a merge key << takes a map, or a list of maps', span);
      // The earlier of several merged maps wins, as YAML 1.1 has it.
      else for (const [name, member] of map.members) if (!into.has(name)) into.set(name, member);
    }
  };

  const root = tree(contents, { start: 0, end: 1 });
  if (parts > MOST_PARTS && problems.length === 0)
    problem(`the file has more than ${MOST_PARTS} parts`, { start: 0, end: 1 });
  return problems.length > 0 ? fail(problems) : ok({ source, tree: root });
}
