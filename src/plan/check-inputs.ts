import type { Diagnostic } from '../failure.ts';
import type { Pipeline, StageId, StageInstance } from '../pipeline/pipeline.ts';
import { keyPlace } from '../pipeline/place.ts';
import { didYouMean, nearest } from '../pipeline/suggest.ts';
import type { StageDescription } from '../stage/description.ts';

/** Problems with the inputs of a stage that only its description shows. */
export function checkInputs(stage: StageInstance, description: StageDescription): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const declared = Object.keys(description.inputs);
  const unknown = Object.keys(stage.inputs).filter((name) => !declared.includes(name));
  const mistyped = unknown.map((name) => nearest(name, declared));
  for (const [name, need] of Object.entries(description.inputs)) {
    const input = stage.inputs[name];
    // "did you mean" below says it already.
    if (need === 'optional' || mistyped.includes(name) || (input !== undefined && input.kind !== 'absent'))
      continue;
    found.push({
      severity: 'error',
      message:
        input === undefined
          ? `${stage.name} needs an input ${JSON.stringify(name)}, and none is given`
          : `${stage.name} needs its input ${JSON.stringify(name)}, got null`,
      at: input?.at ?? stage.places['/inputs'] ?? stage.at,
    });
  }
  for (const name of unknown)
    found.push({
      severity: 'error',
      message: `${stage.name} has no input ${JSON.stringify(name)}`,
      at: keyPlace(stage, ['inputs', name]),
      ...(declared.length === 0 ? { help: 'it takes no inputs' } : didYouMean(name, declared, 'it takes')),
    });
  return found;
}

/** Whether the outputs that a stage's inputs name are there, as far as those of their makers are known (`null`, or none). */
export function checkOutputs(
  pipeline: Pipeline,
  stage: StageInstance,
  outputsOf: (stage: StageId) => readonly string[] | null,
): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const [name, input] of Object.entries(stage.inputs)) {
    if (input.kind !== 'artifact' && input.kind !== 'fan-in') continue;
    const first = input.kind === 'artifact' ? input : input.from[0];
    const outputs = first === undefined ? null : outputsOf(first.stage);
    if (first === undefined || outputs === null || outputs.length === 0 || outputs.includes(first.output))
      continue;
    const maker = pipeline.stages.find(({ id }) => id === first.stage)?.name ?? first.stage;
    found.push({
      severity: 'error',
      message: `${maker} has no output ${JSON.stringify(first.output)}`,
      at: stage.places[`/inputs/${name}`] ?? input.at,
      ...didYouMean(first.output, outputs, 'it makes'),
    });
  }
  return found;
}
