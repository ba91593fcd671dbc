import type { Change } from '../plan/changes.ts';
import type { Planned } from '../plan/plan.ts';
import type { StageRecord } from '../store/record.ts';
import { changeLines } from './change-lines.ts';
import { stateText } from './plan-lines.ts';
import { duration, figure } from './sentences.ts';
import { alignColumns } from './table.ts';

export interface Explained {
  readonly planned: Planned;
  /** The record that its key is held against: its run, and what differs. `null`: it never ran. */
  readonly nearest: {
    readonly run: string;
    readonly startedAt: string;
    readonly changes: readonly Change[];
  } | null;
  /** Runs that gave other bytes for the very key that it has now. */
  readonly otherResults: readonly { readonly run: string; readonly outputs: readonly string[] }[];
}

/** One stage in two records or runs; `null`: only the other has it. */
export interface Compared {
  readonly stage: string;
  readonly a: StageRecord | null;
  readonly b: StageRecord | null;
  readonly changes: readonly Change[];
  /** Outputs with other bytes. */
  readonly outputs: readonly string[];
  readonly metrics: readonly {
    readonly name: string;
    readonly from: number | null;
    readonly to: number | null;
  }[];
}

/** Why each stage runs, or does not, in full. */
export function explainedLines(explained: readonly Explained[]): readonly string[] {
  return explained.flatMap(({ planned, nearest, otherResults }) => [
    `${planned.stage.id}: ${stateText(planned).join(', ')}${nearest === null ? '' : ` (beside run ${nearest.run}, ${nearest.startedAt})`}`,
    ...changeLines(nearest?.changes ?? []),
    ...otherResults.map(({ run, outputs }) => `  not deterministic: ${outputs.join(', ')} in run ${run}`),
  ]);
}

/** A stage's records, a line each. */
export function historyLines(
  past: readonly {
    readonly stage: string;
    readonly records: readonly StageRecord[];
    readonly twice: ReadonlySet<string>;
  }[],
): readonly string[] {
  return past.flatMap(({ stage, records, twice }, index) => [
    ...(past.length > 1 ? [...(index > 0 ? [''] : []), stage] : []),
    ...alignColumns(
      records.map((record, back) => [
        `~${back}`,
        record.startedAt.slice(0, 19).replace('T', ' '),
        record.run,
        record.key.slice(0, 12),
        duration(record.ms),
        Object.entries(record.metrics)
          .slice(0, 4)
          .map(([name, value]) => `${name} ${figure(value)}`)
          .join(', ') + (twice.has(record.key) ? ' not deterministic: its key has other results' : ''),
      ]),
    ),
  ]);
}

/** Two records or runs beside each other. */
export function comparedLines(compared: readonly Compared[]): readonly string[] {
  const number = (value: number | null) => (value === null ? '(none)' : figure(value));
  return compared.flatMap(({ stage, a, b, changes, outputs, metrics }) => {
    if (a === null || b === null)
      return [
        `${stage}: ${a === null && b === null ? 'in neither' : `only in the ${a === null ? 'second' : 'first'}`}`,
      ];
    const sameKey = a.key === b.key;
    const what = outputs.length === 0 ? 'the same bytes' : `other bytes in ${outputs.join(', ')}`;
    const how = sameKey && outputs.length > 0 ? ', by the same key: it is not deterministic' : '';
    return [
      `${stage}: ${what}${how}`,
      ...changeLines(changes),
      ...metrics.map(({ name, from, to }) => `  metric ${name}: ${number(from)} → ${number(to)}`),
    ];
  });
}
