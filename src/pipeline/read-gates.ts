import { type Draft, problem } from './draft.ts';
import type { Gate, StageInstance } from './pipeline.ts';
import type { PipelineText } from './schema.ts';
import { didYouMean } from './suggest.ts';
import { placeOfKey, placeOfValue } from './tree.ts';

/** The gates of a file; what is wrong with them is added to the draft's problems. */
export function readGates(
  draft: Draft,
  written: PipelineText['gates'],
  stages: readonly StageInstance[],
): readonly Gate[] {
  return Object.entries(written ?? {}).map(([name, gate]) => {
    const known = [...draft.names, ...stages.map(({ id }) => id as string)];
    if (!known.includes(gate.stage))
      problem(
        draft,
        `there is no stage ${JSON.stringify(gate.stage)}`,
        placeOfValue(draft.document, ['gates', name, 'stage']),
        didYouMean(gate.stage, known),
      );
    const { min = null, max = null, 'max-drop': maxDrop = null } = gate;
    if (min === null && max === null && maxDrop === null)
      problem(
        draft,
        `the gate ${JSON.stringify(name)} lets everything pass`,
        placeOfKey(draft.document, ['gates', name]),
        { help: 'give it a min, a max or a max-drop' },
      );
    return { name, stage: gate.stage, metric: gate.metric, min, max, maxDrop };
  });
}
