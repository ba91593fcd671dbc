import type { Json } from '../json.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { InputDigest, StageRecord } from '../store/record.ts';
import { type Html, html } from './html.ts';

/** How to have exactly this again, and of what each stage was made. */
export function provenance(
  pipeline: Pipeline,
  made: readonly { readonly stage: string; readonly record: StageRecord | null }[],
): Html {
  const known = made.flatMap(({ stage, record }) => (record === null ? [] : [{ stage, record }]));
  return html`<section aria-labelledby="provenance">
<h2 id="provenance">Where this comes from, and how to have it again</h2>
<p>In the folder of ${pipeline.name}'s file, with the same code, packages and data:</p>
<pre tabindex="0">${command(pipeline)}</pre>
<p class="small faint">What is in the store is not made again; from an empty store the same engine gives the same bytes. A key is a hash of all that can change a stage's bytes: the code that runs, its packages, its parameters, the digests of its inputs, its seed. Equal keys, equal work. Seed of the pipeline: ${pipeline.seed}.</p>
${table(
  'Parameters of the pipeline',
  ['param', 'value'],
  Object.entries(pipeline.params).map(([name, value]) => [name, code(json(value))]),
)}
${known.map(
  ({
    stage,
    record,
  }) => html`<details class="made"><summary><strong>${stage}</strong> <span class="faint">key ${record.key.slice(0, 12)}</span></summary>
${table(`Provenance of ${stage}`, ['what', 'value'], rows(record))}</details>`,
)}
</section>`;
}

/** Quoted for a shell where that is needed. */
function command(pipeline: Pipeline): string {
  const word = (text: string): string =>
    /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
  return [
    'bloodline run',
    ...(pipeline.profile === null ? [] : [`--profile ${word(pipeline.profile)}`]),
    ...Object.entries(pipeline.chosen).map(([name, value]) => `--param ${word(`${name}=${json(value)}`)}`),
  ].join(' ');
}

function rows({ key, parts, outputs, facts, run, startedAt }: StageRecord): [string, Html | string][] {
  const program =
    parts.program.kind === 'module'
      ? code(parts.program.code)
      : html`${code(json(parts.program.command))}${Object.entries(parts.program.sources).map(([path, digest]) => html`<br>${path} ${code(digest)}`)}`;
  return [
    ['key', code(key)],
    ['made by run', html`${run}, <time>${startedAt}</time>`],
    ['code', program],
    ...Object.entries(parts.modules).map(([name, digest]): [string, Html] => [
      `module ${name}`,
      code(digest),
    ]),
    ...(parts.seed === null ? [] : ([['seed', code(String(parts.seed))]] as [string, Html][])),
    ...Object.entries(parts.params).map(([name, value]): [string, Html] => [
      `param ${name}`,
      code(json(value)),
    ]),
    ...Object.entries(parts.inputs).map(([name, digest]): [string, Html] => [`input ${name}`, input(digest)]),
    ...Object.entries(outputs).map(([name, { digest, files, bytes }]): [string, Html] => [
      `output ${name}`,
      html`${code(digest)} <span class="faint">${files === 1 ? '1 file' : `${files} files`}, ${(bytes / 1e6).toFixed(2)} MB</span>`,
    ]),
    ...Object.entries(parts.packages).map(([name, digest]): [string, Html] => [
      `package ${name}`,
      code(digest),
    ]),
    ...Object.entries(facts).map(([name, value]): [string, string] => [
      name,
      typeof value === 'string' ? value : json(value),
    ]),
  ];
}

function input(digest: InputDigest): Html {
  if (digest === null) return html`<span class="faint">absent</span>`;
  if (typeof digest === 'string') return code(digest);
  return html`${Object.entries(digest).map(([coordinate, of], i) => html`${i > 0 && html`<br>`}${coordinate} ${code(of)}`)}`;
}

const code = (text: string): Html => html`<code>${text}</code>`;
const json = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

const table = (
  label: string,
  head: readonly string[],
  body: readonly (readonly [string, Html | string])[],
): Html => html`<div class="wide" role="region" aria-label="${label}" tabindex="0"><table class="provenance">
<thead><tr>${head.map((of) => html`<th scope="col">${of}</th>`)}</tr></thead>
<tbody>${body.map(([name, value]) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>`)}</tbody></table></div>`;
