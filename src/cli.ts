import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { remoteCommands } from './cli-remote.ts';
import { scheduleCommands } from './cli-schedule.ts';
import { type CommandTools, gpusOption, storeCommands } from './cli-store.ts';
import { exitCode, type Failure, type Result } from './failure.ts';
import { shellWord } from './shell-word.ts';
import type { Where } from './verbs/workspace.ts';

const EXAMPLES = `
Examples:
  bloodline run                          what is not in the store yet
  bloodline run --profile demo           with the demo's params
  bloodline run evaluate --param epochs=5
  bloodline run --from train-per-model@vgg16
  bloodline status                       what would run, and why
  bloodline dag --format svg > dag.svg   the pipeline drawn
  bloodline show compare                 its record, metrics and files
  bloodline verify --repair              read the store, set aside what is damaged

Exit codes: 0 done, 1 a stage failed, 2 usage or pipeline, 3 the store is damaged, 4 a gate is not met, 70 a bug of ours, 128+n a signal.`;

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** argv (without node and the script) → exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  let code = 0;
  // Whoever reads only the first lines (`| head -1`) closes the pipe: that is no error.
  for (const out of [process.stdout, process.stderr])
    out.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  const program = commandLine((result) => {
    code = result;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    // A disk that is full or read-only is nobody's bug, wherever it shows first.
    if (['ENOSPC', 'EDQUOT', 'EROFS'].includes((error as NodeJS.ErrnoException | null)?.code ?? '')) {
      const { asStoreFailure } = await import('./store/publish.ts');
      const { printFailure } = await import('./log/print-failure.ts');
      const failure = asStoreFailure(error);
      printFailure(failure);
      return exitCode(failure);
    }
    process.stderr.write(
      `Internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n` +
        'This is a bug of bloodline: please report it with the command and the lines above.\n',
    );
    return 70;
  }
}

function commandLine(end: (code: number) => void): Command {
  const program = new Command('bloodline')
    .description('Declarative, content-addressed machine-learning pipelines.')
    .option('-C <dir>', 'work in this folder', '.')
    .option('--file <file>', 'the pipeline file', 'pipeline.yaml')
    .addHelpText('after', EXAMPLES)
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ writeErr: (text) => process.stderr.write(text) });
  program.version(version(), '--version', 'print the version');

  const where = (options: { profile?: string; param?: readonly string[] } = {}): Where => {
    const { C, file } = program.opts<{ C: string; file: string }>();
    return {
      folder: resolve(C),
      file,
      params: options.param ?? [],
      ...(options.profile === undefined ? {} : { profile: options.profile }),
    };
  };
  const withChoices = (command: Command): Command =>
    command
      .option('--profile <name>', 'a profile of the pipeline file')
      .addOption(
        new Option('--param <name=value>', 'a param of the pipeline file')
          .argParser(collect)
          .default([], 'none'),
      );
  const refuse = async (failure: Failure): Promise<void> => {
    const { printFailure } = await import('./log/print-failure.ts');
    printFailure(failure);
    end(exitCode(failure));
  };
  /** Prints an answer on stdout, or its failure on stderr. */
  const answer = async <T>(result: Result<T>, print: (value: T) => string, code = 0): Promise<void> => {
    if (!result.ok) return refuse(result.error);
    process.stdout.write(`${print(result.value)}\n`);
    end(code);
  };
  const tell: CommandTools['tell'] = (result, { json }, lines, code) =>
    answer(result, (value) => (json ? JSON.stringify(value) : lines(value).join('\n')), code);

  withChoices(program.command('run [stages...]'))
    .description('bring stages up to date (all, or those named and what they need)')
    .addOption(
      new Option('--force <stage>', 'run it even if its result is there')
        .argParser(collect)
        .default([], 'none'),
    )
    .addOption(
      new Option('--from <stage>', 'run it and all below it even if their results are there')
        .argParser(collect)
        .default([], 'none'),
    )
    .addOption(new Option('--jobs <n>', 'stages at once (default: one a core)').argParser(atLeastOne))
    .addOption(gpusOption())
    .option('--durable', 'flush each result to the disk before it counts, for fear of power losses')
    .addOption(
      new Option(
        '--remote <mode>',
        'shared stores of the pipeline file: fetch results (read), also send new ones (write), neither (off) (default: read)',
      ).choices(['read', 'write', 'off']),
    )
    .option('--only', 'the named stages and nothing that they need: that must be in the store')
    .addOption(new Option('--fail-fast', 'after a failure start nothing more').conflicts('keepGoing'))
    .option('--keep-going', 'after a failure go on with what does not depend on it (the default)')
    .addOption(
      new Option('--watch', 'run again whenever a file changes, until Ctrl-C').conflicts(['dryRun', 'json']),
    )
    .option(
      '--if-due <schedule>',
      'only if a time of a schedule of the pipeline file has come; safe to call each minute',
    )
    .option('--quiet', 'with --if-due: say nothing where nothing is due')
    .addOption(new Option('--now <time>', 'for tests of schedules: ISO 8601').hideHelp())
    .option('--dry-run', 'say what would run, and why; run nothing')
    .option('--json', 'events as JSON lines on stdout')
    .action(async (stages: string[], options) => {
      const request = {
        ...where(options),
        stages,
        force: options.force as string[],
        from: options.from as string[],
        only: options.only === true,
        failFast: options.failFast === true,
        durable: options.durable === true,
        ...(options.remote === undefined ? {} : { remote: options.remote }),
        ...(options.jobs === undefined ? {} : { jobs: options.jobs as number }),
        ...(options.gpus === undefined ? {} : { gpus: options.gpus as string[] }),
      };
      if (options.dryRun) {
        const { dryRun } = await import('./verbs/run.ts');
        const { planJson, planLines } = await import('./log/plan-lines.ts');
        return answer(await dryRun(request), (plan) =>
          options.json ? JSON.stringify(planJson(plan)) : planLines(plan).join('\n'),
        );
      }
      if (options.watch) {
        const { watch } = await import('./verbs/watch.ts');
        return end(await watch(request));
      }
      if (options.ifDue !== undefined) {
        const { runIfDue } = await import('./verbs/run-if-due.ts');
        const now = options.now === undefined ? new Date() : new Date(options.now);
        const quiet = options.quiet === true;
        return end(await runIfDue(request, options.ifDue, { json: options.json === true, quiet, now }));
      }
      const { watchedRun } = await import('./verbs/watched-run.ts');
      end((await watchedRun(request, { json: options.json === true })).code);
    });

  withChoices(program.command('status'))
    .description('what each stage comes to: cached, will run and why, never ran')
    .option('--json', 'as JSON')
    .option('--exit-code', 'exit 1 if anything would run')
    .option(
      '--explain [stage]',
      'the parts of each key that changed, old and new: params, files, code, packages',
    )
    .action(async (options) => {
      if (options.explain !== undefined) {
        const { explain } = await import('./verbs/explain.ts');
        const { explainedLines } = await import('./log/explained-lines.ts');
        const explained = await explain(where(options), options.explain === true ? null : options.explain);
        return answer(explained, (all) =>
          options.json
            ? JSON.stringify(
                all.map(({ planned, ...rest }) => ({
                  stage: planned.stage.id,
                  state: planned.state,
                  ...rest,
                })),
              )
            : explainedLines(all).join('\n'),
        );
      }
      const { status } = await import('./verbs/status.ts');
      const { planJson, planLines } = await import('./log/plan-lines.ts');
      const plan = await status(where(options));
      const stale = plan.ok && plan.value.stages.some(({ state }) => state !== 'hit');
      await answer(
        plan,
        (value) => (options.json ? JSON.stringify(planJson(value)) : planLines(value).join('\n')),
        options.exitCode && stale ? 1 : 0,
      );
    });

  withChoices(program.command('dag'))
    .description('the pipeline drawn, each stage with what it comes to')
    .addOption(
      new Option('--format <format>', 'how to draw it')
        .choices(['text', 'mermaid', 'dot', 'svg'])
        .default('text'),
    )
    .action(async (options) => {
      const { dag } = await import('./verbs/dag.ts');
      await answer(await dag(where(options), options.format), (drawn) => drawn);
    });

  withChoices(program.command('show <stage>'))
    .description("a stage's newest record: metrics, facts, where its files are")
    .option('--json', 'as JSON')
    .action(async (stage: string, options) => {
      const { show } = await import('./verbs/show.ts');
      const { shownLines } = await import('./log/shown-lines.ts');
      await tell(await show(where(options), stage), options, shownLines);
    });

  const tools: CommandTools = { where, withChoices, answer, tell };
  storeCommands(program, tools);
  scheduleCommands(program, { ...tools, end });
  remoteCommands(program, tools);

  withChoices(program.command('predict <model> [images...]'))
    .description(
      'classes of new images: MODEL is a folder, a stage (train-per-model@vgg16, or vgg16), a run, or champion; images are files or folders',
    )
    .option('--boxes <file>', 'a table of boxes, each a cell: CSV, or JSON lines like samples.jsonl')
    .addOption(new Option('--json', 'a JSON object a line').conflicts(['csv', 'html']))
    .addOption(new Option('--csv', 'a table').conflicts('html'))
    .option('--html', 'a page with the pictures')
    .addOption(new Option('--engine <name>').choices(['auto', 'native', 'wasm', 'webgpu']).default('auto'))
    .action(async (model: string, images: readonly string[], options) => {
      const { predict } = await import('./verbs/predict.ts');
      const form = options.json ? 'json' : options.csv ? 'csv' : options.html ? 'html' : 'text';
      const boxes = (options.boxes as string | undefined) ?? null;
      const code = await predict(where(options), { model, images, boxes, form, engine: options.engine });
      if (!code.ok) return refuse(code.error);
      end(code.value);
    });

  const champion = program
    .command('champion')
    .description('which model is in use for this pipeline: show, promote, rollback');
  withChoices(champion.command('show', { isDefault: true }))
    .description('the one in use, why, since when; and those before')
    .option('--json', 'as JSON')
    .action(async (options) => {
      const { champions } = await import('./verbs/champion.ts');
      const { championLines } = await import('./log/champion-lines.ts');
      await tell(await champions(where(options)), options, championLines);
    });
  withChoices(champion.command('promote <model>'))
    .description(
      'put a model to use if it was evaluated, beats the baselines, and is not worse than the champion',
    )
    .option('--against-gates <why>', 'put it to use though a gate is not met, and write down why')
    .option('--json', 'as JSON')
    .action(async (name: string, options) => {
      const { promote } = await import('./verbs/champion.ts');
      const { promotionLines } = await import('./log/champion-lines.ts');
      const against = (options.againstGates as string | undefined) ?? null;
      const promoted = await promote(where(options), name, { against, at: new Date() });
      await tell(
        promoted,
        options,
        (value) => promotionLines(name, value),
        promoted.ok && promoted.value.champion === null ? 4 : 0,
      );
    });
  withChoices(champion.command('rollback'))
    .description('take the one before into use again')
    .option('--json', 'as JSON')
    .action(async (options) => {
      const { rollback } = await import('./verbs/champion.ts');
      await answer(await rollback(where(options), { at: new Date() }), (value) =>
        options.json
          ? JSON.stringify(value)
          : `In use again: ${value.to.stage} (${value.to.model.slice(0, 12)}), instead of ${value.from.stage} (${value.from.model.slice(0, 12)}).`,
      );
    });

  const data = program.command('data').description('data sets');
  data
    .command('audit [source]')
    .description(
      'what makes measured accuracies untrue: pictures, groups and copies on two sides of a split, labels that something else gives away. SOURCE is a data set’s folder or file; or give --samples and --split. Exits with 1 where something crosses, or an image cannot be read',
    )
    .option('--format <name>', 'class-folders, csv, npz or pascal-voc (default: as it looks)')
    .addOption(
      new Option('--option <name=value>', 'a setting of the format').argParser(collect).default([], 'none'),
    )
    .option('--samples <folder>', 'rows, as balance-augment writes them (latest/balance-augment/samples)')
    .option('--split <folder>', 'their division, as split writes it (latest/split/assignment)')
    .option('--json', 'as JSON, every finding')
    .action(async (source: string | undefined, options) => {
      const { auditData } = await import('./verbs/data.ts');
      const { option, json, ...given } = options as {
        option: readonly string[];
        json?: boolean;
        format?: string;
        samples?: string;
        split?: string;
      };
      end(
        await auditData({
          folder: where().folder,
          ...(source === undefined ? {} : { source }),
          ...given,
          options: option,
          json: json === true,
        }),
      );
    });

  const model = program.command('model').description('trained models');
  withChoices(model.command('export <model> <dir>'))
    .description('write a trained model (its folder, or the stage that made it) for other programs')
    .option(
      '--format <format>',
      'keras-h5: keras.models.load_model reads it; tfjs: tf.loadLayersModel; bundle: a page and a small predict',
      'keras-h5',
    )
    .action(async (trained: string, dir: string, options) => {
      const { exportModel } = await import('./verbs/model.ts');
      const code = await exportModel(where(options), { model: trained, to: dir, format: options.format });
      if (!code.ok) return refuse(code.error);
      end(code.value);
    });

  program
    .command('doctor')
    .description('what this machine and this folder have, and what to do about what they have not')
    .option('--json', 'as JSON')
    .action(async (options) => {
      const { doctor } = await import('./verbs/doctor.ts');
      const { alignColumns } = await import('./log/table.ts');
      const findings = await doctor(where());
      const lines = alignColumns(findings.map(({ what, state, text }) => [state, what, text]));
      process.stdout.write(`${options.json ? JSON.stringify(findings) : lines.join('\n')}\n`);
      end(findings.some(({ state }) => state === 'broken') ? 1 : 0);
    });

  program
    .command('init <dir>')
    .description('a small pipeline of your own that runs')
    .action(async (dir: string) => {
      const { init } = await import('./verbs/init.ts');
      const folder = resolve(where().folder, dir);
      await answer(
        init(folder),
        ({ files }) =>
          `Made ${files.length} files in ${folder}. Try: cd ${shellWord(dir)} && npx bloodline run`,
      );
    });

  const engine = program.command('engine').description('the tensor engines: status, install, remove');
  const kind = () => new Argument('[engine]', 'which one').choices(['cpu', 'cuda']).default('cpu');
  engine
    .command('status')
    .description('which are there and whole, what they compute on, what to type')
    .option('--verify', 'read every byte of them')
    .option('--json', 'as JSON')
    .action(async (options) => {
      const { engineState } = await import('./verbs/engine.ts');
      const { engineLines } = await import('./verbs/engine-lines.ts');
      await tell(await engineState({ full: options.verify === true }), options, engineLines);
    });
  engine
    .command('install')
    .description(
      "put a native engine into the user's cache folder, once for all projects (needs a C++ compiler): cpu, or cuda for NVIDIA GPUs",
    )
    .addArgument(kind())
    .option('--optional', 'where it cannot be had, say so and exit 0')
    .action(async (kind, options) => {
      const { engineInstall } = await import('./verbs/engine.ts');
      const { interruption } = await import('./verbs/watched-run.ts');
      const interrupt = interruption();
      const onStep = (step: string): void => void process.stderr.write(`engine: ${step}\n`);
      const request = { kind, optional: options.optional === true, onStep, signal: interrupt.signal };
      const installed = await engineInstall(request);
      interrupt.done();
      await answer(installed, (sentence) => sentence);
    });
  engine
    .command('remove')
    .description('take one out of the cache folder, and what was fetched for it')
    .addArgument(kind())
    .action(async (kind) => {
      const { engineRemove } = await import('./verbs/engine.ts');
      await answer(await engineRemove(kind), (sentence) => sentence);
    });

  program
    .command('completion <shell> [words...]')
    .description('a script for bash, zsh or fish: `eval "$(bloodline completion bash)"` in its start file')
    .allowUnknownOption()
    .action(async (shell: string, words: string[]) => {
      const { completions, completionScript } = await import('./verbs/completion.ts');
      if (shell === 'words') {
        process.stdout.write(`${(await completions(program, where(), words)).join('\n')}\n`);
        return end(0);
      }
      await answer(completionScript(shell), (script) => script);
    });

  return program;
}

function atLeastOne(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new InvalidArgumentError(`Expected a whole number from 1 up.`);
}

function version(): string {
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
