import type { StageId, StageInstance } from './pipeline.ts';

/** The instances whose outputs a stage reads. */
export function upstream(stage: StageInstance): readonly StageId[] {
  return Object.values(stage.inputs).flatMap((input) => {
    if (input.kind === 'artifact') return [input.stage];
    return input.kind === 'fan-in' ? input.from.map((one) => one.stage) : [];
  });
}
