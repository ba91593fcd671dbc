import { relative } from 'node:path';
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
export function locate(source: Source, { start, end }: Span): Location {
  const index = lineAt(source.lines, start);
  const from = source.lines[index]!;
  const shown = lineText(source, index + 1);
  const length = Math.max(1, Math.min(end, from + shown.length) - start);
  return { file: source.file, line: index + 1, column: start - from + 1, length, text: shown };
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

/** A path as the person who typed the command would write it. */
export function shownPath(file: string): string {
  const near = relative(process.cwd(), file);
  return near.startsWith('..') ? file : near;
}

/** The text of a line, counted from 1, as it is shown. */
export function lineText({ text, lines }: Source, line: number): string {
  const from = lines[line - 1] ?? text.length;
  let until = (lines[line] ?? text.length + 1) - 1;
  if (text[until - 1] === '\r') until--;
  return text.slice(from, until);
}
