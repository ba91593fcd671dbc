import { exitCode, type Failure } from '../failure.ts';

/** Says on stderr what went wrong, and gives the exit code for it. What makes sentences is loaded only here. */
export async function refuse(failure: Failure): Promise<number> {
  const { printFailure } = await import('../log/print-failure.ts');
  printFailure(failure);
  return exitCode(failure);
}
