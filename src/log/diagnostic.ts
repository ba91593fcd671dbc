import type { Diagnostic, Location } from '../failure.ts';

/** Escape sequences of a terminal, or nothing. */
const COLOURS = { error: '31;1', warning: '33;1', file: '36', dim: '2', bold: '1' } as const;
type Paint = (colour: keyof typeof COLOURS, text: string) => string;
const plain: Paint = (_, text) => text;
const coloured: Paint = (colour, text) => `\x1b[${COLOURS[colour]}m${text}\x1b[0m`;

/**
 * A problem as people read it:
 *
 *     pipeline.yaml:9:13: error: there is no stage "splt"
 *         inputs: { samples: splt.samples }
 *                            ~~~~
 *       did you mean "split"?
 */
export function printDiagnostic(
  diagnostic: Diagnostic,
  { colour = false }: { colour?: boolean } = {},
): string {
  const paint = colour ? coloured : plain;
  const { severity, message, at, also = [], help } = diagnostic;
  const lines = [
    `${place(at, paint)}: ${paint(severity, `${severity}:`)} ${paint('bold', message)}`,
    ...excerpt(at, paint, severity),
  ];
  for (const other of also)
    lines.push(`  ${place(other.at, paint)}: ${other.message}`, ...excerpt(other.at, paint, 'dim'));
  if (help !== undefined) lines.push(`  ${help}`);
  return lines.join('\n');
}

/** Several, an empty line between them, with a count at the end where there are more than one. */
export function printDiagnostics(
  diagnostics: readonly Diagnostic[],
  options: { colour?: boolean } = {},
): string {
  const texts = diagnostics.map((each) => printDiagnostic(each, options));
  if (texts.length > 1) texts.push(`${texts.length} problems`);
  return texts.join('\n\n');
}

const place = ({ file, line, column }: Location, paint: Paint): string =>
  paint('file', `${file}:${line}:${column}`);

const WIDTH = 120;

/** The line and a squiggle below it; of a long line what is around the place. */
function excerpt({ text, column, length }: Location, paint: Paint, colour: keyof typeof COLOURS): string[] {
  if (text.trim() === '') return [];
  const indent = text.length <= WIDTH ? /^\s*/.exec(text)![0].length : Math.max(0, column - 1 - WIDTH / 2);
  const from = Math.min(indent, column - 1);
  const shown = text.slice(from, from + WIDTH).trimEnd();
  // A tab before the place stays one, so that the squiggle stands below it on every terminal.
  const before = shown.slice(0, column - 1 - from).replace(/[^\t]/g, ' ');
  const squiggle = '~'.repeat(Math.max(1, Math.min(length, shown.length - before.length)));
  return [`    ${shown}`, `    ${before}${paint(colour, squiggle)}`];
}
