import { type Diagnostic, type Failure, fail, ok, type Result } from '../failure.ts';
import type { Pipeline, StageId, StageInstance } from '../pipeline/pipeline.ts';
import { upstream } from '../pipeline/upstream.ts';
import type { Artifact } from '../store/record.ts';
import { checkOutputs } from './check-inputs.ts';
import type { Plan, Planned } from './plan.ts';
import { type PlanOptions, planContext, planStage } from './plan-stage.ts';

/**
 * What every stage of a pipeline comes to. Runs nobody's code. Leave out stages by leaving them out of
 * `pipeline.stages` (with all that depends on them).
 *
 * Fails with `code-does-not-build` (all stages' problems at once) or `input-missing`. What the descriptions show is in
 * `diagnostics`; a stage that has any stands as `waits` on nothing.
 */
export async function planPipeline(pipeline: Pipeline, options: PlanOptions): Promise<Result<Plan>> {
  const context = planContext(pipeline, options);
  const known = new Map<StageId, Readonly<Record<string, Artifact>>>();
  const outputNames = new Map<string, readonly string[]>();
  const stages: Planned[] = [];
  const diagnostics: Diagnostic[] = [];
  const failures: Failure[] = [];
  for (const stage of pipeline.stages) {
    const wrong = checkOutputs(pipeline, stage, (id) => outputNames.get(id) ?? null);
    if (wrong.length > 0) {
      diagnostics.push(...wrong);
      stages.push({ state: 'waits', stage, on: [], description: null, parts: null, texts: {}, reasons: [] });
      continue;
    }
    const planned = await planStage(context, stage, (id) => known.get(id) ?? null);
    if (!planned.ok) {
      if (planned.error.reason === 'invalid-pipeline') diagnostics.push(...planned.error.diagnostics);
      else failures.push(planned.error);
      stages.push({ state: 'waits', stage, on: [], description: null, parts: null, texts: {}, reasons: [] });
      continue;
    }
    stages.push(planned.value);
    const outputs = outputsOf(planned.value);
    if (outputs !== null) outputNames.set(stage.id, outputs);
    if (planned.value.state === 'hit') known.set(stage.id, planned.value.record.outputs);
  }
  if (failures.length > 0) return fail(together(failures));
  return ok({ pipeline, stages, diagnostics: withoutRepeats(diagnostics) });
}

/** The instances of the stages named, and all that depends on them: what `--from` forces. */
export function below(stages: readonly StageInstance[], from: Iterable<StageId>): ReadonlySet<StageId> {
  const found = new Set<StageId>(from);
  for (const stage of stages) {
    if (upstream(stage).some((id) => found.has(id))) found.add(stage.id);
  }
  return found;
}

function outputsOf(planned: Planned): readonly string[] | null {
  if (planned.state === 'hit') return Object.keys(planned.record.outputs);
  if (planned.state === 'undescribed') return planned.stage.outputs;
  return planned.description?.outputs ?? planned.stage.outputs;
}

/** All that does not build in one failure; otherwise the first thing that is wrong. */
function together(failures: readonly Failure[]): Failure {
  const builds = failures.filter((failure) => failure.reason === 'code-does-not-build');
  if (builds.length === 0) return failures[0]!;
  return {
    reason: 'code-does-not-build',
    stage: builds.map(({ stage }) => stage).join(', '),
    diagnostics: withoutRepeats(builds.flatMap(({ diagnostics }) => diagnostics)),
  };
}

/** The instances of one matrix stage all say the same. */
function withoutRepeats(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Set<string>();
  return diagnostics.filter(({ message, at }) => {
    const text = `${at.file}:${at.line}:${at.column} ${message}`;
    return !seen.has(text) && seen.add(text);
  });
}
