import PQueue from 'p-queue';
import type { Emit } from '../events.ts';
import { type Failure, fail, ok, type Result } from '../failure.ts';
import type { SharedStore } from '../pipeline/pipeline.ts';
import { planPipeline } from '../plan/plan-pipeline.ts';
import { readRunFile, recordsOfRun } from '../run/run-file.ts';
import { sendTold } from '../run/send-told.ts';
import { takeInventory } from '../store/inventory.ts';
import type { StageRecord } from '../store/record.ts';
import { connect } from '../store/remote/connect.ts';
import { RemoteTrouble } from '../store/remote/objects.ts';
import type { Remote } from '../store/remote/remote.ts';
import type { Signer } from '../store/remote/signing.ts';
import type { Store } from '../store/store.ts';
import { selectRemotes, VERB_PATIENCE } from './remotes.ts';
import { signerOrWhyNot } from './signer.ts';
import { needed, openWorkspace, selectStages, type Where, type Workspace } from './workspace.ts';

export interface PushRequest extends Where {
  readonly stages: readonly string[];
  /** Everything in the store, whatever pipeline made it. */
  readonly all: boolean;
  /** What a run made or used. */
  readonly run?: string;
  readonly to?: string;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/** What became of each result at each remote. */
export type PushAnswer = readonly {
  readonly remote: string;
  readonly stage: string;
  readonly key: string;
  /** `damaged`: our own files do not fit; `bloodline verify` tells which. */
  readonly how: 'sent' | 'there' | 'damaged';
}[];

/** `bloodline push`: sends results to shared stores, signed. */
export async function push(request: PushRequest): Promise<Result<PushAnswer>> {
  const workspace = await openWorkspace(request);
  if (!workspace.ok) return workspace;
  const { pipeline, store } = workspace.value;
  const remotes = await selectRemotes(pipeline, request.to);
  if (!remotes.ok) return remotes;
  const signer = signerOrWhyNot(remotes.value);
  if (!signer.ok) return signer;
  const records = await recordsToSend(request, workspace.value);
  if (!records.ok) return records;
  const answer: PushAnswer[number][] = [];
  for (const shared of remotes.value) {
    const sent = await sendAll(shared, store, records.value, signer.value, request);
    if (!sent.ok) return sent;
    answer.push(...sent.value);
  }
  store.save();
  return ok(answer);
}

async function recordsToSend(
  { stages, all, run }: PushRequest,
  { pipeline, store }: Workspace,
): Promise<Result<readonly StageRecord[]>> {
  if (all) return ok(takeInventory(store.root).records.map(({ record }) => record));
  if (run !== undefined) {
    const file = readRunFile(store.runsFolder, run);
    if (file === null)
      return fail({
        reason: 'usage',
        message: `there is no run ${run}`,
        help: `runs are in ${store.runsFolder}`,
      });
    return ok(recordsOfRun(store, file));
  }
  const wanted = await selectStages(pipeline, stages);
  if (!wanted.ok) return wanted;
  const plan = await planPipeline(stages.length === 0 ? pipeline : needed(pipeline, wanted.value), { store });
  if (!plan.ok) return plan;
  return ok(plan.value.stages.flatMap((planned) => (planned.state === 'hit' ? [planned.record] : [])));
}

/** Results at once: each waits for a few answers between its files. */
const AT_ONCE = 16;

async function sendAll(
  shared: SharedStore,
  store: Store,
  records: readonly StageRecord[],
  signer: Signer,
  { emit, signal }: PushRequest,
): Promise<Result<PushAnswer, Failure>> {
  const answer: PushAnswer[number][] = [];
  const queue = new PQueue({ concurrency: AT_ONCE });
  let remote: Remote | null = null;
  try {
    const opened = await connect(shared, VERB_PATIENCE);
    remote = opened;
    await queue.addAll(
      records.map((record) => async () => {
        signal.throwIfAborted();
        const how = await sendTold(opened, store, record, signer, { emit, signal });
        answer.push({ remote: opened.name, stage: record.stage, key: record.key, how });
      }),
    );
    return ok(answer);
  } catch (error) {
    if (signal.aborted) return fail({ reason: 'interrupted', signal: 'SIGINT' });
    if (!(error instanceof RemoteTrouble)) throw error;
    const done = answer.filter(({ how }) => how === 'sent').length;
    return fail({
      reason: 'remote',
      remote: shared.name,
      message: error.message,
      ...(done > 0 ? { help: `${done} results were sent; push again to go on` } : {}),
    });
  } finally {
    queue.clear();
    remote?.objects.close();
  }
}
