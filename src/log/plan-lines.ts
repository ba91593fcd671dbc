import type { Plan, Planned } from '../plan/plan.ts';
import { reasonsText } from './sentences.ts';
import { alignColumns } from './table.ts';

/** A line a stage: cached, will run and why, never described. */
export function planLines(plan: Plan): readonly string[] {
  return alignColumns(plan.stages.map((planned) => [planned.stage.id, ...stateText(planned)]));
}

export function stateText(planned: Planned): readonly string[] {
  switch (planned.state) {
    case 'hit':
      return ['cached'];
    case 'miss':
      return ['will run', reasonsText(planned.reasons)];
    case 'waits':
      // Something of its own differs as well: it runs, whatever comes out above it.
      return [
        planned.reasons.every(({ why }) => why === 'depends-on') ? 'may run' : 'will run',
        reasonsText(planned.reasons),
      ];
    case 'undescribed':
      return ['will run', 'never ran, not described yet'];
    default:
      return planned satisfies never;
  }
}

/** The plan as data, for `--json`. */
export function planJson(plan: Plan): readonly object[] {
  return plan.stages.map((planned) => ({
    stage: planned.stage.id,
    state: planned.state,
    key: 'key' in planned ? planned.key : null,
    reasons: 'reasons' in planned ? planned.reasons : [],
  }));
}
