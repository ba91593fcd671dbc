import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { type CacheKey, sha256 } from '../../src/digest.ts';
import type { Pipeline } from '../../src/pipeline/pipeline.ts';
import { sharedCircumstances } from '../../src/report/facts.ts';
import { markdownAsHtml } from '../../src/report/markdown.ts';
import { writeRunPage } from '../../src/report/run-page.ts';
import { openStore } from '../../src/store/store.ts';
import { axeFindings, noBrowser, openBrowser } from '../browser.ts';
import { assertSelfContained } from '../self-contained.ts';

let written = '';
const root = mkdtempSync(join(tmpdir(), 'bloodline-page-'));
after(() => rmSync(root, { recursive: true, force: true }));

const at = { file: 'pipeline.yaml', line: 1, column: 1, length: 1, text: '' };
const stage = (id: string, from: readonly string[]) => ({
  id,
  name: id,
  coordinates: {},
  program: { kind: 'command', command: { shell: 'true' }, sources: [], at },
  inputs: Object.fromEntries(from.map((of) => [of, { kind: 'artifact', stage: of, output: 'out', at }])),
  outputs: ['out'],
  params: {},
  resources: {},
  timeoutMs: null,
  retries: 0,
  env: [],
  at,
  places: {},
});

test('the page shows states, reasons, failures with their log, and what stages made, and fetches nothing', async () => {
  const store = await openStore(join(root, 'store'));
  assert.ok(store.ok);
  const folder = join(root, 'made');
  mkdirSync(folder);
  writeFileSync(join(folder, 'report.html'), '<p title="x">from the <b>stage</b></p><script>evil()</script>');
  writeFileSync(join(folder, 'report.md'), 'the same, poorer');
  writeFileSync(join(folder, 'notes.md'), '# Notes <i>\n\n| a | b |\n|---|---:|\n| x\\|y | 2 |\n');
  writeFileSync(join(folder, 'picture.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  const log = join(root, 'log');
  writeFileSync(log, '');
  const key = sha256<'key parts'>('key') as CacheKey;
  const published = await store.value.publish({
    key,
    parts: {
      protocol: 1,
      program: { kind: 'command', command: 'make <it>', sources: { 'make.py': sha256('code') } },
      modules: {},
      packages: {},
      params: { size: 64 },
      inputs: { raw: sha256('raw'), all: { a: sha256('a'), b: sha256('b') }, none: null },
      seed: 7,
      outputs: ['out'],
      env: {},
    },
    stage: 'make',
    outputs: { out: folder },
    metrics: { accuracy: 0.91234, cells: 12345 },
    facts: { peakMemory: 812_000_000, engine: 'wasm <4>', node: 'v20' },
    warnings: ['few cells of <x>'],
    logFile: log,
    run: 'run-1',
    startedAt: '2026-01-02T03:04:05.000Z',
    ms: 12_300,
  });
  assert.ok(published.ok);
  const pipeline = {
    name: 'cells & co',
    seed: 42,
    profile: 'demo',
    params: { size: 64, models: ['a', 'b'] },
    chosen: { models: ['a', 'b'] },
    stages: [stage('make', []), stage('break', ['make']), stage('after', ['break'])],
  } as unknown as Pipeline;
  const path = await writeRunPage({
    run: {
      run: 'run-1',
      pipeline: pipeline.name,
      profile: 'demo',
      startedAt: '2026-01-02T03:04:05.000Z',
      ms: 15_000,
      ok: false,
      gates: [{ gate: 'good', met: false, text: 'accuracy of <make> is 0.7' }],
      changed: [
        {
          stage: 'make',
          reasons: [{ why: 'input', name: 'raw' }],
          data: ['raw'],
          metrics: [{ name: 'accuracy', from: 0.81234, to: 0.81235 }],
        },
      ],
      stages: [
        {
          stage: 'make',
          how: 'ran',
          key,
          outputs: null,
          ms: 12_300,
          reasons: [{ why: 'param', name: 'size', from: 32, to: 64 }],
          failure: null,
        },
        {
          stage: 'break',
          how: 'failed',
          key: null,
          outputs: null,
          ms: 10,
          reasons: [],
          failure: { reason: 'exit-non-zero', stage: 'break', code: 3, logTail: ['last <words>'] },
        },
        {
          stage: 'after',
          how: 'skipped',
          key: null,
          outputs: null,
          ms: 0,
          reasons: [],
          failure: { reason: 'upstream-failed', stage: 'after', upstream: 'break' },
        },
      ],
    },
    pipeline,
    store: store.value,
    folder: join(root, 'store', 'runs'),
  });
  written = path;
  const page = readFileSync(path, 'utf8');
  assertSelfContained(page);
  for (const text of [
    'cells &amp; co',
    'size 32 → 64',
    'its input raw changed',
    'a gate is not met</span>',
    'accuracy 0.81234 → 0.81235',
    'accuracy of &lt;make&gt; is 0.7',
    'break ended with exit code 3',
    'last &lt;words&gt;',
    'after was skipped: break did not end well',
    'few cells of &lt;x&gt;',
    'wasm &lt;4&gt;',
    '812 MB',
    '12,345',
    '12.3 s',
    'class="dag"',
    'sandbox="allow-same-origin"',
    '&lt;p title=&quot;x&quot;&gt;from the',
    'data:image/svg+xml;base64,',
    '<td>x|y</td><td class="n">2</td>',
    'Notes &lt;i&gt;',
    'bloodline run --profile demo --param &#39;models=[&quot;a&quot;,&quot;b&quot;]&#39;',
    sha256('raw'),
    sha256('b'),
    'make &lt;it&gt;',
    'Seed of the pipeline: 42',
  ])
    assert.ok(page.includes(text), `the page lacks ${text}`);
  assert.ok(!page.includes('the same, poorer'), 'of report.html and report.md only the page is shown');
  // The only script that the page's policy lets run is its own.
  assert.equal(page.match(/<script>/g)?.length, 1);
  assert.match(page, /script-src &#39;sha256-/);
});

test('in a browser the page fetches nothing, runs no script of a stage, and axe finds nothing serious', {
  skip: noBrowser,
}, async () => {
  const browser = await openBrowser();
  try {
    for (const options of [
      { viewport: { width: 1200, height: 900 } },
      { viewport: { width: 360, height: 740 }, colorScheme: 'dark' },
    ] as const) {
      const page = await browser.newPage({ ...options, bypassCSP: true });
      const [asked, failures]: [string[], string[]] = [[], []];
      page.on('request', (request) => asked.push(request.url()));
      page.on('pageerror', ({ message }) => failures.push(message));
      await page.goto(pathToFileURL(written).href);
      for (const summary of await page.locator('summary').all()) await summary.click();
      await page.frameLocator('iframe').first().getByText('from the').waitFor();
      assert.deepEqual(
        asked.filter((url) => !url.startsWith('data:') && !url.startsWith('about:')),
        [pathToFileURL(written).href],
      );
      // `evil` is not defined: had the stage's script run, it would have failed.
      assert.deepEqual(failures, []);
      assert.equal(await page.evaluate('document.documentElement.scrollWidth'), options.viewport.width);
      assert.deepEqual(await axeFindings(page), []);
    }
  } finally {
    await browser.close();
  }
});

test('Markdown of reports becomes HTML, and nothing in it becomes markup by accident', () => {
  const of = (text: string): string => markdownAsHtml(text).html;
  assert.equal(
    of('a **b** *c* `d*e*` \\*f\\*'),
    '<p>a <strong>b</strong> <em>c</em> <code>d*e*</code> *f*</p>',
  );
  assert.equal(of('<img src=x onerror=y>'), '<p>&lt;img src=x onerror=y&gt;</p>');
  assert.equal(of('[text](javascript:alert(1))'), '<p>text)</p>');
  assert.equal(of('* one\n* two'), '<ul><li>one</li><li>two</li></ul>');
  assert.equal(of('```\n<a>\n```'), '<pre>&lt;a&gt;</pre>');
});

test('circumstances that all stages share are told once', () => {
  const facts = (own: object) => ({ facts: { cpu: 'x', engine: 'native', ...own } });
  assert.deepEqual(
    sharedCircumstances([
      facts({ 'images/s': 10, threads: 8 }),
      facts({ 'images/s': 20, threads: 8, alone: 1 }),
      { facts: { 'images/s': 20 } },
    ]),
    [
      ['engine', 'native'],
      ['threads', '8'],
    ],
  );
  assert.deepEqual(sharedCircumstances([facts({})]), []);
});
