import type { StageInstance } from '../pipeline/pipeline.ts';
import type { StageDescription } from '../stage/description.ts';
import type { Store } from '../store/store.ts';
import type { BuiltProgram } from './code.ts';

/** What is known of a stage without running its code; `null`: its file was never described. */
export function knownDescription(
  stage: StageInstance,
  program: BuiltProgram,
  store: Store,
): StageDescription | null {
  if (program.kind === 'module') return store.description(program.source);
  return {
    inputs: Object.fromEntries(Object.keys(stage.inputs).map((name) => [name, 'required'])),
    outputs: stage.outputs ?? [],
    draws: false,
    tensors: false,
    params: {},
  };
}
