import { alignColumns } from './table.ts';

/** Each schedule in two lines or three: when, its last run, what did not arrive. */
export function scheduleLines(
  all: readonly {
    readonly name: string;
    readonly cron: string;
    readonly timezone: string;
    readonly profile: string | null;
    readonly last: {
      readonly ended: string;
      readonly code: number;
      readonly run: string | null;
      readonly undelivered: readonly string[];
    } | null;
    readonly underWay: boolean;
    readonly next: string | null;
    readonly isDue: boolean;
    readonly calledBy: readonly string[];
  }[],
): readonly string[] {
  if (all.length === 0) return ['The pipeline file has no schedules.'];
  const rows = all.map(({ name, cron, timezone, profile, last, underWay, next, isDue, calledBy }) => [
    name,
    `${cron} ${timezone}${profile === null ? '' : `, profile ${profile}`}`,
    underWay
      ? 'under way'
      : last === null
        ? 'never ran'
        : `${result(last.code)} ${local(last.ended, timezone)}`,
    next === null ? 'never due' : `${isDue ? 'due since' : 'next'} ${local(next, timezone)}`,
    calledBy.length === 0 ? 'called by nothing yet' : `called by ${calledBy.join(', ')}`,
  ]);
  const missing = all.flatMap(({ name, last }) =>
    (last?.undelivered ?? []).map((what) => `${name}: ${what}`),
  );
  const idle = all.filter(({ calledBy }) => calledBy.length === 0);
  return [
    ...alignColumns(rows),
    ...missing,
    ...(idle.length === 0
      ? []
      : [
          `\`bloodline schedule install ${idle[0]!.name}\` has it called; \`bloodline schedule serve\` calls all.`,
        ]),
  ];
}

function result(code: number): string {
  if (code === 0) return 'good';
  return code === 4 ? 'a gate not met' : `failed (exit ${code})`;
}

/** In the schedule's own zone, to the minute. */
const local = (at: string, timeZone: string): string =>
  new Date(at).toLocaleString('sv-SE', { timeZone }).slice(0, 16);
