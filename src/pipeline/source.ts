import type { Location } from '../failure.ts';

/** A stretch of a text, by offsets in UTF-16 units; `end` is not in it. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The text of a file the user wrote, with what turns offsets into lines and columns. */
export interface Source {
  /** As people are shown it. */
  readonly file: string;
  readonly text: string;
  /** Offset of the start of each line. */
  readonly lines: readonly number[];
}

export function createSource(file: string, text: string): Source {
  const lines = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines.push(at + 1);
  return { file, text, lines };
}

/** Where a span stands; one over several lines is cut at the end of its first. */
export function locate({ file, text, lines }: Source, { start, end }: Span): Location {
  const index = lineAt(lines, start);
  const from = lines[index]!;
  let until = (lines[index + 1] ?? text.length + 1) - 1;
  if (text[until - 1] === '\r') until--;
  const length = Math.max(1, Math.min(end, until) - start);
  return { file, line: index + 1, column: start - from + 1, length, text: text.slice(from, until) };
}

function lineAt(lines: readonly number[], offset: number): number {
  let low = 0;
  let high = lines.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (lines[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
