import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Location } from '../../src/failure.ts';
import type { JsonObject } from '../../src/json.ts';
import type { Input, Pipeline, Program, StageId, StageInstance } from '../../src/pipeline/pipeline.ts';
import type { Planned } from '../../src/plan/plan.ts';
import { planPipeline } from '../../src/plan/plan-pipeline.ts';
import { planContext, planStage } from '../../src/plan/plan-stage.ts';
import type { Artifact } from '../../src/store/record.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { value } from '../store/contract.ts';

export const NOWHERE: Location = { file: 'pipeline.yaml', line: 1, column: 1, length: 1, text: '' };

/** A stage as a test writes it down. */
export interface StageText {
  readonly run?: string;
  readonly command?: readonly string[];
  readonly sources?: readonly string[];
  readonly inputs?: Readonly<Record<string, string | { readonly path: string } | null>>;
  readonly outputs?: readonly string[];
  readonly params?: JsonObject;
  readonly env?: readonly string[];
  readonly coordinates?: JsonObject;
}

/** A project in a folder of its own, planned and "executed" without processes: a stage's outputs are what a test says. */
export interface Project {
  readonly root: string;
  readonly store: Store;
  write(files: Readonly<Record<string, string>>): void;
  pipeline(stages: Readonly<Record<string, StageText>>, seed?: number): Pipeline;
  /** What each stage would do: `hit`, or its reasons as short words. */
  plan(pipeline: Pipeline, options?: PlanChoices): Promise<Record<string, string>>;
  /** Runs what the planner says must run; returns the ids of what ran. `make` gives the bytes of an output. */
  run(
    pipeline: Pipeline,
    options?: PlanChoices & { make?: (stage: string, output: string, planned: Miss) => string },
  ): Promise<readonly string[]>;
  remove(): void;
}

export interface PlanChoices {
  readonly forced?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

export type Miss = Extract<Planned, { state: 'miss' }>;

export async function createProject(files: Readonly<Record<string, string>> = {}): Promise<Project> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'bloodline-plan-')));
  const store = value(await openStore(join(root, 'artifacts')));
  const write: Project['write'] = (texts) => {
    for (const [path, text] of Object.entries(texts)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
  };
  write(files);

  const options = ({ forced = [], environment = {} }: PlanChoices = {}) => ({
    store,
    environment,
    forced: forced as StageId[],
  });

  const project: Project = {
    root,
    store,
    write,
    pipeline: (stages, seed = 42) => ({
      file: join(root, 'pipeline.yaml'),
      root,
      name: 'test',
      seed,
      profile: null,
      profiles: [],
      params: {},
      chosen: {},
      gates: [],
      schedules: [],
      notify: [],
      remotes: [],
      stages: Object.entries(stages).map(([id, text]) => instance(id, text)),
    }),
    async plan(pipeline, choices) {
      const plan = value(await planPipeline(pipeline, options(choices)));
      if (plan.diagnostics.length > 0)
        throw new Error(plan.diagnostics.map(({ message }) => message).join('; '));
      return Object.fromEntries(plan.stages.map((planned) => [planned.stage.id, words(planned)]));
    },
    async run(pipeline, { make = () => 'output', ...choices } = {}) {
      const context = planContext(pipeline, options(choices));
      const outputs = new Map<StageId, Readonly<Record<string, Artifact>>>();
      const ran: string[] = [];
      for (const stage of pipeline.stages) {
        const plan = async () => value(await planStage(context, stage, (id) => outputs.get(id) ?? null));
        let planned = await plan();
        if (planned.state === 'undescribed' && planned.program.kind === 'module') {
          const path = store.putCode(root, planned.program.source, planned.program.sourceText);
          const {
            inputs = {},
            outputs = [],
            draws = false,
            params = {},
          } = await import(pathToFileURL(path).href);
          store.putDescription(planned.program.source, { inputs, outputs, draws, tensors: false, params });
          planned = await plan();
        }
        if (planned.state === 'hit') outputs.set(stage.id, planned.record.outputs);
        if (planned.state !== 'miss') continue;
        const miss = planned;
        const folder = store.scratch();
        const files = miss.description.outputs.map((output): [string, string] => {
          writeFileSync(join(folder, output), make(stage.id, output, miss));
          return [output, join(folder, output)];
        });
        const record = value(
          await store.publish({
            key: miss.key,
            parts: miss.parts,
            stage: stage.id,
            outputs: Object.fromEntries(files),
            metrics: {},
            facts: {},
            warnings: [],
            logFile: null,
            run: 'run',
            startedAt: new Date().toISOString(),
            ms: 1,
          }),
        );
        rmSync(folder, { recursive: true });
        outputs.set(stage.id, record.outputs);
        ran.push(stage.id);
      }
      store.save();
      return ran;
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
  return project;
}

function instance(id: string, text: StageText): StageInstance {
  const program: Program =
    text.run !== undefined
      ? { kind: 'module', file: text.run, at: NOWHERE }
      : {
          kind: 'command',
          command: { argv: text.command ?? ['true'] },
          sources: text.sources ?? [],
          at: NOWHERE,
        };
  return {
    id: id as StageId,
    name: id.split('@')[0]!,
    coordinates: text.coordinates ?? {},
    program,
    inputs: Object.fromEntries(
      Object.entries(text.inputs ?? {}).map(([name, input]) => [name, inputOf(input)]),
    ),
    outputs: text.outputs ?? null,
    params: text.params ?? {},
    resources: {},
    timeoutMs: null,
    retries: 0,
    env: text.env ?? [],
    at: NOWHERE,
    places: {},
  };
}

/** `stage.output`, or `a@1.output + a@2.output` for a fan-in. */
function inputOf(input: string | { readonly path: string } | null): Input {
  if (input === null) return { kind: 'absent', at: NOWHERE };
  if (typeof input === 'object') return { kind: 'path', path: input.path, at: NOWHERE };
  const from = input.split(' + ').map((one) => {
    const [stage, output] = one.split('.') as [string, string];
    return { coordinate: stage.split('@')[1] ?? '', stage: stage as StageId, output };
  });
  return input.includes(' + ')
    ? { kind: 'fan-in', from, at: NOWHERE }
    : { kind: 'artifact', stage: from[0]!.stage, output: from[0]!.output, at: NOWHERE };
}

function words(planned: Planned): string {
  switch (planned.state) {
    case 'hit':
      return 'hit';
    case 'undescribed':
      return 'undescribed';
    case 'waits':
    case 'miss':
      return planned.reasons
        .map((reason) => {
          const { why, ...rest } = reason;
          return [why, ...Object.values(rest).map((one) => JSON.stringify(one))].join(' ');
        })
        .join(', ');
    default:
      return planned satisfies never;
  }
}
