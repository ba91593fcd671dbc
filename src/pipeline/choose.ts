import { type Diagnostic, type Failure, fail, ok, type Result } from '../failure.ts';
import type { Json, JsonObject } from '../json.ts';
import type { Choices } from './pipeline.ts';
import { mentioned } from './substitute.ts';
import { didYouMean } from './suggest.ts';
import { type Document, placeOfKey, placeOfValue } from './tree.ts';

interface Chosen {
  readonly params: JsonObject;
  /** Profiles that set params which are not there, and the like. */
  readonly problems: readonly Diagnostic[];
}

/** The pipeline's params after a profile and what the command line says; its word is the last. */
export function chooseParams(
  params: JsonObject,
  profiles: Readonly<Record<string, JsonObject>>,
  choices: Choices,
  document: Document,
): Result<Chosen> {
  const usage = unknownProfile(profiles, choices) ?? unknownParam(params, choices);
  if (usage !== null) return fail(usage);
  const problems: Diagnostic[] = [];
  for (const [name, value] of Object.entries(params))
    problems.push(...substitutionIn(value, ['params', name], document));
  for (const [profile, values] of Object.entries(profiles)) {
    for (const [name, value] of Object.entries(values)) {
      const path = ['profiles', profile, name];
      problems.push(...substitutionIn(value, path, document));
      if (!Object.hasOwn(params, name))
        problems.push({
          severity: 'error',
          message: `the profile ${JSON.stringify(profile)} sets ${JSON.stringify(name)}, which is no param of this pipeline`,
          at: placeOfKey(document, path),
          ...didYouMean(name, Object.keys(params)),
        });
    }
  }
  const profile = choices.profile === undefined ? {} : profiles[choices.profile];
  return ok({ params: { ...params, ...profile, ...choices.params }, problems });
}

function unknownProfile(
  profiles: Readonly<Record<string, JsonObject>>,
  { profile }: Choices,
): Failure | null {
  if (profile === undefined || Object.hasOwn(profiles, profile)) return null;
  const names = Object.keys(profiles);
  const help = names.length === 0 ? { help: 'the pipeline has no profiles' } : didYouMean(profile, names);
  return { reason: 'usage', message: `there is no profile ${JSON.stringify(profile)}`, ...help };
}

function unknownParam(params: JsonObject, choices: Choices): Failure | null {
  const names = Object.keys(params);
  const name = Object.keys(choices.params ?? {}).find((each) => !Object.hasOwn(params, each));
  if (name === undefined) return null;
  const help = names.length === 0 ? { help: 'the pipeline has no params' } : didYouMean(name, names);
  return { reason: 'usage', message: `the pipeline has no param ${JSON.stringify(name)}`, ...help };
}

function substitutionIn(value: Json, path: readonly string[], document: Document): readonly Diagnostic[] {
  const [name] = mentioned(value);
  if (name === undefined) return [];
  return [
    {
      severity: 'error',
      message: `params hold values: \${${name}} is filled in in stages only`,
      at: placeOfValue(document, path),
    },
  ];
}
