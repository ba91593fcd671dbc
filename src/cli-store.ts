import type { Command } from 'commander';
import type { Result } from './failure.ts';
import type { Where } from './verbs/workspace.ts';

/** What the verbs of `cli.ts` share. */
export interface CommandTools {
  /** The folder, file and choices that the command line names. */
  readonly where: (options?: { profile?: string; param?: readonly string[] }) => Where;
  /** `--profile` and `--param`. */
  readonly withChoices: (command: Command) => Command;
  /** Prints an answer on stdout, or its failure on stderr; `code` is the exit code of an answer. */
  readonly answer: <T>(result: Result<T>, print: (value: T) => string, code?: number) => Promise<void>;
}

/** Verbs that look at the store and look after it. */
export function storeCommands(program: Command, { where, answer }: CommandTools): void {
  program
    .command('verify')
    .description('read the whole store and tell what in it is damaged (exit 3)')
    .option('--repair', 'set aside what is damaged, so that it is made again (exit 0)')
    .option('--json', 'as JSON')
    .action(async (options) => {
      const { verify } = await import('./verbs/verify.ts');
      const { verifyLines } = await import('./log/verify-lines.ts');
      const verified = await verify(where(), { repair: options.repair === true });
      const damaged = verified.ok && verified.value.wrong.length > 0 && !verified.value.repaired;
      await answer(
        verified,
        (value) => (options.json ? JSON.stringify(value) : verifyLines(value).join('\n')),
        damaged ? 3 : 0,
      );
    });
}
