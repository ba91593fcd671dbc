import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { type Answer, answerOf, type FrontDoor, openFrontDoor } from '../rig/front-door.ts';
import { openPuppets, puppet } from '../rig/puppets.ts';

const PIPELINE = `
name: small
params: { word: hello }
profiles:
  demo: { word: bye }
stages:
  first:
    command: [sh, first.sh]
    sources: [first.sh]
    inputs: { text: { path: text.txt } }
    params: { word: "\${word}" }
    outputs: [out]
  last:
    command: [sh, last.sh]
    sources: [last.sh]
    inputs: { out: first.out }
    outputs: [count]
`;
const FILES = {
  'pipeline.yaml': PIPELINE,
  'text.txt': 'text\n',
  'first.sh': '(cat "$BLOODLINE_INPUT_TEXT"; echo "$BLOODLINE_PARAM_WORD") > "$BLOODLINE_OUTPUT_OUT"',
  'last.sh': `wc -c < "$BLOODLINE_INPUT_OUT" > "$BLOODLINE_OUTPUT_COUNT"
echo '{"type":"metric","name":"bytes","value":11}' >> "$BLOODLINE_EVENTS"`,
};

/** All that was printed, with what differs from run to run made equal. */
const printed = ({ code, stdout, stderr }: Answer, root: string): string =>
  `${stderr}${stdout}=> ${code}`
    .replaceAll(root, 'ROOT')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replace(/\d{8}-\d{6}-\d+/g, 'RUN')
    .replace(/\b[0-9a-f]{64}\b/g, 'DIGEST')
    .replace(/\b[\d.]+ m?s\b/g, 'MS');

describe('what the command prints', () => {
  let door: FrontDoor;
  beforeEach(() => {
    door = openFrontDoor(FILES);
  });
  afterEach(() => door.remove());
  const says = async (...args: string[]) => printed(await door.bloodline(...args), door.root);

  it('status and --dry-run, before and after', async () => {
    const before = 'first  will run  never ran\nlast   will run  never ran, depends on first\n=> 0';
    assert.equal(await says('status'), before);
    assert.equal(await says('run', '--dry-run'), before);
    await door.run();
    assert.equal(await says('status'), 'first  cached\nlast   cached\n=> 0');
    assert.equal(
      await says('run', '--profile', 'demo', '--dry-run'),
      'first  will run  word "hello" → "bye"\nlast   may run   depends on first\n=> 0',
    );
    assert.equal(
      await says('status', '--exit-code', '--param', 'word=x').then((text) => text.slice(-4)),
      '=> 1',
    );
  });

  it('a run, and one with nothing to do', async () => {
    assert.equal(
      await says('run', '--jobs', '1'),
      `small: 2 stages, 2 not in the store
first: runs (never ran)
first: done in MS
last: runs (never ran)
last: done in MS: bytes 11
Done in MS: 2 ran, 0 cached.

The run's page: ROOT/artifacts/runs/RUN/index.html
=> 0`,
    );
    assert.equal(
      await says('run'),
      `Nothing to do: all 2 stages are in the store (MS).
The last run's page: ROOT/artifacts/runs/RUN/index.html
=> 0`,
    );
  });

  it('a run with a failure', async () => {
    door.write({ 'first.sh': 'echo no such luck >&2; exit 3' });
    const text = await says('run');
    assert.ok(
      text.startsWith(`small: 2 stages, 2 not in the store
first: runs (never ran)
first ended with exit code 3
  the end of its log:
  | no such luck
last was skipped: first did not end well
Not done in MS: 0 ran, 0 cached, 1 failed, 1 skipped.
`),
      text,
    );
    assert.ok(text.endsWith('=> 1'), text);
  });

  it('a stage that is interrupted', async () => {
    door.write({ 'first.sh': puppet('first') });
    const puppets = openPuppets(door.root, ['first']);
    const child = door.start('run');
    const ended = answerOf(child);
    await puppets.heard();
    child.kill('SIGINT');
    const answer = await ended;
    puppets.close();
    assert.equal(answer.code, 130);
    assert.match(answer.stderr, /interrupted by SIGINT; what was done is kept\n$/);
  });

  it('run --json: an event a line, a summary at the end', async () => {
    const answer = await door.bloodline('run', '--json', '--jobs', '1');
    assert.deepEqual(
      answer.events.map(({ type, stage }) => (stage === undefined ? type : `${type} ${stage}`)),
      [
        'run-started',
        'stage-queued first',
        'stage-started first',
        'stage-finished first',
        'stage-queued last',
        'stage-started last',
        'stage-event last',
        'stage-finished last',
        'run-finished',
      ],
    );
    assert.equal(answer.stdout.trimEnd().split('\n').length, answer.events.length, 'nothing else on stdout');
    assert.equal(answer.stderr, '');
    const { run, ms, page, ...last } = answer.events.at(-1)!;
    assert.deepEqual(last, {
      type: 'run-finished',
      ok: true,
      ran: ['first', 'last'],
      cached: [],
      failed: [],
      skipped: [],
    });
    assert.equal(typeof ms, 'number');
    assert.match(String(page), new RegExp(`runs/${run}/index\\.html$`));
  });

  it('show, for people and as JSON', async () => {
    await door.run();
    assert.equal(
      (await says('show', 'last')).replace(/^ {2}(node|platform|cpu) .*\n/gm, ''),
      `last
  key           DIGEST
  ran           TIME, MS, in run RUN
  metric bytes  11
  output count  ROOT/artifacts/latest/last/count (1 file, 3 B)
=> 0`,
    );
    const [shown, ...more] = JSON.parse((await door.bloodline('show', 'first', '--json')).stdout);
    assert.equal(more.length, 0);
    assert.equal(shown.record.stage, 'first');
    assert.deepEqual(shown.record.parts.params, { word: 'hello' });
    assert.equal(shown.files.out, `${door.root}/artifacts/latest/first/out`);
  });

  it('works in the folder that -C names, with the file that --file names', async () => {
    door.write({ 'deep/other.yaml': PIPELINE.replace('small', 'other'), 'deep/text.txt': 'text\n' });
    for (const file of ['first.sh', 'last.sh'] as const) door.write({ [`deep/${file}`]: FILES[file] });
    const { code, stderr } = await door.bloodline('-C', 'deep', '--file', 'other.yaml', 'run');
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^other: 2 stages/);
    assert.equal(
      await says('-C', 'deep', '--file', 'other.yaml', 'status'),
      'first  cached\nlast   cached\n=> 0',
    );
    assert.match(await says('status'), /^first {2}will run/, 'each file has its own store beside it');
  });

  it('the tables of the stages that nothing else reads, whichever ran last', async () => {
    const table = (text: string) =>
      `command: 'mkdir "$BLOODLINE_OUTPUT_T" && echo "| ${text} |" > "$BLOODLINE_OUTPUT_T/t.md"', sources: [], outputs: [t]`;
    door.write({
      'pipeline.yaml': `name: tables
params: { word: hello }
stages:
  middle: { ${table('middle')} }
  end: { ${table('end')}, inputs: { t: middle.t } }
  other: { ${table('other')}, params: { word: "\${word}" } }
  early: { ${table('early')} }
  after: { command: 'cp "$BLOODLINE_INPUT_T/t.md" "$BLOODLINE_OUTPUT_X"', sources: [], inputs: { t: early.t }, outputs: [x] }
`,
    });
    const tables = ({ stdout }: Answer) => stdout.split('\n').filter((line) => line.startsWith('|'));
    assert.deepEqual(tables(await door.bloodline('run')), ['| end |', '| other |']);
    assert.deepEqual(tables(await door.bloodline('run', '--force', 'early')), ['| end |', '| other |']);
  });
});
