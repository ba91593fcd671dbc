import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type Failure, fail, ok, type Result } from '../failure.ts';
import { loadPipeline } from '../pipeline/load.ts';
import { layout } from '../store/layout.ts';
import { REMOTE_MODES } from './shared-stores-for.ts';
import { storeFolder, type Where } from './workspace.ts';

/** All three ask `bloodline completion words …` for what may follow, so that they know each verb and each stage. */
const SCRIPTS: Readonly<Record<string, string>> = {
  bash: `_bloodline() {
  local IFS=$'\\n'
  COMPREPLY=($(compgen -W "$(bloodline completion words -- "\${COMP_WORDS[@]:1:COMP_CWORD-1}" 2>/dev/null)" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _bloodline bloodline`,
  zsh: `_bloodline() {
  local -a found
  found=("\${(@f)$(bloodline completion words -- "\${(@)words[2,CURRENT-1]}" 2>/dev/null)}")
  compadd -a found
}
compdef _bloodline bloodline`,
  fish: `complete -c bloodline -f -a '(bloodline completion words -- (commandline -opc)[2..-1] 2>/dev/null)'`,
};

/** The script that a shell reads at its start. */
export function completionScript(shell: string): Result<string, Failure> {
  const script = SCRIPTS[shell];
  if (script !== undefined) return ok(script);
  return fail({
    reason: 'usage',
    message: `there is no completion for ${JSON.stringify(shell)}`,
    help: 'bash, zsh and fish have one',
  });
}

/**
 * What may follow the words of a command line: verbs, then options of the verb, the stages of the pipeline where it takes
 * stages, profiles after `--profile`, params after `--param`. Runs nobody's code; a pipeline with problems gives no names.
 */
export async function completions(
  program: Command,
  where: Where,
  words: readonly string[],
): Promise<readonly string[]> {
  const verb = program.commands.find((command) => command.name() === words[0]);
  if (verb === undefined) return words.length > 0 ? [] : program.commands.map((command) => command.name());
  const sub = verb.commands.find((command) => command.name() === words[1]);
  if (verb.commands.length > 0 && sub === undefined) return verb.commands.map((command) => command.name());
  const file = resolve(where.folder, where.file);
  const loaded = await loadPipeline(file, {}, { keepIn: layout.pipelines(storeFolder(file)) });
  const pipeline = loaded.ok ? loaded.value : null;
  const stages = [...new Set(pipeline?.stages.flatMap(({ name, id }) => [name, id as string]) ?? [])];
  const last = words.at(-1);
  if (last === '--profile') return [...(pipeline?.profiles ?? [])];
  if (last === '--param') return Object.keys(pipeline?.params ?? {}).map((name) => `${name}=`);
  // `pull` takes a remote, `run` a stage.
  if (last === '--to' || (last === '--from' && verb.name() === 'pull'))
    return (pipeline?.remotes ?? []).map(({ name }) => name);
  if (last === '--force' || last === '--from' || last === '--explain') return stages;
  if (last === '--remote') return REMOTE_MODES;
  const options = (sub ?? verb).options.flatMap(({ long }) => (long ? [long] : []));
  const takesStages = (sub ?? verb).registeredArguments.some((argument) =>
    /^(stages?|a|b|model)$/.test(argument.name()),
  );
  return [...(takesStages ? stages : []), ...options];
}
