import type { Command } from 'commander';
import type { CommandTools } from './cli-store.ts';

/** Verbs that share results with other machines, through remotes or as a file. */
export function remoteCommands(program: Command, { where, withChoices, answer, tell }: CommandTools): void {
  withChoices(program.command('pull [stages...]'))
    .description(
      'fetch results from remotes (all that a run would need, or those named and what they need); runs no stage',
    )
    .option('--all', 'everything that the remotes have')
    .option('--from <remote>', 'from this one only')
    .option('--json', 'as JSON')
    .action(async (stages: string[], options) => {
      const { pull } = await import('./verbs/pull.ts');
      const { pullLines } = await import('./log/remote-lines.ts');
      const transfer = await openTransfer();
      const pulled = await pull({
        ...where(options),
        ...transfer.tools,
        stages,
        all: options.all === true,
        ...(options.from === undefined ? {} : { from: options.from as string }),
      });
      transfer.done();
      await tell(pulled, options, pullLines);
    });

  withChoices(program.command('push [stages...]'))
    .description('send results to remotes, signed (of all stages, or of those named and what they need)')
    .option('--all', 'everything in the store')
    .option('--run <id>', 'what a run made or used')
    .option('--to <remote>', 'to this one only')
    .option('--json', 'as JSON')
    .action(async (stages: string[], options) => {
      const { push } = await import('./verbs/push.ts');
      const { pushLines } = await import('./log/remote-lines.ts');
      const transfer = await openTransfer();
      const pushed = await push({
        ...where(options),
        ...transfer.tools,
        stages,
        all: options.all === true,
        ...(options.run === undefined ? {} : { run: options.run as string }),
        ...(options.to === undefined ? {} : { to: options.to as string }),
      });
      transfer.done();
      const damaged = pushed.ok && pushed.value.some(({ how }) => how === 'damaged');
      await tell(pushed, options, pushLines, damaged ? 3 : 0);
    });

  program
    .command('archive <run> <file>')
    .description(
      'write a run (its id, or last) with all its results into one file, signed where there is a key',
    )
    .option('--json', 'as JSON')
    .action(async (run: string, file: string, options) => {
      const { archive } = await import('./verbs/archive.ts');
      const { archiveLines } = await import('./log/remote-lines.ts');
      await tell(await archive(where(), run, file), options, archiveLines);
    });

  program
    .command('unarchive <file>')
    .description('take an archive into the store, if your key, or one of the pipeline’s remotes, signed it')
    .option('--key <key...>', 'public keys that are trusted too')
    .option('--unsigned', 'take it whoever signed it: for files of which you know where they come from')
    .option('--json', 'as JSON')
    .action(async (file: string, options) => {
      const { unarchive } = await import('./verbs/archive.ts');
      const { unarchiveLines } = await import('./log/remote-lines.ts');
      const trust = {
        keys: (options.key as string[] | undefined) ?? [],
        unsigned: options.unsigned === true,
      };
      await tell(await unarchive(where(), file, trust), options, unarchiveLines);
    });

  const remote = program.command('remote').description('the stores that the pipeline shares with others');
  remote
    .command('status', { isDefault: true })
    .description('whether they answer, what they have, whether your key is trusted there')
    .option('--json', 'as JSON')
    .action(async (options) => {
      const { remoteStatus } = await import('./verbs/remote.ts');
      const { remoteLines } = await import('./log/remote-lines.ts');
      const states = await remoteStatus(where());
      const down = states.ok && states.value.some(({ results }) => results === null);
      await tell(states, options, remoteLines, down ? 1 : 0);
    });
  remote
    .command('init <name>')
    .description('make the folder of a remote, once')
    .action(async (name: string) => {
      const { remoteInit } = await import('./verbs/remote.ts');
      await answer(await remoteInit(where(), name), (path) => `${path} is a remote now`);
    });
  remote
    .command('keygen [file]')
    .description(
      'make a key to sign results with (where it is looked for, or at FILE), and print its public half',
    )
    .action(async (file: string | undefined) => {
      const { remoteKeygen } = await import('./verbs/remote.ts');
      await answer(remoteKeygen(where(), file), (made) => made.publicKey);
    });
}

/** What a transfer tells goes to stderr; signals end it as they end a run. */
async function openTransfer() {
  const { plainLog } = await import('./log/plain.ts');
  const { interruption } = await import('./verbs/watched-run.ts');
  const { signal, done } = interruption();
  return { tools: { emit: plainLog((line) => process.stderr.write(`${line}\n`)), signal }, done };
}
