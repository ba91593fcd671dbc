import type { ChangedStage } from '../events.ts';
import { figure, reasonsText } from './sentences.ts';

/** A stage that came out otherwise than in the last run, in a line: why, and what moved. */
export function changedText({ reasons, data, metrics }: ChangedStage): string {
  return [whyText({ reasons, data }), ...metrics.map(movedText)].filter(Boolean).join('; ');
}

export function whyText({ reasons, data }: Pick<ChangedStage, 'reasons' | 'data'>): string {
  // Data are named even where the stage was compared with another result than the last, or is an old one again.
  const named = reasons.flatMap((reason) => (reason.why === 'input' ? [reason.name] : []));
  const others = data.filter((name) => !named.includes(name)).map((name) => `its input ${name} changed`);
  return [reasonsText(reasons), ...others].filter(Boolean).join(', ') || 'as an earlier run made it';
}

/** `accuracy 0.912 → 0.934`, with as many digits as show that it moved. */
export function movedText({ name, from, to }: ChangedStage['metrics'][number]): string {
  const [a, b] = figure(from) === figure(to) ? [String(from), String(to)] : [figure(from), figure(to)];
  return `${name} ${a} → ${b}`;
}

const MOST_LINES = 20;

/** All of them, for a terminal or a mail. */
export function changedLines(stages: readonly ChangedStage[]): readonly string[] {
  const shown = stages.slice(0, MOST_LINES).map((one) => `  ${one.stage}: ${changedText(one)}`);
  const more = stages.length - shown.length;
  return ['Since the last run:', ...shown, ...(more > 0 ? [`  and ${more} more stages`] : [])];
}
