import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { type FrontDoor, isGone, openFrontDoor, untilGone } from '../rig/front-door.ts';

describe('stages as they run', () => {
  let door: FrontDoor;
  const open = (files: Readonly<Record<string, string>>) => {
    door = openFrontDoor(files);
    return door;
  };
  afterEach(() => door.remove());
  const latest = (path: string) =>
    readFileSync(realpathSync(join(door.root, 'artifacts', 'latest', path)), 'utf8');

  it('a stage whose file is changed while what it waits for runs is taken as it is then', async () => {
    const stage = (text: string, more = ''): string => `
import { writeFileSync } from 'node:fs';
import type { Stage } from 'bloodline-ml/stage';
export const inputs = { before: 'required' } as const;
export const outputs = ['text'] as const;
export const params = {} as const;
${more}
export default async function run({ output }: Stage<typeof params>) {
  writeFileSync(output('text'), '${text}');
}
`;
    open({
      'pipeline.yaml': `
stages:
  edit:
    command: 'cp later.ts late.ts; echo done > "$BLOODLINE_OUTPUT_DONE"'
    sources: []
    outputs: [done]
  late: { run: late.ts, inputs: { before: edit.done } }
`,
      'late.ts': stage('old'),
      'later.ts': stage('new', 'export const draws = true;'),
    });
    assert.equal((await door.run()).code, 0);
    assert.equal(latest('late/text'), 'new');
  });

  it('a TypeScript stage gets its parameters, seed, inputs and modules, and tells metrics, facts and warnings', async () => {
    open({
      'pipeline.yaml': `
name: ts
seed: 7
stages:
  count:
    matrix: { model: [small, large] }
    run: count.ts
    inputs: { text: { path: text.txt } }
    params: { model: "models/\${model}.ts" }
  join:
    command: 'cat "$BLOODLINE_INPUT_COUNTS"/* > "$BLOODLINE_OUTPUT_ALL"'
    sources: []
    inputs: { counts: count.numbers }
    outputs: [all]
`,
      'text.txt': 'some words here',
      'models/small.ts': 'export const width = 1;',
      'models/large.ts': 'export const width = 100;',
      'count.ts': `
import { readFileSync, writeFileSync } from 'node:fs';
import { type Stage, StageError } from 'bloodline-ml/stage';
export const inputs = { text: 'required', extra: 'optional' } as const;
export const outputs = ['numbers'] as const;
export const draws = true;
export const params = {
  model: { type: 'string', format: 'module', description: 'What multiplies.' },
  limit: { type: 'integer', default: 10, description: 'Words at most.' },
} as const;
export default async function run(stage: Stage<typeof params>) {
  const words = readFileSync(stage.input('text'), 'utf8').split(' ').length;
  if (words > stage.params.limit) throw new StageError('too many words', 'raise limit');
  const { width } = await stage.module<{ width: number }>('model');
  stage.progress(1, 1, 'words');
  stage.metric('words', words * width);
  stage.fact('pid', process.pid);
  stage.warn('no words were read aloud');
  console.log('a line for the log');
  writeFileSync(stage.output('numbers'), \`\${words * width} \${stage.seed} \${stage.has('extra')}\\n\`);
}`,
    });
    // A project has the package among its own, as after \`npm install\`.
    door.linkPackage();
    const { code, ran, answer } = await door.run();
    assert.equal(code, 0, answer.stdout + answer.stderr);
    assert.deepEqual([...ran].sort(), ['count@large', 'count@small', 'join']);
    const [first, second] = latest('join/all').trim().split('\n');
    assert.match(
      first!,
      /^300 \d+ false$/,
      'a fan-in is a folder with an entry for each coordinate, in order',
    );
    assert.equal(second, first!.replace('300', '3'), 'the seed is the same for all of one comparison');
    const shown = JSON.parse((await door.bloodline('show', 'count@large', '--json')).stdout);
    assert.match(JSON.stringify(shown), /"words":300/);
    assert.match(JSON.stringify(shown), /no words were read aloud/);
    door.write({ 'models/large.ts': 'export const width = 200; // a comment too' });
    assert.deepEqual((await door.run()).ran, ['count@large', 'join']);
    door.write({ 'text.txt': 'a b c d e f g h i j k l' });
    const failed = await door.bloodline('run');
    assert.equal(failed.code, 1);
    assert.match(failed.stdout + failed.stderr, /too many words[\s\S]*raise limit/);
  });

  it('a command sees the variables it is allowed to, and no others', async () => {
    open({
      'pipeline.yaml': `
name: env
stages:
  env:
    command: 'env > "$BLOODLINE_OUTPUT_ENV"'
    sources: []
    outputs: [env]
    env: [ALLOWED]
`,
    });
    process.env['ALLOWED'] = 'yes';
    process.env['SECRET'] = 'no';
    try {
      assert.equal((await door.run()).code, 0);
      assert.match(latest('env/env'), /^ALLOWED=yes$/m);
      assert.doesNotMatch(latest('env/env'), /SECRET|npm_/);
      process.env['SECRET'] = 'other';
      assert.deepEqual((await door.run()).ran, []);
      process.env['ALLOWED'] = 'other';
      assert.deepEqual((await door.run()).ran, ['env']);
    } finally {
      delete process.env['ALLOWED'];
      delete process.env['SECRET'];
    }
  });

  it('a record holds of a secret what is dear to guess, and the same in every clone', async () => {
    const files = {
      'pipeline.yaml': `
name: secret
stages:
  login: { command: 'echo ok > "$BLOODLINE_OUTPUT_X"', sources: [], outputs: [x], env: [PIN] }
`,
    };
    open(files);
    const clone = openFrontDoor(files);
    process.env['PIN'] = '1234';
    try {
      assert.equal((await door.run()).code, 0);
      const records = join(door.root, 'artifacts', 'records');
      const [record] = readdirSync(records, { recursive: true, encoding: 'utf8' }).filter((name) =>
        name.endsWith('.json'),
      );
      const { parts } = JSON.parse(readFileSync(join(records, record!), 'utf8'));
      // Python: hashlib.scrypt(b'1234', salt=b'bloodline variable PIN', n=16384, r=8, p=1, dklen=32).hex()
      assert.deepEqual(parts.env, {
        PIN: '28770540a927605928a2b0de7500289e6f1c630977bff8e5a65c21f7d6b67ac2',
      });
      process.env['BLOODLINE_STORE'] = join(door.root, 'artifacts');
      assert.deepEqual((await clone.run()).cached, ['login']);
    } finally {
      delete process.env['PIN'];
      delete process.env['BLOODLINE_STORE'];
      clone.remove();
    }
  });

  it('a stage that does not listen is killed when the grace after its timeout is over', async () => {
    open({
      'pipeline.yaml': `
name: deaf
stages:
  deaf:
    command: [sh, deaf.sh]
    sources: [deaf.sh]
    outputs: [x]
    timeout: 1s
`,
      'deaf.sh': `trap 'echo no > heard' TERM
sh -c "trap '' TERM; exec sleep 300" & echo $$ $! > pid
echo half > "$BLOODLINE_OUTPUT_X"
while :; do sleep 0.1; done`,
    });
    const { code, failed, answer } = await door.run();
    assert.deepEqual([code, failed], [1, ['deaf']]);
    const failure = answer.events.find(({ type }) => type === 'stage-failed')?.['failure'] as object;
    assert.deepEqual(
      { ...failure, logTail: '' },
      { reason: 'timed-out', stage: 'deaf', afterMs: 1000, logTail: '' },
    );
    assert.equal(readFileSync(join(door.root, 'heard'), 'utf8'), 'no\n', 'it was asked first');
    for (const pid of readFileSync(join(door.root, 'pid'), 'utf8').trim().split(' '))
      await untilGone(Number(pid));
  });

  it('a stage that takes too long is ended with all that it started; one that fails is tried again', async () => {
    open({
      'pipeline.yaml': `
name: time
stages:
  slow:
    command: 'sleep 61 & echo $! > pid; wait'
    sources: []
    outputs: [x]
    timeout: 1s
  flaky:
    command: 'if [ -e once ]; then echo ok > "$BLOODLINE_OUTPUT_X"; else touch once; exit 1; fi'
    sources: []
    outputs: [x]
    retries: 1
`,
    });
    const { code, ran, failed, answer } = await door.run();
    assert.deepEqual([code, ran, failed], [1, ['flaky'], ['slow']]);
    assert.match(answer.stdout, /timed-out/);
    assert.equal(answer.events.filter(({ type }) => type === 'stage-retried').length, 1);
    assert.ok(isGone(Number(readFileSync(join(door.root, 'pid'), 'utf8'))));
  });

  /** A daemon that writes its pid once it is in a session of its own; the stage waits for that. */
  const daemon = (how: string) =>
    `${how} setsid sh -c "echo \\$\\$ > pid; exec sleep 50" & until [ -s pid ]; do sleep 0.05; done`;
  const daemonPid = () => Number(readFileSync(join(door.root, 'pid'), 'utf8'));

  it('a daemon that left the process group is ended with its stage', async () => {
    open({
      'pipeline.yaml': `
name: daemon
stages:
  leaves:
    command: '${daemon('')}; echo ok > "$BLOODLINE_OUTPUT_X"'
    sources: []
    outputs: [x]
    timeout: 20s
`,
    });
    const { code, ran } = await door.run();
    assert.deepEqual([code, ran], [0, ['leaves']]);
    assert.ok(isGone(daemonPid()));
  });

  it('one that wiped its environment too is let go of, and holds the run by no pipe', async () => {
    open({
      'pipeline.yaml': `
name: daemon
stages:
  leaves:
    command: '${daemon('env -i')}; echo ok > "$BLOODLINE_OUTPUT_X"'
    sources: []
    outputs: [x]
    timeout: 20s
`,
    });
    const { code, ran } = await door.run();
    assert.equal(isGone(daemonPid()), false);
    process.kill(daemonPid(), 'SIGKILL');
    assert.deepEqual([code, ran], [0, ['leaves']]);
    assert.equal(latest('leaves/x'), 'ok\n');
  });

  it('but is ended too where its stage is ended, as long as its parent is there', async () => {
    open({
      'pipeline.yaml': `
name: daemon
stages:
  leaves:
    command: '${daemon('env -i')}; wait'
    sources: []
    outputs: [x]
    timeout: 1s
`,
    });
    const { code, answer } = await door.run();
    assert.equal(code, 1);
    assert.match(answer.stdout, /timed-out/);
    assert.ok(isGone(daemonPid()));
  });

  it('a download is fetched once, checked, and kept; wrong bytes are refused', async () => {
    let asked = 0;
    const server = createServer((_, response) => {
      asked += 1;
      response.end('weights');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/w.h5`;
    const md5 = createHash('md5').update('weights').digest('hex');
    const pipeline = (digest: string) => `
name: download
stages:
  use:
    command: [cp, "\${inputs.w}", "\${outputs.x}"]
    sources: []
    inputs: { w: { url: "${url}", digest: "md5:${digest}" } }
    outputs: [x]
`;
    try {
      open({ 'pipeline.yaml': pipeline(md5) });
      assert.equal((await door.run()).code, 0);
      assert.equal(latest('use/x'), 'weights');
      assert.deepEqual((await door.run('--force', 'use')).ran, ['use']);
      assert.equal(asked, 1);
      door.write({ 'pipeline.yaml': pipeline(md5.replace(/./g, '0')) });
      const { code, answer } = await door.run();
      assert.equal(code, 1);
      assert.match(answer.stdout, /download-failed/);
    } finally {
      server.close();
    }
  });

  it('a stage that gives other bytes each time is said to', async () => {
    open({
      'pipeline.yaml': `
name: random
stages:
  random: { command: 'head -c 8 /dev/urandom > "$BLOODLINE_OUTPUT_X"', sources: [], outputs: [x] }
`,
    });
    await door.run();
    const { answer } = await door.run('--force', 'random');
    assert.ok(answer.events.some(({ type }) => type === 'stage-not-deterministic'));
  });

  it('a checkpoint outlives a failed attempt, and goes when the stage ends well', async () => {
    open({
      'pipeline.yaml': `
name: checkpoint
stages:
  train:
    command: 'c="$BLOODLINE_CHECKPOINT"; mkdir -p "$c"; if [ -e "$c/epoch-1" ]; then cp "$c/epoch-1" "$BLOODLINE_OUTPUT_X"; else echo one > "$c/epoch-1"; exit 1; fi'
    sources: []
    outputs: [x]
`,
    });
    assert.equal((await door.run()).code, 1);
    assert.equal((await door.run()).code, 0);
    assert.equal(latest('train/x'), 'one\n');
    assert.equal(existsSync(join(door.root, 'artifacts', 'checkpoints', 'x')), false);
  });
});
