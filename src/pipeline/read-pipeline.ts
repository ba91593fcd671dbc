import { basename, dirname } from 'node:path';
import { type Diagnostic, fail, ok, type Result } from '../failure.ts';
import type { JsonObject } from '../json.ts';
import { blameOption } from './blame-option.ts';
import { checkPipeline } from './check.ts';
import { chooseParams } from './choose.ts';
import type { Draft } from './draft.ts';
import { expand } from './expand.ts';
import { parseYaml } from './parse.ts';
import type { Choices, Pipeline } from './pipeline.ts';
import { readGates } from './read-gates.ts';
import { readNotify } from './read-notify.ts';
import { readRemotes } from './read-remotes.ts';
import { readSchedules } from './read-schedules.ts';
import { shownPath } from './source.ts';

/** `loadPipeline` for a text at hand; `file` is absolute. */
export function readPipeline(file: string, text: string, choices: Choices = {}): Result<Pipeline> {
  const root = dirname(file);
  const parsed = parseYaml(shownPath(file), text);
  if (!parsed.ok) return invalid(parsed.error);
  const document = parsed.value;
  const { value, broken, problems } = checkPipeline(document);
  if (value === null) return invalid(problems);

  const params = (value.params ?? {}) as JsonObject;
  const profiles = (value.profiles ?? {}) as Readonly<Record<string, JsonObject>>;
  const chosen = chooseParams(params, profiles, choices, document);
  // What is wrong with the file may be why the command line seems wrong.
  if (!chosen.ok) return problems.length > 0 ? invalid(problems) : chosen;

  const draft: Draft = {
    document,
    root,
    params: chosen.value.params,
    stages: Object.fromEntries(Object.entries(value.stages).filter(([name]) => !broken.has(name))),
    names: new Set(Object.keys(value.stages)),
    problems: [...problems, ...chosen.value.problems],
  };
  const stages = expand(draft);
  const gates = readGates(draft, value.gates, stages);
  const schedules = readSchedules(draft, value.schedules, Object.keys(profiles));
  const notify = readNotify(draft, value.notify);
  const remotes = readRemotes(draft, value.remotes);
  if (draft.problems.length > 0) return invalid(blameOption(draft.problems, choices.params ?? {}));
  return ok({
    file,
    root,
    name: value.name ?? basename(root),
    seed: value.seed ?? 0,
    profile: choices.profile ?? null,
    profiles: Object.keys(profiles),
    params: chosen.value.params,
    chosen: choices.params ?? {},
    gates,
    schedules,
    notify,
    remotes,
    stages,
  });
}

const MOST_SHOWN = 50;

/** By place, each once: the instances of a matrix share their problems. */
function invalid(problems: readonly Diagnostic[]): Result<never> {
  const once = new Map(problems.map((each) => [`${each.at.line}:${each.at.column}:${each.message}`, each]));
  const sorted = [...once.values()].sort((a, b) => a.at.line - b.at.line || a.at.column - b.at.column);
  const diagnostics = sorted.slice(0, MOST_SHOWN);
  if (sorted.length > MOST_SHOWN)
    diagnostics.push({
      severity: 'error',
      message: `and ${sorted.length - MOST_SHOWN} more problems from here on`,
      at: sorted[MOST_SHOWN]!.at,
    });
  return fail({ reason: 'invalid-pipeline', diagnostics });
}
