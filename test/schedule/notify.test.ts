import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { Notify } from '../../src/pipeline/pipeline.ts';
import { deliver } from '../../src/schedule/deliver.ts';
import type { Notice } from '../../src/schedule/notice.ts';
import { type FrontDoor, openFrontDoor } from '../rig/front-door.ts';

interface Heard {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Notice;
}

/** Answers with the statuses of a list, one each, the last for all that follow; `null`: never. */
let answers: (number | null)[] = [200];
const heard: Heard[] = [];
let server: Server;
let address: string;

before(async () => {
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      heard.push({ url: request.url!, headers: request.headers, body: JSON.parse(text) as Notice });
      const status = answers.length > 1 ? answers.shift()! : answers[0]!;
      if (status === null) return;
      response.writeHead(status, { location: '/elsewhere' });
      response.end('thanks');
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  answers = [200];
  heard.length = 0;
});

describe('delivering', () => {
  const notice = { text: 'a night', about: ['failed'] } as unknown as Notice;
  const tell = (to: object, env: Record<string, string> = {}): Promise<string | null> =>
    deliver({ name: 'team', on: ['done'], to } as Notify, notice, {
      folder: tmpdir(),
      env,
      patience: { pauses: [1, 1], attemptMs: 300 },
    });
  const hook = (more: object = {}) => ({
    ...{ kind: 'webhook', url: { text: address }, header: null },
    ...more,
  });

  it('asks again while it is told to come later', async () => {
    answers = [500, 429, 200];
    assert.equal(await tell(hook()), null);
    assert.deepEqual([heard.length, heard[2]!.body.text], [3, 'a night']);
  });

  it('gives up: at the last attempt, at a no, at silence, where nobody is', async () => {
    answers = [503];
    assert.equal(await tell(hook()), 'it answered 503, at the last of 3 attempts');
    answers = [404];
    assert.equal(await tell(hook()), 'it answered 404');
    answers = [null];
    assert.equal(await tell(hook()), 'no answer within 0.3 s, at the last of 3 attempts');
    assert.match((await tell(hook({ url: { text: 'http://127.0.0.1:1/' } })))!, /could not be reached/);
  });

  it('does not carry a secret on to where it is sent', async () => {
    answers = [307];
    const header = { name: 'Authorization', env: 'TOKEN' };
    assert.equal(await tell(hook({ header }), { TOKEN: 'secret' }), 'it answered 307');
    assert.deepEqual(
      heard.map(({ url, headers }) => [url, headers.authorization]),
      [['/hook', 'secret']],
    );
  });

  it('names variables and never what is in them', async () => {
    const header = { name: 'Authorization', env: 'TOKEN' };
    assert.equal(await tell(hook({ header })), 'the variable TOKEN is not set');
    assert.equal(
      await tell(hook({ header }), { TOKEN: 'sec\nret' }),
      'what the variable TOKEN holds cannot be a header',
    );
    const url = { env: 'URL' };
    assert.equal(await tell(hook({ url })), 'the variable URL is not set');
    assert.equal(
      await tell(hook({ url }), { URL: 'secret' }),
      'what the variable URL holds is no http(s) address',
    );
    assert.equal(await tell(hook({ url }), { URL: address }), null);
  });

  it('commands read it, and may fail', async () => {
    const command = (...argv: string[]) => ({ kind: 'command', command: argv });
    assert.equal(await tell(command('grep', '-q', '"text":"a night"')), null);
    assert.equal(await tell(command('sh', '-c', 'exit 0')), null, 'one that does not read it');
    assert.match((await tell(command('false')))!, /exit code 1, at the last of 3/);
    assert.match((await tell(command('sleep', '30')))!, /longer than 0\.3 s/);
    assert.equal(await tell(command('no-such-program')), 'its command could not be started (ENOENT)');
  });
});

const PIPELINE = (url: string): string => `
name: night
params: { score: 0.9 }
gates:
  good: { stage: judge, metric: score, min: 0.8 }
schedules:
  nightly: { cron: "30 2 * * *" }
notify:
  team: { webhook: "${url}", secret-header: { name: X-Token, env: TEAM_TOKEN } }
  mail: { on: [gates], command: 'cat > mail.json' }
stages:
  data: { command: 'cp "$BLOODLINE_INPUT_I" "$BLOODLINE_OUTPUT_X"', inputs: { i: { path: in.txt } }, outputs: [x] }
  judge:
    command: 'read score < "$BLOODLINE_INPUT_X"; [ "$score" = bad ] && exit 7; echo "{\\"type\\":\\"metric\\",\\"name\\":\\"score\\",\\"value\\":$score}" > "$BLOODLINE_EVENTS"; echo x > "$BLOODLINE_OUTPUT_X"'
    inputs: { x: data.x }
    outputs: [x]
`;

describe('after a night', () => {
  const SECRET = 'q7secretq7';
  let door: FrontDoor;
  beforeEach(() => {
    process.env['TEAM_TOKEN'] = SECRET;
    door = openFrontDoor({ 'pipeline.yaml': PIPELINE(address), 'in.txt': '0.9\n' });
  });
  afterEach(() => {
    delete process.env['TEAM_TOKEN'];
    door.remove();
  });
  let day = 10;
  const night = () => door.bloodline('run', '--if-due', 'nightly', '--now', `2026-06-${++day}T02:30:10Z`);

  it('says what changed, what failed, which gates; a secret is in nothing that stays', async () => {
    const said: string[] = [];
    const go = async () => {
      const answer = await night();
      said.push(answer.stdout, answer.stderr);
      return answer;
    };
    await go();
    assert.equal((await go()).code, 0);
    assert.equal(heard.length, 0, 'the first night all went well');

    door.write({ 'in.txt': '0.85\n' });
    const moved = await go();
    assert.match(
      moved.stderr,
      /Since the last run:\n {2}data: its input i changed\n {2}judge: its input x changed; score 0\.900 → 0\.850\n/,
    );
    const { body, headers } = heard[0]!;
    assert.equal(headers['x-token'], SECRET);
    assert.deepEqual([body.about, body.code, body.schedule], [['data'], 0, 'nightly']);
    assert.deepEqual(body.changed[1]!.metrics, [{ name: 'score', from: 0.9, to: 0.85 }]);
    assert.match(
      body.text,
      /^night, schedule nightly: data changed\ngate good: met: .*\nSince the last run:/,
    );
    assert.match(readFileSync(body.page!, 'utf8'), /Since the last run[\s\S]*score 0\.900 → 0\.850/);

    door.write({ 'in.txt': '0.5\n' });
    assert.equal((await go()).code, 4);
    assert.deepEqual(heard[1]!.body.about, ['gates', 'data']);
    assert.deepEqual(JSON.parse(readFileSync(join(door.root, 'mail.json'), 'utf8')), heard[1]!.body);
    assert.match(readFileSync(heard[1]!.body.page!, 'utf8'), /not met<\/span> <strong>good/);

    door.write({ 'in.txt': 'bad\n' });
    assert.equal((await go()).code, 1);
    assert.deepEqual(heard[2]!.body.failures, ['judge ended with exit code 7']);
    assert.deepEqual(heard[2]!.body.about, ['failed', 'data']);

    door.write({ 'pipeline.yaml': PIPELINE(address).replace('data: {', 'data: { run: none.ts,') });
    assert.equal((await go()).code, 2, 'a pipeline file with problems is not followed');
    assert.equal(heard.length, 3);
    assert.ok(!said.join('').includes(SECRET));
    for (const name of readdirSync(door.root, { recursive: true, encoding: 'utf8' })) {
      const path = join(door.root, name);
      if (statSync(path, { throwIfNoEntry: false })?.isFile())
        assert.ok(!readFileSync(path).includes(SECRET), `the secret is in ${name}`);
    }
  });

  it('one that cannot be delivered changes nothing but a line', async () => {
    await night();
    await night();
    answers = [403];
    door.write({ 'in.txt': '0.95\n' });
    const { code, stderr } = await night();
    assert.equal(code, 0);
    assert.match(stderr, /\nnotification team was not delivered: it answered 403\n$/);
    const status = await door.bloodline('schedule');
    assert.match(
      status.stdout,
      /good 20[\s\S]*nightly: notification team was not delivered: it answered 403\n/,
    );
    assert.match((await night()).stderr, /Nothing to do/, 'and is not made again');
  });
});
