import type { Failure } from '../failure.ts';
import { printDiagnostic } from './diagnostic.ts';
import { failureLines } from './sentences.ts';

/** Says on stderr what is wrong, diagnostics first. */
export function printFailure(failure: Failure): void {
  if ('diagnostics' in failure)
    for (const diagnostic of failure.diagnostics) process.stderr.write(`${printDiagnostic(diagnostic)}\n\n`);
  for (const line of failureLines(failure)) process.stderr.write(`${line}\n`);
}
