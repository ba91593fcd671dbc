import { Cron } from 'croner';
import { readAge, readSize } from '../amount.ts';
import { type Draft, problem } from './draft.ts';
import type { Schedule } from './pipeline.ts';
import type { PipelineText } from './schema.ts';
import { didYouMean } from './suggest.ts';
import { placeOfValue } from './tree.ts';

/** The schedules of a file; patterns, time zones and profiles that are none are added to the draft's problems. */
export function readSchedules(
  draft: Draft,
  written: PipelineText['schedules'],
  profiles: readonly string[],
): readonly Schedule[] {
  return Object.entries(written ?? {}).map(([name, text]) => {
    const at = (key: string) => placeOfValue(draft.document, ['schedules', name, key]);
    const { cron, timezone = 'UTC', profile = null, 'catch-up': catchUp = 'last', overlap = 'refuse' } = text;
    const keep = text.keep ?? null;
    try {
      new Cron(cron, { paused: true });
    } catch (error) {
      const why = (error as Error).message.replace(/^CronPattern: /, '');
      problem(draft, `${JSON.stringify(cron)} is no cron pattern: ${why}`, at('cron'), {
        help: 'minute hour day month weekday: "30 2 * * 1-5" is half past two from Monday to Friday',
      });
    }
    if (!isZone(timezone))
      problem(draft, `there is no time zone ${JSON.stringify(timezone)}`, at('timezone'), {
        help: 'names are such as Europe/Berlin, America/New_York or UTC',
      });
    if (profile !== null && !profiles.includes(profile))
      problem(
        draft,
        `there is no profile ${JSON.stringify(profile)}`,
        at('profile'),
        didYouMean(profile, profiles),
      );
    return {
      name,
      cron,
      timezone,
      profile,
      catchUp,
      overlap,
      keep: keep && { maxBytes: readSize(keep.size ?? ''), ageMs: readAge(keep.age ?? '') },
    };
  });
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
