import type { Reason } from '../events.ts';
import type { Failure } from '../failure.ts';
import type { Json } from '../json.ts';

/** A failure as lines of text: what is wrong, then the way out, then the end of the log. Diagnostics are printed apart. */
export function failureLines(failure: Failure): readonly string[] {
  const lines = [sentence(failure)];
  if ('help' in failure && failure.help) lines.push(`  ${failure.help}`);
  if ('logTail' in failure && failure.logTail && failure.logTail.length > 0)
    lines.push('  the end of its log:', ...failure.logTail.map((line) => `  | ${line}`));
  if ('others' in failure) lines.push(...(failure.others ?? []).flatMap(failureLines));
  return lines;
}

function sentence(failure: Failure): string {
  switch (failure.reason) {
    case 'usage':
      return failure.message;
    case 'invalid-pipeline': {
      const errors = failure.diagnostics.filter(({ severity }) => severity === 'error').length;
      return `${errors} ${errors === 1 ? 'problem' : 'problems'} in the pipeline`;
    }
    case 'code-does-not-build':
      return `${failure.stage}: its code does not build`;
    case 'cannot-describe':
      return `${failure.stage}: its file could not be read as a stage: ${failure.message}`;
    case 'input-missing':
      return `${failure.stage}: its input "${failure.input}" cannot be read: ${failure.path}`;
    case 'download-failed':
      return `${failure.stage}: its input "${failure.input}" could not be fetched from ${failure.url}: ${failure.message}`;
    case 'stage-error':
      return `${failure.stage}: ${failure.message}`;
    case 'exit-non-zero':
      return `${failure.stage} ended with exit code ${failure.code}`;
    case 'killed':
      return `${failure.stage} was ended by ${failure.signal}`;
    case 'timed-out':
      return `${failure.stage} took longer than its timeout of ${duration(failure.afterMs)} and was ended`;
    case 'cannot-start':
      return `${failure.stage} could not be started: ${failure.message}`;
    case 'input-modified':
      return `${failure.stage}: its input "${failure.input}" changed while it ran (${failure.path}); its outputs were not kept`;
    case 'output-missing':
      return `${failure.stage} ended well but left nothing at its output "${failure.output}"`;
    case 'output-unusable':
      return `${failure.stage}: its output "${failure.output}" cannot be kept: ${failure.path} ${failure.message}`;
    case 'bad-event':
      return `${failure.stage} reported something that is no event: ${failure.message}: ${failure.line}`;
    case 'upstream-failed':
      return `${failure.stage} was skipped: ${failure.upstream} did not end well`;
    case 'interrupted':
      return `interrupted by ${failure.signal}; what was done is kept`;
    case 'store-damaged':
      return `the store is damaged at ${failure.path}: ${failure.message}`;
    case 'store-unusable':
      return `the store cannot be used: ${failure.message}`;
    case 'engine':
      return failure.message;
    case 'archive-refused':
      return `${failure.path} was not taken in: ${failure.message}`;
    case 'remote':
      return `the remote ${failure.remote} could not be used: ${failure.message}`;
    default:
      return failure satisfies never;
  }
}

/** Why a stage runs, in a few words. */
function reasonText(reason: Reason): string {
  switch (reason.why) {
    case 'never-ran':
      return 'never ran';
    case 'forced':
      return 'forced';
    case 'code':
      return 'its code changed';
    case 'module':
      return `the code of its ${reason.param} changed`;
    case 'package':
      return reason.from === null
        ? `uses the package ${reason.name} now`
        : reason.to === null
          ? `no longer uses the package ${reason.name}`
          : `the package ${reason.name} changed`;
    case 'protocol':
      return `the stage contract changed from version ${reason.from} to ${reason.to}`;
    case 'param':
      return `${reason.name} ${shown(reason.from)} → ${shown(reason.to)}`;
    case 'input':
      return `its input ${reason.name} changed`;
    case 'seed':
      return 'the seed changed';
    case 'outputs':
      return 'its outputs changed';
    case 'environment':
      return `the environment variable ${reason.name} changed`;
    case 'artifact-gone':
      return `its output ${reason.output} is damaged or gone`;
    case 'depends-on':
      return `depends on ${reason.stage}`;
    default:
      return reason satisfies never;
  }
}

export const reasonsText = (reasons: readonly Reason[]): string => reasons.map(reasonText).join(', ');

const shown = (value: Json | undefined): string => {
  if (value === undefined) return '(none)';
  const text = JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 37)}…` : text;
};

/** 900 ms, 12.3 s, 4 min 5 s, 3 h 12 min. */
export function duration(ms: number): string {
  if (Math.round(ms) < 1000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** 7 s left, 2 min 12 s left: whole seconds, so that the text stands still. */
export const timeLeft = (ms: number): string =>
  `${ms <= 59_000 ? `${Math.max(1, Math.ceil(ms / 1000))} s` : duration(Math.max(ms, 60_000))} left`;

/** A figure with its name, as a line shows it; what is counted in seconds reads as a duration. */
export const namedFigure = (name: string, value: number): string =>
  name === 'seconds left' ? timeLeft(1000 * value) : `${name} ${figure(value)}`;

/** 3 significant digits, without an exponent: 0.973, 12.3, 1234. */
export function figure(value: number): string {
  const size = Math.abs(value);
  if (Number.isInteger(value)) return String(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3);
}
