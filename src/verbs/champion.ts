import { fail, ok, type Result } from '../failure.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { StageRecord } from '../store/record.ts';
import type { Store } from '../store/store.ts';
import { type Champion, readChampions, writeChampions } from './champion-file.ts';
import { checkGates, type GateResult } from './check-gates.ts';
import { findModel } from './find-model.ts';
import { openWorkspace, type Where } from './workspace.ts';

export interface Promotion {
  readonly champion: Champion | null;
  /** What a model must pass: `evaluated`, `beats the baselines`, `not worse than the champion`, those of the pipeline file. */
  readonly gates: readonly GateResult[];
}

/** The number that decides. */
const MEASURE = 'balanced accuracy';

/** All that were in use for the pipeline, the one in use last. */
export async function champions(where: Where): Promise<Result<readonly Champion[]>> {
  const workspace = await openWorkspace(where);
  if (!workspace.ok) return workspace;
  return readChampions(workspace.value.store.root, workspace.value.pipeline.name);
}

/**
 * Puts a model to use if it passes the gates, or if a person says why it should be used against them. `champion` is null
 * where it was not put to use.
 */
export async function promote(
  where: Where,
  name: string,
  { against, at }: { readonly against: string | null; readonly at: Date },
): Promise<Result<Promotion>> {
  const workspace = await openWorkspace(where);
  if (!workspace.ok) return workspace;
  const { pipeline, store } = workspace.value;
  if (store.readOnly !== null) return fail(store.readOnly);
  const found = await findModel(where, name);
  if (!found.ok) return found;
  const { digest, trained, judged } = found.value;
  if (digest === null || trained === null)
    return fail({
      reason: 'usage',
      message: `${name} is not in the store of ${pipeline.name}`,
      help: 'promote a model by the name of its stage, such as train-per-model@vgg16',
    });
  const champions = readChampions(store.root, pipeline.name);
  if (!champions.ok) return champions;
  const before = champions.value;
  const gates = [
    evaluated(judged?.record ?? null),
    beatsBaselines(judged?.record ?? null, comparisonOf(store, pipeline.stages, judged?.record ?? null)),
    notWorse(judged?.record ?? null, before.at(-1) ?? null, digest),
    ...ofPipeline(pipeline, judged?.record ?? null, before.at(-1) ?? null),
  ];
  const unmet = gates.filter(({ met }) => !met);
  if (unmet.length > 0 && against === null) return ok({ champion: null, gates });
  const champion: Champion = {
    model: digest,
    artifact: trained.outputs['model']!,
    stage: trained.stage,
    key: trained.key,
    run: trained.run,
    since: at.toISOString(),
    why:
      unmet.length > 0
        ? `against the gates: ${against}`
        : `passed the gates: ${gates.map(({ text }) => text).join('; ')}`,
    metrics: judged?.record.metrics ?? {},
    data: testData(judged?.record ?? null),
  };
  writeChampions(store.root, pipeline.name, [...before, champion]);
  return ok({ champion, gates });
}

/** Takes the one before into use again; both stay in the history. */
export async function rollback(
  where: Where,
  { at }: { readonly at: Date },
): Promise<Result<{ readonly from: Champion; readonly to: Champion }>> {
  const workspace = await openWorkspace(where);
  if (!workspace.ok) return workspace;
  const { pipeline, store } = workspace.value;
  if (store.readOnly !== null) return fail(store.readOnly);
  const champions = readChampions(store.root, pipeline.name);
  if (!champions.ok) return champions;
  const all = champions.value;
  const from = all.at(-1);
  const to = from && all.slice(0, -1).findLast(({ model }) => model !== from.model);
  if (from === undefined || to === undefined)
    return fail({
      reason: 'usage',
      message: `${pipeline.name} has no champion before the one in use`,
      help: '`bloodline champion show` lists them',
    });
  const again: Champion = {
    ...to,
    since: at.toISOString(),
    why: `rolled back from ${from.stage} (${from.model.slice(0, 12)})`,
  };
  writeChampions(store.root, pipeline.name, [...all, again]);
  return ok({ from, to: again });
}

const figure = (value: number): string => value.toFixed(3);

function evaluated(judged: StageRecord | null): GateResult {
  const value = judged?.metrics[MEASURE];
  return {
    gate: 'evaluated',
    met: value !== undefined,
    text: value === undefined ? 'it was never evaluated' : `${MEASURE} ${figure(value)}`,
  };
}

/** Baselines stand in the metrics of the comparison that the evaluation went into. */
function beatsBaselines(judged: StageRecord | null, comparison: StageRecord | null): GateResult {
  const gate = 'beats the baselines';
  const value = judged?.metrics[MEASURE];
  const baselines = Object.entries(comparison?.metrics ?? {}).filter(([name]) =>
    name.endsWith(`: ${MEASURE}`),
  );
  if (value === undefined || baselines.length === 0)
    return { gate, met: false, text: 'it was never compared with baselines' };
  const [name, strongest] = baselines.reduce((best, of) => (of[1] > best[1] ? of : best));
  return {
    gate,
    met: value > strongest,
    text: `${value > strongest ? 'better' : 'not better'} than ${name.replace(`: ${MEASURE}`, '')} (${figure(strongest)})`,
  };
}

/** The gates of the pipeline file that ask for something of the stage that judged the model. */
function ofPipeline(
  pipeline: Pipeline,
  judged: StageRecord | null,
  champion: Champion | null,
): readonly GateResult[] {
  const stage = pipeline.stages.find(({ id }) => id === judged?.stage);
  if (judged === null || stage === undefined) return [];
  const gates = pipeline.gates.filter((gate) => gate.stage === stage.name || gate.stage === stage.id);
  return checkGates({ ...pipeline, gates, stages: [stage] }, new Map([[stage.id, judged]]), champion);
}

/** Only numbers of the same test cells can be held against each other. */
function notWorse(judged: StageRecord | null, champion: Champion | null, digest: string): GateResult {
  const gate = 'not worse than the champion';
  if (champion === null) return { gate, met: true, text: 'there was no champion' };
  if (champion.model === digest) return { gate, met: true, text: 'it is the champion' };
  const [mine, its] = [judged?.metrics[MEASURE], champion.metrics[MEASURE]];
  if (mine === undefined || its === undefined || testData(judged) !== champion.data)
    return {
      gate,
      met: false,
      text: 'the champion was not evaluated on these test cells, so that nothing is known of which is better',
    };
  return {
    gate,
    met: mine >= its,
    text: `${mine >= its ? 'not worse' : 'worse'} than the champion ${champion.stage} (${figure(its)})`,
  };
}

/** What a model was tested on: all inputs of its evaluation but the model. */
function testData(judged: StageRecord | null): string {
  if (judged === null) return '';
  const { model: _, ...data } = judged.parts.inputs;
  return JSON.stringify(data);
}

/** The newest record that an evaluation went into. */
function comparisonOf(
  store: Store,
  stages: readonly { readonly id: string }[],
  judged: StageRecord | null,
): StageRecord | null {
  const digests = new Set(Object.values(judged?.outputs ?? {}).map(({ digest }) => digest as string));
  for (const { id } of stages)
    for (const record of store.recordsOf(id, 50))
      for (const input of Object.values(record.parts.inputs))
        if (input !== null && typeof input === 'object' && Object.values(input).some((of) => digests.has(of)))
          return record;
  return null;
}
