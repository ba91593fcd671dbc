import { type Command, Option } from 'commander';
import type { CommandTools } from './cli-store.ts';
import type { WayName } from './schedule/ways.ts';

const WAY_NAMES: readonly WayName[] = ['cron', 'systemd', 'launchd', 'github-actions'];

/** Verbs that have the schedules of a pipeline file kept. */
export function scheduleCommands(
  program: Command,
  { where, answer, tell, end }: CommandTools & { readonly end: (code: number) => void },
): void {
  const schedule = program
    .command('schedule')
    .description('have the schedules of the pipeline file kept: by cron, systemd, launchd, GitHub, or here');
  const as = () => new Option('--as <what>', 'who is to call it').choices(WAY_NAMES);
  const toInstall = (command: Command): Command =>
    command
      .addOption(as().default(process.platform === 'darwin' ? 'launchd' : 'cron'))
      .option('--secrets <file>', 'lines of NAME=value, read by each call: for what is secret');

  schedule
    .command('status', { isDefault: true })
    .description('each schedule: its last run and what came of it, when it is due next, who calls it')
    .option('--json', 'as JSON')
    .action(async (options) => {
      const { scheduleStatus } = await import('./verbs/schedule.ts');
      const { scheduleLines } = await import('./log/schedule-lines.ts');
      await tell(await scheduleStatus(where(), new Date()), options, scheduleLines);
    });
  toInstall(schedule.command('show <name>'))
    .description('print what `install` would put in place')
    .action(async (name: string, options) => {
      const { showEntry } = await import('./verbs/schedule.ts');
      await answer(await showEntry(where(), name, choicesOf(options)), (text) => text.trimEnd());
    });
  toInstall(schedule.command('install <name>'))
    .description(
      'have `run --if-due NAME` called each minute, from now on; again: with paths as they are now',
    )
    .action(async (name: string, options) => {
      const { installEntry } = await import('./verbs/schedule.ts');
      await answer(await installEntry(where(), name, choicesOf(options)), (lines) => lines.join('\n'));
    });
  schedule
    .command('remove <name>')
    .description('take away what `install` put in place, and nothing else')
    .addOption(as())
    .action(async (name: string, options) => {
      const { removeEntry } = await import('./verbs/schedule.ts');
      await answer(await removeEntry(where(), name, options.as ?? null), (lines) => lines.join('\n'));
    });
  schedule
    .command('serve')
    .description('keep all of them in the foreground, until SIGTERM or Ctrl-C: for containers')
    .action(async () => {
      const { serve } = await import('./verbs/schedule-serve.ts');
      end(await serve(where()));
    });
}

const choicesOf = (options: { as: WayName; secrets?: string }) => ({
  as: options.as,
  secrets: options.secrets ?? null,
});
