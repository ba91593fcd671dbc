import type { RunEvent } from '../events.ts';
import { exitCode, type Failure } from '../failure.ts';
import { plainLog } from '../log/plain.ts';
import { refuse } from './refuse.ts';
import { type RunRequest, run } from './run.ts';

export interface Watched {
  /** The exit code. */
  readonly code: number;
  /** Why the run did not begin, or what ended it from outside. */
  readonly failure: Failure | null;
}

/**
 * `bloodline run` as a person or a program sees it: events as a live view, plain lines or JSON lines, the same events in
 * the run's log file, a clean end at Ctrl-C. `onEvent` hears them too.
 */
export async function watchedRun(
  request: Omit<RunRequest, 'emit' | 'signal' | 'kill' | 'onFolder'>,
  { json, onEvent }: { readonly json: boolean; readonly onEvent?: (event: RunEvent) => void },
): Promise<Watched> {
  const view = await openView(json);
  const interrupt = interruption();
  let file: { take(event: RunEvent): void; close(): Promise<void> } | null = null;
  const result = await run({
    ...request,
    signal: interrupt.signal,
    kill: interrupt.kill,
    emit(event) {
      view.take(event);
      file?.take(event);
      onEvent?.(event);
    },
    async onFolder(folder) {
      const { openLogFiles } = await import('../log/file.ts');
      file = openLogFiles(folder);
    },
  });
  view.close();
  await (file as { close(): Promise<void> } | null)?.close();
  interrupt.done();

  if (!result.ok) {
    return { code: await refuse(result.error), failure: result.error };
  }
  const { finished, outcomes, gatesMet, store, pipeline } = result.value;
  const by = interrupt.by();
  if (by !== null) {
    const failure: Failure = { reason: 'interrupted', signal: by };
    return { code: await refuse(failure), failure };
  }
  if (!json && finished.ran.length > 0) {
    const { resultLines } = await import('../log/results.ts');
    for (const line of resultLines(store, pipeline, outcomes)) process.stdout.write(`${line}\n`);
  }
  const whose = finished.ran.length + finished.failed.length > 0 ? "\nThe run's page" : "The last run's page";
  if (!json && finished.page !== null) process.stdout.write(`${whose}: ${finished.page}\n`);
  if (finished.ok) return { code: gatesMet ? 0 : 4, failure: null };
  const codes = [...outcomes.values()].flatMap((outcome) =>
    outcome.how === 'failed' ? [exitCode(outcome.failure)] : [],
  );
  return { code: Math.max(1, ...codes.filter((code) => code < 64)), failure: null };
}

async function openView(json: boolean): Promise<{ take(event: RunEvent): void; close(): void }> {
  if (json) {
    const { jsonLog } = await import('../log/json.ts');
    return { take: jsonLog((line) => process.stdout.write(line)), close() {} };
  }
  if (process.stderr.isTTY && process.env.TERM !== 'dumb' && !process.env.CI) {
    const { liveView } = await import('../log/terminal.ts');
    return liveView(process.stderr);
  }
  return { take: plainLog((line) => process.stderr.write(`${line}\n`)), close() {} };
}

export type Interrupt = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGPIPE';

/** The first signal asks the run to end; a second one kills what runs and ends this process, at once. */
export function interruption(): {
  readonly signal: AbortSignal;
  readonly kill: AbortSignal;
  by(): Interrupt | null;
  done(): void;
} {
  const controller = new AbortController();
  const killer = new AbortController();
  let first: Interrupt | null = null;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (first !== null) {
      // Whoever listens does so before this returns.
      killer.abort();
      process.exit(exitCode({ reason: 'interrupted', signal: signal as Interrupt }));
    }
    first = signal as Interrupt;
    controller.abort();
  };
  const signals: readonly Interrupt[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, onSignal);
  // Node ignores SIGPIPE and reports a failed write instead: where nobody reads on (`| head -1`), the run ends.
  const onError = (error: NodeJS.ErrnoException): void => {
    if (error.code === 'EPIPE' && first === null) onSignal('SIGPIPE');
  };
  const outs = [process.stdout, process.stderr];
  for (const out of outs) out.on('error', onError);
  return {
    signal: controller.signal,
    kill: killer.signal,
    by: () => first,
    done() {
      for (const signal of signals) process.off(signal, onSignal);
      for (const out of outs) out.off('error', onError);
    },
  };
}
