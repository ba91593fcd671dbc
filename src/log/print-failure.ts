import type { Failure } from '../failure.ts';
import { wantsColour } from './colour.ts';
import { printDiagnostic } from './diagnostic.ts';
import { harmless } from './harmless.ts';
import { failureLines } from './sentences.ts';

/** Says on stderr what is wrong, diagnostics first. */
export function printFailure(failure: Failure): void {
  const colour = wantsColour(process.stderr);
  if ('diagnostics' in failure)
    for (const diagnostic of failure.diagnostics)
      process.stderr.write(`${printDiagnostic(diagnostic, { colour })}\n\n`);
  for (const line of failureLines(failure)) process.stderr.write(`${harmless(line)}\n`);
}
