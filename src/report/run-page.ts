import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { ChangedStage, Reason } from '../events.ts';
import type { Failure } from '../failure.ts';
import { movedText, whyText } from '../log/changed-lines.ts';
import { duration, failureLines, reasonsText } from '../log/sentences.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { upstream } from '../pipeline/upstream.ts';
import type { StageRecord } from '../store/record.ts';
import { outputsDigest } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import { writeWhole } from '../store/write.ts';
import type { DagStates } from './dag/dag.ts';
import { drawDag } from './dag/draw.ts';
import { type Exhibit, exhibitsOf } from './exhibits.ts';
import { circumstances, MACHINE_FACTS, results, sharedCircumstances } from './facts.ts';
import { type Html, html, trusted } from './html.ts';
import { markdownAsHtml } from './markdown.ts';
import { FRAME_SCRIPT, PAGE_STYLE } from './page-style.ts';
import { provenance } from './provenance.ts';

/** What came of a run: the part of `run.json` that the page shows. */
export interface ReportedRun {
  readonly run: string;
  readonly pipeline: string;
  readonly profile: string | null;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly ms: number;
  readonly ok: boolean;
  readonly stages: readonly {
    readonly stage: string;
    readonly how: 'ran' | 'cached' | 'failed' | 'skipped' | 'not-reached';
    readonly key: string | null;
    readonly outputs: string | null;
    readonly ms: number;
    readonly reasons: readonly Reason[];
    readonly failure: Failure | null;
  }[];
  readonly gates: readonly { readonly gate: string; readonly met: boolean; readonly text: string }[];
  readonly changed: readonly ChangedStage[];
}

interface Row {
  readonly stage: ReportedRun['stages'][number];
  readonly record: StageRecord | null;
  readonly exhibits: readonly Exhibit[];
  /** Nothing in the pipeline reads what it makes. */
  readonly last: boolean;
}

/**
 * Writes a run's page, one HTML file that needs nothing from outside, as `index.html` into the run's folder: results
 * and failures first, then the DAG, a row a stage, and what each stage made for people to look at. Returns its path.
 *
 * Pages that stages made are shown in sandboxed frames: they run no script and load nothing.
 */
export async function writeRunPage({
  run,
  pipeline,
  store,
  folder,
}: {
  readonly run: ReportedRun;
  readonly pipeline: Pipeline;
  readonly store: Store;
  readonly folder: string;
}): Promise<string> {
  const read = new Set(pipeline.stages.flatMap(upstream));
  const rows = withinBudget(
    run.stages.map((stage): Row => {
      const record = recordOf(store, stage);
      return {
        stage,
        record,
        exhibits: record === null ? [] : exhibitsOf(store.root, record),
        last: !read.has(stage.stage as never),
      };
    }),
  );
  const states: Record<string, DagStates[string]> = {};
  for (const { stage } of rows) states[stage.stage] = stage.how === 'not-reached' ? 'skipped' : stage.how;
  const dag = pipeline.stages.length > MOST_DRAWN ? null : await drawDag(pipeline, { format: 'svg', states });
  const path = join(folder, 'index.html');
  writeWhole(store.root, path, runPage(run, pipeline, rows, dag));
  return path;
}

/** Stages in a drawing that a person can read; to lay out ten thousand takes minutes. The table has them all. */
const MOST_DRAWN = 300;

/** A page of some megabytes opens everywhere, on a phone and in a mail. Pictures take a third more as text. */
const LARGEST_PAGE = 4.7e6;

/** Leaves out what would make the page too large: first come the results, then what stages made on the way. */
function withinBudget(rows: readonly Row[]): Row[] {
  let left = LARGEST_PAGE;
  const kept = new Map<Row, Row>();
  for (const row of [...rows.filter(({ last }) => last), ...rows.filter(({ last }) => !last)])
    kept.set(row, {
      ...row,
      exhibits: row.exhibits.map((exhibit) => {
        const size = exhibit.bytes * (exhibit.kind === 'picture' ? 4 / 3 : 1.05);
        if (exhibit.content === null || size > left) return { ...exhibit, content: null };
        left -= size;
        return exhibit;
      }),
    });
  return rows.map((row) => kept.get(row)!);
}

/** The record that a stage's entry names; `null` where there is none, or it is gone. */
function recordOf(store: Store, { key, outputs }: ReportedRun['stages'][number]): StageRecord | null {
  if (key === null) return null;
  const records = store.records(key as never);
  return records.find((record) => outputsDigest(record.outputs) === outputs) ?? records[0] ?? null;
}

function runPage(run: ReportedRun, pipeline: Pipeline, rows: readonly Row[], dag: string | null): string {
  const hash = createHash('sha256').update(FRAME_SCRIPT).digest('base64');
  const policy = `default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-${hash}'`;
  // What a pipeline ends with comes first; the other stages' exhibits follow below.
  const results = rows.filter(({ last, exhibits }) => last && exhibits.length > 0);
  const others = rows.filter(({ last, exhibits }) => !last && exhibits.length > 0);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${run.pipeline}: run ${run.run}</title>
<style>${trusted(PAGE_STYLE)}</style>
</head>
<body>
<main>
${header(run, rows)}
${failures(rows)}
${results.map(({ stage, exhibits }) => html`<section class="results" aria-label="Results of ${stage.stage}">${exhibits.map((exhibit) => shown(exhibit, stage.stage, true))}</section>`)}
${night(run)}
<section aria-labelledby="stages">
<h2 id="stages">The run, stage by stage</h2>
<div class="run">${dag !== null && html`<div class="drawing" role="region" aria-label="The pipeline drawn" tabindex="0">${trusted(dag)}</div>`}
<div class="wide" role="region" aria-label="Stages" tabindex="0">${table(rows)}</div></div>
${warnings(rows)}
</section>
${
  others.length > 0 &&
  html`<section aria-labelledby="made">
<h2 id="made">What the stages made on the way</h2>
${others.map(
  ({
    stage,
    exhibits,
  }) => html`<details class="made"><summary><strong>${stage.stage}</strong> <span class="faint">${exhibits.map(({ name }) => name).join(', ')}</span></summary>
<div class="exhibits">${exhibits.map((exhibit) => shown(exhibit, stage.stage, false))}</div></details>`,
)}
</section>`
}
${provenance(
  pipeline,
  rows.map(({ stage, record }) => ({ stage: stage.stage, record })),
)}
${footer(run, rows)}
</main>
<script>${trusted(FRAME_SCRIPT)}</script>
</body>
</html>
`.html;
}

function header(run: ReportedRun, rows: readonly Row[]): Html {
  const count = (how: string): number => rows.filter(({ stage }) => stage.how === how).length;
  const counts = Object.entries(WORDS)
    .filter(([how]) => count(how) > 0)
    .map(([how, word]) => `${count(how)} ${word}`)
    .join(', ');
  return html`<header class="top">
<h1 class="eyebrow">${run.pipeline}${run.profile !== null && html`, profile ${run.profile}`}</h1>
<p class="line"><span class="badge ${run.ok ? 'good' : 'bad'}">${run.ok ? 'done' : 'failed'}</span> ${run.gates.some(({ met }) => !met) && html`<span class="badge bad">a gate is not met</span> `}${rows.length === 1 ? '1 stage' : `${rows.length} stages`}: ${counts}. <span class="faint">${duration(run.ms)}, started ${run.startedAt.slice(0, 16).replace('T', ' ')} UTC</span></p>
</header>`;
}

function failures(rows: readonly Row[]): Html[] {
  return rows.flatMap(({ stage }) => {
    if (stage.how !== 'failed' || stage.failure === null) return [];
    const log = 'logTail' in stage.failure ? stage.failure.logTail : undefined;
    const { logTail: _, ...plain } = stage.failure as Failure & { logTail?: readonly string[] };
    const [first, ...rest] = failureLines(plain as Failure);
    return [
      html`<section class="failure" role="alert"><h2>${first!}</h2>${rest.map((line) => html`<p>${line.trim()}</p>`)}${
        log !== undefined &&
        log.length > 0 &&
        html`<p class="faint">The end of its log:</p><pre>${log.join('\n')}</pre>`
      }</section>`,
    ];
  });
}

/** What a person who comes back in the morning asks first. */
function night({ gates, changed }: ReportedRun): Html | null {
  if (gates.length + changed.length === 0) return null;
  return html`<section aria-labelledby="since">
<h2 id="since">${changed.length > 0 ? 'Since the last run' : 'Gates'}</h2>
${gates.map(({ gate, met, text }) => html`<p><span class="badge ${met ? 'good' : 'bad'}">${met ? 'met' : 'not met'}</span> <strong>${gate}</strong> ${text}</p>`)}
${
  changed.length > 0 &&
  html`<div class="wide" role="region" aria-label="What changed" tabindex="0"><table class="stages">
<thead><tr><th scope="col">stage</th><th scope="col">why</th><th scope="col">what moved</th></tr></thead>
<tbody>${changed.map(
    (one) => html`
<tr><th scope="row">${one.stage}</th><td>${whyText(one)}</td><td>${one.metrics.map((moved) => html`<span class="pair">${movedText(moved)}</span> `)}</td></tr>`,
  )}
</tbody></table></div>`
}
</section>`;
}

function table(rows: readonly Row[]): Html {
  const shared = sharedCircumstances(rows.flatMap(({ record }) => record ?? []));
  const once = new Set(shared.map(([name]) => name));
  const own = ({ facts }: StageRecord) => circumstances(facts).filter(([name]) => !once.has(name));
  return html`${shared.length > 0 && html`<p class="small">Alike in all stages that tell: ${pairs(shared)}</p>`}<table class="stages">
<thead><tr><th scope="col">stage</th><th scope="col">what happened, and why</th><th scope="col" class="n">time</th><th scope="col">circumstances</th><th scope="col">results</th></tr></thead>
<tbody>${rows.map(
    ({ stage, record }) => html`
<tr><th scope="row">${stage.stage}</th><td><span class="state ${stage.how}">${WORDS[stage.how]}</span>${why(stage) !== '' && html`<br><span class="faint small">${why(stage)}</span>`}</td><td class="n">${time(stage, record)}</td><td class="small">${record !== null && pairs(own(record))}</td><td class="small">${record !== null && pairs(results(record.metrics))}</td></tr>`,
  )}
</tbody></table>`;
}

const WORDS = {
  ran: 'ran',
  cached: 'cached',
  failed: 'failed',
  skipped: 'skipped',
  'not-reached': 'not reached',
} as const;

function why({ how, reasons, failure }: ReportedRun['stages'][number]): string {
  if (how === 'ran') return reasonsText(reasons);
  return how === 'skipped' && failure !== null ? failureLines(failure)[0]! : '';
}

/** A cached stage shows what it took when it ran. */
function time(stage: ReportedRun['stages'][number], record: StageRecord | null): Html | null {
  if (stage.how === 'ran' || stage.how === 'failed') return html`${duration(stage.ms)}`;
  if (stage.how !== 'cached' || record === null) return null;
  return html`<span class="faint">(${duration(record.ms)})</span>`;
}

const pairs = (of: readonly (readonly [string, string])[]): Html[] =>
  of.map(([name, value]) => html`<span class="pair"><span class="faint">${name}</span> ${value}</span> `);

function warnings(rows: readonly Row[]): Html | null {
  const said = rows.flatMap(({ stage, record }) =>
    (record?.warnings ?? []).map((warning) => ({ stage: stage.stage, warning })),
  );
  if (said.length === 0) return null;
  return html`<h3>${said.length === 1 ? 'One warning' : `${said.length} warnings`}</h3>
<ul class="warnings">${said.map(({ stage, warning }) => html`<li><strong>${stage}</strong> ${warning}</li>`)}</ul>`;
}

function shown({ output, name, kind, content, mime, bytes }: Exhibit, stage: string, large: boolean): Html {
  const where = `latest/${stage}/${output}/${name}`;
  if (content === null)
    return html`<p class="faint small">${where}: ${(bytes / 1e6).toFixed(1)} MB, too much for this page.</p>`;
  if (kind === 'page')
    // No scripts run in it; the same origin only lets this page read how high it is.
    return html`<iframe title="${name} of ${stage}" sandbox="allow-same-origin" loading="${large ? 'eager' : 'lazy'}" srcdoc="${content.toString('utf8')}"></iframe>`;
  if (kind === 'text')
    return html`<article class="text" aria-label="${where}">${markdownAsHtml(content.toString('utf8'))}</article>`;
  return html`<figure><img alt="${name} of ${stage}" src="data:${mime};base64,${content.toString('base64')}"><figcaption>${where}</figcaption></figure>`;
}

function footer(run: ReportedRun, rows: readonly Row[]): Html {
  const machines = new Set(
    rows.flatMap(({ record }) =>
      record === null
        ? []
        : [
            MACHINE_FACTS.map((name) => record.facts[name])
              .filter((fact) => typeof fact === 'string')
              .join(', '),
          ],
    ),
  );
  return html`<footer><p class="small faint">Run ${run.run}. Made on: ${[...machines].filter((of) => of !== '').join('; ') || 'unknown'}. Times in brackets were taken by the run that made what is cached.</p></footer>`;
}
