import { harmless } from './harmless.ts';

/** What two keys differ in, for people: a line each, and what it comes to below it. */
export function changeLines(
  changes: readonly {
    readonly part: string;
    readonly name: string;
    readonly from: string | null;
    readonly to: string | null;
    readonly lines: readonly string[];
  }[],
): readonly string[] {
  return changes.flatMap(({ part, name, from, to, lines }) => [
    harmless(`  ${part === name ? part : `${part} ${name}`}: ${from ?? '(none)'} → ${to ?? '(none)'}`),
    ...lines.map((line) => harmless(`      ${line}`)),
  ]);
}
