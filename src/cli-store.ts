import { type Command, InvalidArgumentError, Option } from 'commander';
import { readAge, readSize } from './amount.ts';
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
  /** The same, as lines for people or, with `--json`, as JSON. */
  readonly tell: <T>(
    result: Result<T>,
    options: { readonly json?: boolean },
    lines: (value: T) => readonly string[],
    code?: number,
  ) => Promise<void>;
}

/** Which accelerators stages may be handed. */
export const gpusOption = (): Option =>
  new Option('--gpus <ids>', "accelerators to use, by id: 0,2; '' for none (default: all)").argParser((ids) =>
    ids.split(',').filter(Boolean),
  );

/** Verbs that look at the store and look after it. */
export function storeCommands(program: Command, { where, withChoices, answer, tell }: CommandTools): void {
  program
    .command('history <stage>')
    .description('what a stage made, the latest first')
    .addOption(new Option('--limit <n>', 'at most so many').default(20).argParser(Number))
    .option('--json', 'as JSON')
    .action(async (stage: string, options) => {
      const { history } = await import('./verbs/history.ts');
      const { historyLines } = await import('./log/explained-lines.ts');
      await answer(await history(where(), stage, options.limit), (past) =>
        options.json
          ? JSON.stringify(past.map((one) => ({ ...one, twice: [...one.twice] })))
          : historyLines(past).join('\n'),
      );
    });

  withChoices(program.command('diff <a> <b>'))
    .description('two runs, or two records (a key, a stage, or stage~1), in all parts and metrics')
    .option('--json', 'as JSON')
    .action(async (a: string, b: string, options) => {
      const { diff } = await import('./verbs/diff.ts');
      const { comparedLines } = await import('./log/explained-lines.ts');
      await tell(await diff(where(options), a, b), options, comparedLines);
    });

  withChoices(program.command('audit [stages...]'))
    .description('run stages again and compare the bytes with those in the store (exit 1 where they differ)')
    .addOption(gpusOption())
    .option('--json', 'as JSON')
    .action(async (stages: string[], options) => {
      const { audit, auditCode } = await import('./verbs/audit.ts');
      const { auditLines } = await import('./verbs/audit-lines.ts');
      const { duration } = await import('./log/sentences.ts');
      const audited = await audit(where(options), stages, {
        ...(options.gpus === undefined ? {} : { gpus: options.gpus as string[] }),
        onStage: (stage, { ms }) =>
          void process.stderr.write(`${stage}: runs again (took ${duration(ms)} then)\n`),
        onOutput: (text) => void process.stderr.write(`  | ${text.trimEnd()}\n`),
      });
      await tell(audited, options, auditLines, audited.ok ? auditCode(audited.value) : 0);
    });

  program
    .command('verify')
    .description('read the whole store and tell what in it is damaged (exit 3)')
    .option('--repair', 'set aside what is damaged, so that it is made again (exit 0)')
    .option('--json', 'as JSON')
    .action(async (options) => {
      const { verify } = await import('./verbs/verify.ts');
      const { verifyLines } = await import('./log/verify-lines.ts');
      const verified = await verify(where(), { repair: options.repair === true });
      const damaged =
        verified.ok && verified.value.wrong.some(({ repair }) => repair === null || !verified.value.repaired);
      await tell(verified, options, verifyLines, damaged ? 3 : 0);
    });

  program
    .command('du')
    .description('what takes the room in the store, by stage')
    .option('--json', 'as JSON')
    .action(async (options) => {
      const { du } = await import('./verbs/du.ts');
      const { usageLines } = await import('./log/usage-lines.ts');
      await tell(du(where()), options, usageLines);
    });

  program
    .command('gc')
    .description(
      'say what of the store could go, the oldest results first; never what the last run of a profile needs',
    )
    .addOption(new Option('--older-than <age>', 'results made longer ago: 30d, 12h').argParser(age))
    .addOption(
      new Option('--max-size <size>', 'the oldest results, until files take no more: 20GB').argParser(bytes),
    )
    .option('--delete', 'remove it')
    .option('--json', 'as JSON')
    .action(async (options) => {
      const { gc } = await import('./verbs/gc.ts');
      const { collectionLines } = await import('./log/usage-lines.ts');
      const now = Date.now();
      const collected = await gc(where(), {
        before: options.olderThan === undefined ? null : now - options.olderThan,
        maxBytes: options.maxSize ?? null,
        remove: options.delete === true,
        now,
      });
      await tell(collected, options, collectionLines);
    });
}

/** `30d` → ms. */
function age(text: string): number {
  const ms = readAge(text);
  if (ms === null) throw new InvalidArgumentError('Expected an age such as 12h, 30d or 8w.');
  return ms;
}

/** `20GB` → bytes. */
function bytes(text: string): number {
  const size = readSize(text);
  if (size === null) throw new InvalidArgumentError('Expected a size such as 500MB or 20GB.');
  return size;
}
