import type { ChangedStage, RunEvent } from '../events.ts';
import type { Failure } from '../failure.ts';
import { changedLines } from '../log/changed-lines.ts';
import { harmless } from '../log/harmless.ts';
import { failureLines } from '../log/sentences.ts';
import type { Notify } from '../pipeline/pipeline.ts';

/** What is told of a run: the JSON that a webhook or a command gets. */
export interface Notice {
  /** All of it, in words. */
  readonly text: string;
  /** What of `on:` it is: `[]` where all went well on the same data. */
  readonly about: readonly ('failed' | 'gates' | 'data')[];
  readonly pipeline: string;
  readonly profile: string | null;
  readonly schedule: string;
  /** The time that it was due for; ISO 8601. */
  readonly due: string;
  readonly run: string | null;
  /** Exit code. */
  readonly code: number;
  /** What went wrong, a line each. */
  readonly failures: readonly string[];
  readonly gates: readonly { readonly gate: string; readonly met: boolean; readonly text: string }[];
  readonly changed: readonly ChangedStage[];
  /** Path of the run's page. */
  readonly page: string | null;
}

/** Listens to a run, and says what there is to tell. */
export function takeNotes(): {
  take(event: RunEvent): void;
  run(): string | null;
  notice(
    of: Pick<Notice, 'pipeline' | 'profile' | 'schedule' | 'due' | 'code'>,
    failure: Failure | null,
  ): Notice;
} {
  const failed: Failure[] = [];
  const gates: Notice['gates'][number][] = [];
  let changed: readonly ChangedStage[] = [];
  let run: string | null = null;
  let page: string | null = null;
  return {
    take(event) {
      if (event.type === 'run-started') run = event.run;
      else if (event.type === 'stage-failed') failed.push(event.failure);
      else if (event.type === 'gate') gates.push({ gate: event.gate, met: event.met, text: event.text });
      else if (event.type === 'changed') changed = event.stages;
      else if (event.type === 'run-finished') page = event.page;
    },
    run: () => run,
    notice(of, failure) {
      const failures = [...failed, ...(failure === null ? [] : [failure])].map(briefly);
      const about = [
        ...(of.code !== 0 && of.code !== 4 ? (['failed'] as const) : []),
        ...(gates.some(({ met }) => !met) ? (['gates'] as const) : []),
        ...(changed.some(({ data }) => data.length > 0) ? (['data'] as const) : []),
      ];
      const what = about.length === 0 ? 'done' : about.map((one) => WORDS[one]).join(', ');
      const text = [
        `${of.pipeline}, schedule ${of.schedule}: ${what}`,
        ...failures,
        ...gates.map((one) => `gate ${one.gate}: ${one.met ? 'met' : 'NOT met'}: ${one.text}`),
        ...(changed.length === 0 ? [] : changedLines(changed)),
        ...(page === null ? [] : [page]),
      ];
      return { text: harmless(text.join('\n')), about, ...of, run, failures, gates, changed, page };
    },
  };
}

const WORDS = { failed: 'FAILED', gates: 'a gate is NOT met', data: 'data changed' } as const;

/** Without the end of its log: what a stage prints is for the machine that it ran on. */
function briefly(failure: Failure): string {
  const { logTail: _, ...plain } = failure as Failure & { readonly logTail?: unknown };
  return failureLines(plain as Failure).join('\n');
}

export const isWanted = ({ on }: Notify, { about }: Notice): boolean =>
  on.includes('done') || about.some((one) => on.includes(one));
