import type { Diagnostic, Location } from '../failure.ts';
import type { Json, JsonObject } from '../json.ts';
import type { StageText } from './schema.ts';
import { type Scope, type SubstitutionProblem, substitute } from './substitute.ts';
import { didYouMean } from './suggest.ts';
import { type Document, type Path, placeOfKey, placeOfValue } from './tree.ts';

/** What is at hand while the stages of one file are expanded. */
export interface Draft {
  readonly document: Document;
  readonly root: string;
  readonly params: JsonObject;
  readonly stages: Readonly<Record<string, StageText>>;
  /** All names of stages, those with problems of their own too. */
  readonly names: ReadonlySet<string>;
  readonly problems: Diagnostic[];
}

export function problem(
  draft: Draft,
  message: string,
  at: Location,
  more: { readonly help?: string } = {},
): void {
  draft.problems.push({ severity: 'error', message, at, ...more });
}

/** "did you mean", for the first problems only: in a file full of them nobody reads the rest, and each takes its time. */
export function suggestion(draft: Draft, word: string, candidates: Iterable<string>): { help?: string } {
  return draft.problems.length < 100 ? didYouMean(word, [...candidates]) : {};
}

/** Fills in `${…}` below a path of the document; what is wrong with it is added to the draft's problems. */
export function filled(draft: Draft, value: Json, scope: Scope, path: Path): Json {
  const found: SubstitutionProblem[] = [];
  const result = substitute(value, scope, path, found);
  for (const each of found) problem(draft, ...sentence(draft, each, scope));
  return result;
}

function sentence(
  draft: Draft,
  found: SubstitutionProblem,
  scope: Scope,
): [message: string, at: Location, more: { help?: string }] {
  switch (found.problem) {
    case 'unclosed':
      return [
        '"${" begins a substitution and is not closed',
        at(draft, found, '${'),
        { help: 'write $${ for a plain ${' },
      ];
    case 'not-text':
      return [
        `\${${found.name}} stands inside a text: expected a text, number, true or false, got ${found.kind === 'null' ? 'null' : `a ${found.kind}`}`,
        at(draft, found, `\${${found.name}}`),
        { help: `alone, as "\${${found.name}}", it keeps its type` },
      ];
    case 'unknown-param':
      return [
        `\${${found.name}} is unknown here`,
        at(draft, found, `\${${found.name}}`),
        suggestion(draft, found.name, [...Object.keys(scope.values), ...(scope.later ?? [])]),
      ];
    case 'not-a-map':
      return [
        `expected ${found.name} to be a map, one of whose members is meant, got a ${found.kind}`,
        at(draft, found, found.name),
        {},
      ];
    case 'no-member':
      return [
        `${found.map} says nothing of ${JSON.stringify(found.key)}`,
        at(draft, found, `\${${found.name}}`),
        {
          help: `${didYouMean(found.key, found.members).help ?? 'it has no members'}; null stands for none`,
        },
      ];
    default:
      return found satisfies never;
  }
}

/** The very `${…}` inside its value, if the text of the line shows it. */
function at(draft: Draft, { path, index }: SubstitutionProblem, text: string): Location {
  const whole = placeOfValue(draft.document, path);
  const found = whole.text.indexOf(text, whole.column - 1 + index);
  return found === -1 ? whole : { ...whole, column: found + 1, length: text.length };
}

/** Where the parts of a stage stand, by JSON pointer below it. */
export function placesOf(document: Document, name: string, stage: StageText): Record<string, Location> {
  const places: Record<string, Location> = {};
  for (const part of Object.keys(stage)) {
    const path = ['stages', name, part];
    places[`/${part}`] = placeOfKey(document, path);
    const members = (stage as Record<string, unknown>)[part];
    if (part === 'inputs' || part === 'params' || part === 'resources')
      addPlaces(members as Json, `/${part}`, path, document, places);
  }
  return places;
}

function addPlaces(
  value: Json,
  pointer: string,
  path: Path,
  document: Document,
  places: Record<string, Location>,
): void {
  if (value === null || typeof value !== 'object') return;
  for (const [step, member] of Object.entries(value)) {
    const below = `${pointer}/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const pathBelow = [...path, step];
    places[below] = placeOfValue(document, pathBelow);
    addPlaces(member as Json, below, pathBelow, document, places);
  }
}
