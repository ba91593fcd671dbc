import { createReadStream, lstatSync, rmSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform } from 'node:os';
import { join } from 'node:path';
import type { Emit, StageEvent } from '../events.ts';
import { type Failure, fail, ok, type Result } from '../failure.ts';
import type { Json } from '../json.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { Planned } from '../plan/plan.ts';
import type { OutputsOf } from '../plan/plan-stage.ts';
import type { HostSpec } from '../stage/spec.ts';
import type { StageRecord } from '../store/record.ts';
import type { Store } from '../store/store.ts';
import { commandLine } from './command-line.ts';
import { HOST } from './describe.ts';
import { engineFor } from './engine-for.ts';
import { childEnvironment } from './environment.ts';
import { type DamagedUpstream, handOutInputs } from './inputs.ts';
import { noteChild } from './leftovers.ts';
import { executeLocally } from './local.ts';
import { readEvents } from './read-events.ts';
import { newToken } from './stage-token.ts';

/** Progress of one stage is passed on at most so often, besides the last of each count. */
const PROGRESS_MS = 50;

/** Asking the system for it takes a fifth of a millisecond. */
const CPU = cpus()[0]?.model ?? 'unknown';

export interface StageExecution {
  readonly pipeline: Pipeline;
  readonly store: Store;
  readonly planned: Extract<Planned, { state: 'miss' }>;
  readonly outputsOf: OutputsOf;
  readonly gpus: readonly string[];
  readonly durable: boolean;
  readonly run: string;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  readonly kill: AbortSignal;
}

/** One attempt at one stage: inputs handed out, the child run, inputs checked again, outputs published. */
export async function executeStage(
  execution: StageExecution,
): Promise<Result<StageRecord, Failure | DamagedUpstream>> {
  const { store } = execution;
  const scratch = store.scratch();
  let ended = false;
  try {
    const result = await attempt(execution, scratch);
    ended = result.ok;
    return result;
  } finally {
    if (ended) store.giveBackScratch(scratch);
    else rmSync(scratch, { recursive: true, force: true });
  }
}

async function attempt(
  { pipeline, store, planned, outputsOf, gpus, durable, run, emit, signal, kill }: StageExecution,
  scratch: string,
): Promise<Result<StageRecord, Failure | DamagedUpstream>> {
  const { stage, description, key, parts, program } = planned;
  const startedAt = new Date();
  const names = Object.keys(description.inputs);
  const inputs = await handOutInputs({
    pipeline,
    store,
    stage,
    names,
    digests: parts.inputs,
    outputsOf,
    scratch,
    run,
    emit,
    signal,
  });
  if (!inputs.ok) return inputs;

  const outputs = Object.fromEntries(
    description.outputs.map((name) => [name, join(scratch, 'outputs', name)]),
  );
  const engine = description.tensors ? engineFor(parts.params, gpus) : null;
  const checkpoint = store.checkpointFolder(key, engine?.name ?? 'any');
  const eventsFile = join(scratch, 'events.ndjson');
  const token = newToken(store.root);
  const env = childEnvironment({
    stage,
    token,
    inputs: inputs.value.paths,
    outputs,
    params: parts.params,
    seed: parts.seed ?? 0,
    checkpoint,
    eventsFile: program.kind === 'command' ? eventsFile : null,
    gpus,
    engine: engine?.env ?? {},
  });

  let argv: readonly string[];
  if (stage.program.kind === 'command')
    argv = commandLine(stage.program, { inputs: inputs.value.paths, outputs, params: parts.params });
  else {
    if (program.kind !== 'module') throw new Error('Internal error: a module was built as a command');
    const spec: HostSpec = {
      stage: stage.id,
      bundle: store.putCode(pipeline.root, program.code, program.text, program.map),
      modules: Object.fromEntries(
        Object.entries(planned.modules).map(([param, { code, text, map }]) => [
          param,
          store.putCode(pipeline.root, code, text, map),
        ]),
      ),
      params: parts.params,
      seed: parts.seed ?? 0,
      inputs: inputs.value.paths,
      outputs,
      checkpoint,
    };
    const specFile = join(scratch, 'spec.json');
    writeFileSync(specFile, JSON.stringify(spec));
    argv = [process.execPath, '--enable-source-maps', HOST, specFile];
  }

  const metrics: Record<string, number> = {};
  const facts: Record<string, Json> = {
    node: process.version,
    platform: `${platform()} ${arch()}`,
    cpu: CPU,
  };
  const warnings: string[] = [];
  let lastProgress = Number.NEGATIVE_INFINITY;
  const take = (event: StageEvent): void => {
    if (event.type === 'metric') metrics[event.name] = event.value;
    else if (event.type === 'fact') facts[event.name] = event.value;
    else if (event.type === 'warning') warnings.push(event.message);
    if (event.type === 'progress') {
      // Faster than anybody looks: a flood of it would only fill the logs.
      const now = performance.now();
      if (event.done < event.total && now - lastProgress < PROGRESS_MS) return;
      lastProgress = now;
    }
    if (event.type !== 'done') emit({ type: 'stage-event', stage: stage.id, event });
  };
  const logFile = join(scratch, 'log.txt');
  const failure = await executeLocally({
    stage: stage.id,
    argv,
    cwd: pipeline.root,
    env,
    token,
    logFile,
    timeoutMs: stage.timeoutMs,
    mustSayDone: program.kind === 'module',
    onEvent: take,
    onOutput: (stream, text) => emit({ type: 'stage-output', stage: stage.id, stream, text }),
    onStart: (pid) => noteChild(scratch, pid),
    signal,
    kill,
  });
  if (failure !== null) return fail(failure);

  if (program.kind === 'command' && lstatSync(eventsFile, { throwIfNoEntry: false })?.isFile()) {
    let bad: Failure | null = null;
    await readEvents(createReadStream(eventsFile), take, (line, message) => {
      bad = { reason: 'bad-event', stage: stage.id, line, message };
    });
    if (bad !== null) return fail(bad);
  }
  const modified = await inputs.value.verify();
  if (modified !== null) return fail(modified);
  const published = await store.publish({
    key,
    parts,
    stage: stage.id,
    outputs,
    metrics,
    facts,
    warnings,
    logFile,
    run,
    startedAt: startedAt.toISOString(),
    ms: Date.now() - startedAt.getTime(),
    durable,
  });
  if (!published.ok) return published;
  store.dropCheckpoints(key);
  return ok(published.value);
}
