/**
 * The DAG of layered.ts given to other runners, where they are installed: cold, and with nothing to do. Each command
 * stage reads the output of one in the layer before, and writes a file.
 *
 *     node dist/bench/peers.js [--stages 100] [--times 3] [--path FOLDER:FOLDER]
 *
 * `--path` comes before PATH: where `npm install turbo wireit` and `pip install snakemake dvc` put their programs.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  inputOf,
  type LayeredStage,
  layeredStages,
  linesOf,
  makefileText,
  ninjaText,
  pipelineText,
  SOURCE,
} from './layered.ts';
import { command, machine, printTable, repeat, timeProcess } from './measure.ts';

const { values } = parseArgs({
  options: {
    stages: { type: 'string', default: '100' },
    times: { type: 'string', default: '3' },
    path: { type: 'string', default: '' },
  },
});
const count = Number(values.stages);
const env = {
  PATH: [values.path, process.env.PATH].filter(Boolean).join(delimiter),
  TURBO_TELEMETRY_DISABLED: '1',
  DVC_NO_ANALYTICS: '1',
};

const stages = layeredStages(count);
const input = (stage: LayeredStage): string => inputOf(stage, 'out');
const echo = ({ index, name }: LayeredStage): string => `echo ${index} > out/${name}`;
const members = (member: (stage: LayeredStage) => unknown): object =>
  Object.fromEntries(stages.map((stage) => [stage.name, member(stage)]));

interface Peer {
  readonly name: string;
  /** Shows whether it is installed. */
  readonly version: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  readonly setUp?: readonly string[];
  readonly run: readonly string[];
}

const peers: readonly Peer[] = [
  {
    name: 'bloodline',
    version: [process.execPath, command, '--version'],
    files: { 'pipeline.yaml': pipelineText(stages) },
    run: [process.execPath, command, 'run'],
  },
  {
    name: 'make -j2',
    version: ['make', '--version'],
    files: { Makefile: makefileText(stages, 'out') },
    run: ['make', '-s', '-j2'],
  },
  {
    name: 'ninja',
    version: ['ninja', '--version'],
    files: { 'build.ninja': ninjaText(stages, 'out') },
    run: ['ninja', '--quiet'],
  },
  {
    name: 'turbo',
    version: ['turbo', '--version'],
    files: {
      'package.json': JSON.stringify({
        name: 'bench',
        packageManager: 'npm@10.0.0',
        scripts: { ...members(echo), all: 'true' },
      }),
      'package-lock.json': JSON.stringify({
        name: 'bench',
        lockfileVersion: 3,
        packages: { '': { name: 'bench' } },
      }),
      'turbo.json': JSON.stringify({
        tasks: {
          ...Object.fromEntries(
            stages.map((stage) => [
              stage.name,
              {
                dependsOn: stage.before === null ? [] : [stage.before],
                inputs: [input(stage)],
                outputs: [`out/${stage.name}`],
              },
            ]),
          ),
          all: { dependsOn: stages.map(({ name }) => name), inputs: [SOURCE] },
        },
      }),
    },
    run: ['turbo', 'run', 'all', '--no-daemon', '--concurrency=2', '--output-logs=none'],
  },
  {
    name: 'wireit',
    version: ['sh', '-c', 'command -v wireit'],
    files: {
      'package.json': JSON.stringify({
        name: 'bench',
        scripts: { ...members(() => 'wireit'), all: 'wireit' },
        wireit: {
          ...members((stage) => ({
            command: echo(stage),
            files: stage.before === null ? [SOURCE] : [],
            output: [`out/${stage.name}`],
            dependencies: stage.before === null ? [] : [stage.before],
          })),
          all: { dependencies: stages.map(({ name }) => name) },
        },
      }),
    },
    run: ['npm', 'run', '--silent', 'all'],
  },
  {
    name: 'Snakemake',
    version: ['snakemake', '--version'],
    files: {
      Snakefile: `rule all:\n    input: ${stages.map(({ name }) => `"out/${name}"`).join(', ')}\n${linesOf(stages, (stage) => `rule ${stage.name}:\n    input: "${input(stage)}"\n    output: "out/${stage.name}"\n    shell: "${echo(stage)}"\n`)}`,
    },
    run: ['snakemake', '--cores', '2', '--quiet', 'all'],
  },
  {
    name: 'DVC',
    version: ['dvc', '--version'],
    files: {
      'dvc.yaml': `stages:\n${linesOf(stages, (stage) => `  ${stage.name}:\n    cmd: ${echo(stage)}\n    deps: [${input(stage)}]\n    outs: [out/${stage.name}]\n`)}`,
    },
    setUp: ['dvc', 'init', '--no-scm', '--quiet'],
    run: ['dvc', 'repro', '--quiet'],
  },
];

/** Null where it is not installed. */
function measure(peer: Peer): readonly [cold: number, noop: number] | null {
  const cwd = mkdtempSync(join(tmpdir(), 'bloodline-peer-'));
  const time = ([program, ...args]: readonly string[]): number =>
    timeProcess(program!, args, { cwd, env: { ...env, WIREIT_PARALLEL: '2' } });
  try {
    time(peer.version);
  } catch {
    rmSync(cwd, { recursive: true, force: true });
    return null;
  }
  try {
    mkdirSync(join(cwd, 'out'));
    writeFileSync(join(cwd, SOURCE), 'x\n');
    for (const [name, text] of Object.entries(peer.files)) writeFileSync(join(cwd, name), text);
    if (peer.setUp) time(peer.setUp);
    const cold = time(peer.run);
    // turbo hashes all inputs before anything runs, and so makes in its second run what read a file of the first.
    time(peer.run);
    return [cold, repeat(Number(values.times), () => time(peer.run)).median];
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

const ours = measure(peers[0]!)!;
const rows = peers.map((peer, at): (string | number)[] => {
  const measured = at === 0 ? ours : measure(peer);
  if (measured === null) return [peer.name, 'not installed', '', '', ''];
  const [cold, noop] = measured;
  return [peer.name, cold / count, cold / ours[0], noop, noop / ours[1]];
});
console.log(machine());
printTable([`${count} stages`, 'cold, ms a stage', 'times ours', 'nothing to do, ms', 'times ours'], rows);
