import type { RunEvent } from '../events.ts';
import { changedLines } from './changed-lines.ts';
import { harmless } from './harmless.ts';
import { duration, failureLines, figure, namedFigure, reasonsText } from './sentences.ts';

/** One line of progress a stage in this many ms at most: a log of a night stays readable. */
const PROGRESS_MS = 10_000;
const MANY = 30;

/** Events as plain lines, for a terminal that is none and for log files. Returns a function that takes events. */
export function plainLog(write: (line: string) => void): (event: RunEvent) => void {
  const print = (line: string): void => write(harmless(line));
  const shown = new Map<string, number>();
  /** Stages of a large pipeline that come out as the first line said: no line for each. */
  const expected = new Set<string>();
  return (event) => {
    switch (event.type) {
      case 'run-started': {
        const todo = event.stages.filter(({ plan }) => plan !== 'cached').length;
        if (event.stages.length > MANY)
          for (const { stage, plan } of event.stages) if (plan === 'cached') expected.add(stage);
        const profile = event.profile === null ? '' : ` (profile ${event.profile})`;
        if (todo > 0)
          print(
            `${event.pipeline}${profile}: ${event.stages.length} stages, ${todo} not in the store${event.expectedMs === null ? '' : `, about ${duration(event.expectedMs)}`}`,
          );
        return;
      }
      case 'stage-queued':
        return;
      case 'stage-waits':
        print(`${event.stage}: waits for run ${event.run}, which makes it just now`);
        return;
      case 'stage-started':
        print(
          `${event.stage}: runs (${reasonsText(event.reasons)})${event.attempt > 1 ? `, attempt ${event.attempt}` : ''}`,
        );
        return;
      case 'stage-event': {
        const { event: inner, stage } = event;
        if (inner.type === 'warning') print(`${stage}: warning: ${inner.message}`);
        if (inner.type !== 'progress') return;
        const now = performance.now();
        if (now - (shown.get(stage) ?? Number.NEGATIVE_INFINITY) < PROGRESS_MS) return;
        shown.set(stage, now);
        const values = Object.entries(inner.values ?? {}).map(([name, value]) => namedFigure(name, value));
        const percent = inner.total > 0 ? `${Math.floor((100 * inner.done) / inner.total)} %` : '';
        print(`${stage}: ${[inner.label ?? '', percent, ...values].filter(Boolean).join(', ')}`);
        return;
      }
      case 'stage-output':
        return;
      case 'download': {
        const now = performance.now();
        if (event.done !== event.total && now - (shown.get(event.url) ?? 0) < PROGRESS_MS) return;
        shown.set(event.url, now);
        const total = event.total === null ? '' : ` of ${megabytes(event.total)}`;
        print(`${event.stage}: fetched ${megabytes(event.done)}${total} from ${event.url}`);
        return;
      }
      case 'transfer': {
        const id = `${event.stage} ${event.direction}`;
        const now = performance.now();
        if (event.done < event.total && now - (shown.get(id) ?? 0) < PROGRESS_MS) return;
        shown.set(id, now);
        const what = event.direction === 'from' ? 'fetched' : 'sent';
        print(
          `${event.stage}: ${what} ${megabytes(event.done)} of ${megabytes(event.total)} ${event.direction} ${event.remote}`,
        );
        return;
      }
      case 'result-refused':
        print(`${event.stage}: the result that ${event.remote} has is not used: ${event.why}`);
        return;
      case 'remote-off':
        print(`goes on without the remote ${event.remote}: ${event.message}`);
        return;
      case 'stage-retried':
        for (const line of failureLines(event.failure)) print(line);
        print(
          `${event.stage}: tries again in ${duration(event.inMs)} (attempt ${event.attempt + 1} of ${event.of})`,
        );
        return;
      case 'artifact-set-aside':
        print(
          `${event.stage}: bytes of ${event.output} did not fit their digest and were set aside; it is made again`,
        );
        return;
      case 'stage-finished':
        if (event.how === 'cached') {
          if (!expected.has(event.stage)) print(`${event.stage}: cached`);
        } else print(`${event.stage}: done in ${duration(event.ms)}${metricsText(event.metrics)}`);
        return;
      case 'stage-not-deterministic':
        print(
          `${event.stage}: not deterministic: ${event.outputs.join(', ')} came out with other bytes than before`,
        );
        return;
      case 'stage-failed':
      case 'stage-skipped':
        for (const line of failureLines(event.failure)) print(line);
        return;
      case 'changed':
        for (const line of changedLines(event.stages)) print(line);
        return;
      case 'gate':
        print(`gate ${event.gate}: ${event.met ? 'met' : 'NOT met'}: ${event.text}`);
        return;
      case 'run-finished':
        print(summary(event));
        return;
      default:
        event satisfies never;
    }
  };
}

/** The last line of a run. */
function summary(event: Extract<RunEvent, { type: 'run-finished' }>): string {
  const { ran, cached, failed, skipped, ms } = event;
  if (ran.length + failed.length + skipped.length === 0 && event.ok)
    return `Nothing to do: all ${cached.length} stages are in the store (${duration(ms)}).`;
  const parts = [
    `${ran.length} ran`,
    `${cached.length} cached`,
    ...(failed.length > 0 ? [`${failed.length} failed`] : []),
    ...(skipped.length > 0 ? [`${skipped.length} skipped`] : []),
  ];
  return `${event.ok ? 'Done' : 'Not done'} in ${duration(ms)}: ${parts.join(', ')}.`;
}

const metricsText = (metrics: Readonly<Record<string, number>>): string => {
  const shown = Object.entries(metrics).slice(0, 4);
  return shown.length === 0 ? '' : `: ${shown.map(([name, value]) => `${name} ${figure(value)}`).join(', ')}`;
};

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
