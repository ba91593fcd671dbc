import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { answerOf, type FrontDoor, openFrontDoor } from '../rig/front-door.ts';

const BYTES = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7919) % 251));
const SHA = createHash('sha256').update(BYTES).digest('hex');

describe('an input from a URL', () => {
  let door: FrontDoor;
  let server: Server;
  /** The `range` header of each request, or null. */
  let asked: (string | null)[];
  afterEach(async () => {
    door.remove();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  async function open(answer: (request: IncomingMessage, response: ServerResponse) => void) {
    asked = [];
    server = createServer((request, response) => {
      asked.push(request.headers.range ?? null);
      answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/weights.h5`;
    door = openFrontDoor({
      'pipeline.yaml': `
name: download
stages:
  use:
    command: [cp, "\${inputs.w}", "\${outputs.x}"]
    sources: []
    inputs: { w: { url: "${url}", digest: "sha256:${SHA}" } }
    outputs: [x]
`,
    });
  }
  const got = () => readFileSync(join(door.root, 'artifacts', 'latest', 'use', 'x'));
  const failureOf = (events: readonly Record<string, unknown>[]) =>
    events.find(({ type }) => type === 'stage-failed')?.['failure'] as Record<string, unknown>;
  const whole = (response: ServerResponse) => {
    response.setHeader('content-length', BYTES.length);
    response.end(BYTES);
  };
  const rest = (request: IncomingMessage, response: ServerResponse) => {
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1]);
    response.writeHead(206, { 'content-length': BYTES.length - from });
    response.end(BYTES.subarray(from));
  };

  it('is gone on with where the server stopped', async () => {
    await open((request, response) => {
      if (request.headers.range) return rest(request, response);
      response.setHeader('content-length', BYTES.length);
      response.write(BYTES.subarray(0, 100_000), () => response.socket!.end());
    });
    const { code, answer } = await door.run();
    assert.equal(code, 0, answer.stdout + answer.stderr);
    assert.ok(got().equals(BYTES));
    assert.match(asked.at(-1)!, /^bytes=[1-9]\d*-$/);
    const last = answer.events.filter(({ type }) => type === 'download').at(-1)!;
    assert.deepEqual([last['done'], last['total']], [BYTES.length, BYTES.length]);
  });

  it('is begun again where the server knows no ranges', async () => {
    let first = true;
    await open((_, response) => {
      if (!first) return whole(response);
      first = false;
      response.setHeader('content-length', BYTES.length);
      response.write(BYTES.subarray(0, 100_000), () => response.socket!.end());
    });
    assert.equal((await door.run()).code, 0);
    assert.ok(got().equals(BYTES));
    assert.equal(asked.length, 2);
  });

  it('is refused where the bytes are others, and nothing of it stays', async () => {
    await open((_, response) => response.end('another file'));
    const { code, answer } = await door.run();
    assert.equal(code, 1);
    const failure = failureOf(answer.events);
    assert.equal(failure['reason'], 'download-failed');
    const other = createHash('sha256').update('another file').digest('hex');
    assert.equal(
      failure['message'],
      `its sha256 is ${other}, expected ${SHA}; the file was not used`,
      'what came and what was wanted',
    );
    assert.match(String(failure['help']), /to do without the network/);
    const partial = join(door.root, 'artifacts', 'partial');
    assert.deepEqual(readdirSync(partial), []);
  });

  it('is not asked for again where the server says no', async () => {
    await open((_, response) => {
      response.writeHead(404).end();
    });
    const { code, answer } = await door.run();
    assert.equal(code, 1);
    assert.equal(failureOf(answer.events)['message'], 'the server answered 404 Not Found');
    assert.equal(asked.length, 1);
  });

  it('is asked for again after trouble of the server', async () => {
    await open((_, response) => {
      if (asked.length === 1) response.writeHead(503).end();
      else whole(response);
    });
    assert.equal((await door.run()).code, 0);
    assert.equal(asked.length, 2);
  });

  it('once there, needs no network', async () => {
    await open((_, response) => whole(response));
    assert.equal((await door.run()).code, 0);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    const again = await door.run('--force', 'use');
    assert.deepEqual([again.code, again.ran], [0, ['use']]);
    assert.ok(got().equals(BYTES));
  });

  it('without a network says where the file is to be put, and takes it from there', async () => {
    await open((_, response) => response.destroy());
    const { code, answer } = await door.run();
    assert.equal(code, 1);
    const help = String(failureOf(answer.events)['help']);
    assert.match(help, new RegExp(`fetch the file elsewhere \\(sha256 ${SHA}\\) and put it at /`));
    const place = /put it at (\S+),/.exec(help)![1]!;
    writeFileSync(place, 'another file');
    const other = await door.run();
    assert.match(
      String(failureOf(other.answer.events)['help']),
      /the 12 bytes that lie there are not yet it/,
    );
    writeFileSync(place, BYTES);
    assert.equal((await door.run()).code, 0);
    assert.ok(got().equals(BYTES));
  });

  it('is fetched once for all stages that want it at the same time', async () => {
    await open((_, response) => whole(response));
    const text = readFileSync(join(door.root, 'pipeline.yaml'), 'utf8');
    door.write({
      'pipeline.yaml': text.replace(
        '  use:\n',
        '  use:\n    matrix: { n: [1, 2, 3, 4] }\n    params: { n: "${n}" }\n',
      ),
    });
    const { code, ran, answer } = await door.run('--jobs', '4');
    assert.deepEqual([code, ran.length], [0, 4], answer.stdout + answer.stderr);
    assert.equal(asked.length, 1);
  });

  it('is checked again after the stage that read it', async () => {
    await open((_, response) => whole(response));
    const text = readFileSync(join(door.root, 'pipeline.yaml'), 'utf8');
    const spoil =
      'cp "$BLOODLINE_INPUT_W" "$BLOODLINE_OUTPUT_X"; chmod u+w "$BLOODLINE_INPUT_W"; echo more >> "$BLOODLINE_INPUT_W"';
    door.write({ 'pipeline.yaml': text.replace(/command: .*/, `command: '${spoil}'`) });
    const { code, answer } = await door.run();
    assert.equal(code, 1);
    assert.equal(failureOf(answer.events)['reason'], 'input-modified');
    door.write({ 'pipeline.yaml': text });
    assert.equal((await door.run()).code, 0);
    assert.ok(got().equals(BYTES));
  });

  const partial = () => join(door.root, 'artifacts', 'partial', `sha256-${SHA}`);
  const leave = (bytes: Buffer | string) => {
    mkdirSync(dirname(partial()), { recursive: true });
    writeFileSync(partial(), bytes);
  };

  it('is begun again by itself where what was left of an earlier try is of another file', async () => {
    await open((request, response) => (request.headers.range ? rest(request, response) : whole(response)));
    leave('something else');
    const { code, answer } = await door.run();
    assert.equal(code, 0, answer.stdout);
    assert.ok(got().equals(BYTES));
    assert.deepEqual(asked, ['bytes=14-', null]);
  });

  it('is begun again by itself where more is left than there is', async () => {
    await open((request, response) => {
      if (request.headers.range) response.writeHead(416).end();
      else whole(response);
    });
    leave(Buffer.alloc(BYTES.length + 1));
    assert.equal((await door.run()).code, 0);
    assert.ok(got().equals(BYTES));
    assert.equal(asked.length, 2);
  });

  it('is begun again where the server sends another part than it was asked for', async () => {
    await open((request, response) => {
      if (!request.headers.range) return whole(response);
      response.writeHead(206, { 'content-range': `bytes 0-9/${BYTES.length}` }).end(BYTES.subarray(0, 10));
    });
    leave(BYTES.subarray(0, 1000));
    assert.equal((await door.run()).code, 0);
    assert.ok(got().equals(BYTES));
  });

  it('needs nothing more where all of it is there', async () => {
    await open((_, response) => response.writeHead(416).end());
    leave(BYTES);
    assert.equal((await door.run()).code, 0);
    assert.ok(got().equals(BYTES));
  });

  it('is asked for again where the server is busy, as late as it wishes', async () => {
    let refused = 0;
    await open((_, response) => {
      if (asked.length === 1) response.writeHead(408).end();
      else if (asked.length === 2) {
        refused = performance.now();
        response.writeHead(429, { 'retry-after': '1' }).end();
      } else {
        refused = performance.now() - refused;
        whole(response);
      }
    });
    assert.equal((await door.run()).code, 0);
    assert.equal(asked.length, 3);
    assert.ok(refused >= 990, `it came back after ${refused} ms`);
  });

  it('is not waited for where the server wants an hour', async () => {
    await open((_, response) => response.writeHead(429, { 'retry-after': '3600' }).end());
    const { code, answer } = await door.run();
    assert.equal(code, 1);
    assert.equal(
      failureOf(answer.events)['message'],
      'the server answered 429 Too Many Requests, and wants to be asked again in 3600 s',
    );
    assert.equal(asked.length, 1);
  });

  it('is fetched once by runs at the same time', async () => {
    await open((_, response) => {
      response.setHeader('content-length', BYTES.length);
      response.write(BYTES.subarray(0, 1000));
      // The rest comes when the others have had time to ask as well.
      setTimeout(() => response.end(BYTES.subarray(1000)), 500);
    });
    const runs = await Promise.all([1, 2, 3].map(() => door.run()));
    for (const { code, answer } of runs) assert.equal(code, 0, answer.stdout);
    assert.ok(got().equals(BYTES));
    assert.deepEqual(asked, [null]);
  });

  it('is kept as far as it came at Ctrl-C, and gone on with by the next run', async () => {
    await open((request, response) => {
      if (request.headers.range) return rest(request, response);
      response.setHeader('content-length', BYTES.length);
      response.write(BYTES.subarray(0, 200_000)); // and never the rest
    });
    const child = door.start('run', '--json');
    const ended = answerOf(child);
    child.stdout!.on('data', (text: string) => {
      if (text.includes('"type":"download"')) child.kill('SIGINT');
    });
    assert.equal((await ended).code, 130);
    assert.equal((await door.run()).code, 0);
    assert.ok(got().equals(BYTES));
    assert.match(asked.at(-1)!, /^bytes=[1-9]\d*-$/);
  });
});
