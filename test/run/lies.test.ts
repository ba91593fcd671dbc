import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { answerOf, type FrontDoor, openFrontDoor } from '../rig/front-door.ts';

/** A TypeScript stage around this body. */
const typescript = (body: string): Readonly<Record<string, string>> => ({
  'pipeline.yaml': 'name: lies\nstages:\n  liar: { run: liar.ts }\n',
  'liar.ts': `
import { writeFileSync, writeSync } from 'node:fs';
import type { Stage } from 'bloodline-ml/stage';
export const inputs = {} as const;
export const outputs = ['x'] as const;
export const params = {} as const;
export default async function run(stage: Stage<typeof params>) {
  writeFileSync(stage.output('x'), 'x');
  ${body}
}`,
});
const command = (script: string, more = ''): Readonly<Record<string, string>> => ({
  'pipeline.yaml': `name: lies\nstages:\n  liar: { command: [sh, liar.sh], sources: [liar.sh], outputs: [x]${more} }\n`,
  'liar.sh': script,
});

describe('a stage that does not end as it should', () => {
  let door: FrontDoor;
  afterEach(() => door.remove());

  /** Runs it, checks that nothing of it was kept, and gives the failure. */
  async function failureOf(files: Readonly<Record<string, string>>): Promise<Record<string, unknown>> {
    door = openFrontDoor(files);
    door.linkPackage();
    const { code, failed, answer } = await door.run();
    assert.deepEqual([code, failed], [1, ['liar']], answer.stdout + answer.stderr);
    assert.equal(existsSync(join(door.root, 'artifacts', 'latest', 'liar')), false);
    assert.deepEqual(readdirSync(join(door.root, 'artifacts', 'tmp')), []);
    return answer.events.find(({ type }) => type === 'stage-failed')?.['failure'] as Record<string, unknown>;
  }

  it('TypeScript that leaves with exit code 0 before it returned', async () => {
    const failure = await failureOf(typescript('console.log("bye"); process.exit(0);'));
    assert.equal(failure['reason'], 'stage-error');
    assert.match(String(failure['message']), /without saying that it was done/);
    assert.match(String(failure['help']), /process\.exit/);
    assert.deepEqual(failure['logTail'], ['bye']);
  });

  it('TypeScript that waits for a promise nobody resolves', async () => {
    const failure = await failureOf(typescript('await new Promise(() => {});'));
    assert.equal(failure['reason'], 'exit-non-zero');
    assert.equal(failure['code'], 13, "node's own code for it");
  });

  it('TypeScript that throws: the stack points at its source', async () => {
    const failure = await failureOf(typescript('throw new Error(`broken ${stage.seed}`);'));
    assert.equal(failure['reason'], 'exit-non-zero');
    const log = (failure['logTail'] as string[]).join('\n');
    assert.match(log, /broken/);
    assert.match(log, /liar\.ts:9/);
  });

  it('a metric that is no number', async () => {
    const failure = await failureOf(typescript('stage.metric("loss", NaN);'));
    assert.match((failure['logTail'] as string[]).join('\n'), /"loss" must be a finite number, got NaN/);
  });

  it('TypeScript that writes something else where events go', async () => {
    const failure = await failureOf(typescript('writeSync(3, "hello\\n");'));
    assert.equal(failure['reason'], 'bad-event');
    assert.deepEqual([failure['line'], failure['message']], ['hello', 'it is no JSON']);
  });

  it('a command whose event is none', async () => {
    for (const [line, message] of [
      ['{"type":"metric","name":"a","value":"1"}', 'a metric needs a name and a finite value'],
      ['{"type":"metrics"}', 'its type is "metrics"'],
      ['[1', 'it is no JSON'],
    ]) {
      const failure = await failureOf(
        command(`echo x > "$BLOODLINE_OUTPUT_X"; echo '${line}' >> "$BLOODLINE_EVENTS"`),
      );
      assert.deepEqual(
        [failure['reason'], failure['line'], failure['message']],
        ['bad-event', line, message],
      );
      if (line !== '[1') door.remove();
    }
  });

  it('a command that is ended by a signal', async () => {
    const failure = await failureOf(command('echo x > "$BLOODLINE_OUTPUT_X"; kill -SEGV $$'));
    assert.deepEqual([failure['reason'], failure['signal']], ['killed', 'SIGSEGV']);
  });

  it('a program that is not there', async () => {
    const failure = await failureOf({
      'pipeline.yaml':
        'name: lies\nstages:\n  liar: { command: [no-such-program], sources: [], outputs: [x] }\n',
    });
    assert.deepEqual(
      [failure['reason'], failure['message']],
      ['cannot-start', 'the program "no-such-program" is not there'],
    );
  });

  it('a log of megabytes: its end is shown, and memory is not filled', async () => {
    const failure = await failureOf(
      command('yes "a line of a long log" | head -n 500000; echo the last line; exit 4'),
    );
    assert.equal(failure['code'], 4);
    const tail = failure['logTail'] as string[];
    assert.equal(tail.at(-1), 'the last line');
    assert.ok(tail.length <= 100, `${tail.length} lines`);
  });

  /** Of the runner, in bytes, at its highest: read as long as it runs. */
  async function peakOf(files: Readonly<Record<string, string>>) {
    door = openFrontDoor(files);
    const child = door.start('run', '--json');
    const ended = answerOf(child);
    let peak = 0;
    const look = setInterval(() => {
      const status = existsSync(`/proc/${child.pid}/status`)
        ? readFileSync(`/proc/${child.pid}/status`, 'utf8')
        : '';
      peak = Math.max(peak, 1024 * Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0));
    }, 20);
    const answer = await ended;
    clearInterval(look);
    return { peak, answer };
  }
  const MOST = 220e6;
  const [FLOOD, LINES] = process.env.BLOODLINE_LONG ? [1e9, 25e6] : [300e6, 3e6];

  for (const [what, script, says] of [
    ['stdout', `head -c ${FLOOD} /dev/zero | tr "\\0" x; echo x > "$BLOODLINE_OUTPUT_X"`, null],
    ['stderr without a line break', `head -c ${FLOOD} /dev/zero >&2; echo x > "$BLOODLINE_OUTPUT_X"`, null],
    ['events', `yes '{"type":"warning","message":"again"}' | head -n ${LINES} >&3`, 'one of more than 20000'],
    [
      'progress',
      `yes '{"type":"progress","done":1,"total":3}' | head -n ${LINES / 3} >&3; echo x > "$BLOODLINE_OUTPUT_X"`,
      null,
    ],
    [
      'the file of events',
      `yes '{"type":"metric","name":"m","value":1}' | head -n ${LINES} > "$BLOODLINE_EVENTS"; echo x > "$BLOODLINE_OUTPUT_X"`,
      'one of more than 20000',
    ],
    ['an event without an end', `head -c ${FLOOD} /dev/zero | tr "\\0" x >&3`, 'it is no JSON'],
  ] as const)
    it(`a flood of ${what}: the runner's memory stays flat`, {
      skip: !existsSync('/proc/self/status'),
    }, async () => {
      const { peak, answer } = await peakOf(command(script));
      assert.equal(answer.code, says === null ? 0 : 1, answer.stdout.slice(-2000));
      if (says !== null) assert.ok(answer.stdout.includes(says), answer.stdout.slice(-2000));
      assert.ok(peak > 0 && peak < MOST, `${Math.round(peak / 1e6)} MB`);
    });

  it('a stage that goes on writing to its output after it ended: what is kept is whole', async () => {
    door = openFrontDoor(
      command(
        'echo x > "$BLOODLINE_OUTPUT_X"; (while :; do echo more >> "$BLOODLINE_OUTPUT_X"; done) & (trap "" TERM; setsid sh -c "while :; do echo again >> $BLOODLINE_OUTPUT_X; done") &',
      ),
    );
    assert.equal((await door.run()).code, 0);
    assert.equal((await door.bloodline('verify')).code, 0);
    assert.deepEqual((await door.run()).ran, []);
  });

  for (const [what, script, message] of [
    [
      'a link out of it',
      'mkdir "$BLOODLINE_OUTPUT_X"; ln -s /etc/passwd "$BLOODLINE_OUTPUT_X/p"',
      /a symbolic link/,
    ],
    ['a named pipe', 'mkfifo "$BLOODLINE_OUTPUT_X"', /a named pipe/],
    ['a link in place of it', 'ln -s /etc "$BLOODLINE_OUTPUT_X"', /a symbolic link/],
  ] as const)
    it(`an output with ${what} is refused`, async () => {
      const failure = await failureOf(command(script));
      assert.equal(failure['reason'], 'output-unusable');
      assert.match(String(failure['message']), message);
    });

  const root = process.getuid?.() === 0;
  const why = 'root may write to anything; that it did is found afterwards, see promises.test.ts';
  it('inputs are read-only for it', { skip: root ? why : false }, async () => {
    const failure = await failureOf({
      ...command('echo more >> "$BLOODLINE_INPUT_T"', ', inputs: { t: { path: t.txt } }'),
      't.txt': 'text\n',
    });
    assert.match((failure['logTail'] as string[]).join('\n'), /[Pp]ermission denied/);
  });

  it('a letter that comes in two pieces stays one', async () => {
    const { logTail } = await failureOf(
      command("printf '\\303'; sleep 0.2; printf '\\251t\\303\\251\\n'; exit 1"),
    );
    assert.deepEqual(logTail, ['été']);
  });
});

describe('stages that cannot be described', () => {
  it('are told all at once, one that ends the process too', async () => {
    const stage = (text: string) =>
      `import { writeFileSync } from 'node:fs';\n${text}\nexport default async function run() {}`;
    const door = openFrontDoor({
      'pipeline.yaml':
        'name: d\nstages:\n  a: { run: a.ts }\n  b: { run: b.ts }\n  c: { run: c.ts }\n  d: { run: d.ts }\n',
      'a.ts': stage("export const outputs = ['x'];"),
      'b.ts': stage('export const outputs = [];'),
      'c.ts': stage("process.exit(0);\nexport const outputs = ['x'];"),
      'd.ts': stage("export const outputs = ['x'];\nthrow new Error('not today');"),
    });
    try {
      const { code, stderr } = await door.bloodline('run');
      assert.equal(code, 2);
      assert.match(stderr, /c: its file could not be read as a stage: its process ended without an answer/);
      assert.match(stderr, /b: .*`outputs` must be a list/);
      assert.match(stderr, /d: .*not today/);
      assert.doesNotMatch(stderr, /^a: /m);
    } finally {
      door.remove();
    }
  });
});
