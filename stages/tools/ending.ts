import { StageError } from 'bloodline-ml/stage';

/** Whether a program was called wrongly, or with what does not fit together: the message is all that its user needs. */
export const isUsage = (error: unknown): boolean =>
  error instanceof StageError || Boolean((error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS'));

/** Says an error and the way out on stderr. */
export function tell(error: unknown): void {
  process.stderr.write(`${(error as Error).message}\n`);
  if (error instanceof StageError && error.help) process.stderr.write(`  ${error.help}\n`);
}

/** Runs a program to its exit code: that of `main`, or 2 where it was called wrongly. Throws what is a bug. */
export async function runMain(main: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main();
  } catch (error) {
    if (!isUsage(error)) throw error;
    tell(error);
    process.exitCode = 2;
  }
}
