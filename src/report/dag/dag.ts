import type { Pipeline, StageInstance } from '../../pipeline/pipeline.ts';
import type { Plan } from '../../plan/plan.ts';

/** What has become of a stage, or will. */
export type DagState = 'cached' | 'will-run' | 'waits' | 'not-described' | 'ran' | 'failed' | 'skipped';

/** States by the id of the stage; a stage without one is drawn plainly. */
export type DagStates = Readonly<Record<string, DagState>>;

export interface Dag {
  readonly name: string;
  /** In topological order. */
  readonly nodes: readonly { readonly id: string; readonly state: DagState | null }[];
  /** One for each pair of stages, with the outputs that pass. */
  readonly edges: readonly {
    readonly from: string;
    readonly to: string;
    readonly outputs: readonly string[];
  }[];
}

export function dagOf(pipeline: Pipeline, states: DagStates = {}): Dag {
  return {
    name: pipeline.name,
    nodes: pipeline.stages.map(({ id }) => ({ id, state: states[id] ?? null })),
    edges: pipeline.stages.flatMap(edgesTo),
  };
}

/** The states that a plan gives its stages. */
export function plannedStates({ stages }: Plan): DagStates {
  const names = { hit: 'cached', miss: 'will-run', waits: 'waits', undescribed: 'not-described' } as const;
  return Object.fromEntries(stages.map(({ state, stage }) => [stage.id, names[state]]));
}

function edgesTo({ id, inputs }: StageInstance): Dag['edges'] {
  const outputs = new Map<string, Set<string>>();
  for (const input of Object.values(inputs)) {
    const from = input.kind === 'artifact' ? [input] : input.kind === 'fan-in' ? input.from : [];
    for (const { stage, output } of from) outputs.set(stage, (outputs.get(stage) ?? new Set()).add(output));
  }
  return [...outputs].map(([from, names]) => ({ from, to: id, outputs: [...names].sort() }));
}

/** Words for a state, beside its colour: a picture must be readable without colours. */
export const STATE_WORDS: Readonly<Record<DagState, string>> = {
  cached: 'cached',
  'will-run': 'will run',
  waits: 'waits',
  'not-described': 'not described yet',
  ran: 'ran',
  failed: 'failed',
  skipped: 'skipped',
};
