/** A training that begins with weights from a server, through the command. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { weightValues } from '../../bench/parity/numbers.ts';
import { parseJsonLines } from '../../stages/imaging/samples.ts';
import { anatomy } from '../../stages/learning/anatomy.ts';
import { newGraph } from '../../stages/learning/graph.ts';
import customCnn from '../../stages/models/custom-cnn.ts';
import { kerasModel } from '../../stages/weights/keras-model.ts';
import { writeKeras } from '../../stages/weights/write-keras.ts';
import { microData } from './micro.ts';

const checkout = resolve(fileURLToPath(new URL('../../..', import.meta.url)));
// Inside the checkout, so that the stage's packages are found.
const folder = mkdtempSync(join(checkout, 'artifacts', 'test-'));
let server: Server;
let url: string;
let file: Buffer;
/** Bytes after which the server goes away; null: it serves. */
let stopsAfter: number | null = null;

before(async () => {
  await microData(folder, { count: 20, size: 16, classes: 2 });
  const network = customCnn({ size: 16, classes: 7, graph: newGraph() });
  const values = new Map(
    anatomy(network).weights.map(({ name, shape }) => [name, weightValues(name, shape)]),
  );
  await writeKeras(folder, kerasModel(network, values, { name: 'cnn', target: 'keras' }));
  file = readFileSync(join(folder, 'model.h5'));
  server = createServer((request, response) => {
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    response.writeHead(from > 0 ? 206 : 200, { 'content-length': file.length - from });
    if (stopsAfter === null) response.end(file.subarray(from));
    else response.write(file.subarray(from, from + stopsAfter), () => response.socket!.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/notop.h5`;
});
after(() => {
  server.close();
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name);
    if (existsSync(path) && statSync(path).isDirectory()) chmodSync(path, 0o755);
  }
  rmSync(folder, { recursive: true, force: true });
});

const md5 = (bytes: Buffer): string => createHash('md5').update(bytes).digest('hex');

/** Runs the stage; resolves to its events. Not synchronously: the server lives in this process. */
async function run(digest: string, ...more: string[]): Promise<Record<string, unknown>[]> {
  writeFileSync(
    join(folder, 'pipeline.yaml'),
    `
params:
  weights: { custom-cnn: { url: "${url}", digest: "md5:${digest}" } }
stages:
  train:
    matrix: { model: [custom-cnn] }
    run: ../../stages/train-per-model.ts
    inputs: { pixels: { path: pixels }, split: { path: split }, weights: "\${weights[model]}" }
    params: { model: "../../stages/models/\${model}.ts", epochs: 1, batch: 16, engine: wasm }
`,
  );
  const child = spawn(
    process.execPath,
    [join(checkout, 'bin/bloodline.js'), '-C', folder, 'run', '--json', ...more],
    { env: { ...process.env, BLOODLINE_STORE: join(folder, 'store') }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let out = '';
  for await (const chunk of child.stdout) out += chunk;
  return parseJsonLines<Record<string, unknown>>(out);
}
const failure = (events: Record<string, unknown>[]) =>
  events.find(({ type }) => type === 'stage-failed')?.['failure'] as Record<string, string> | undefined;

test('they are fetched, gone on with where the server stopped, and taken; then no server is needed', async () => {
  const wrong = failure(await run('0'.repeat(32)));
  assert.equal(
    wrong?.['message'],
    `its md5 is ${md5(file)}, expected ${'0'.repeat(32)}; the file was not used`,
  );

  stopsAfter = 300_000;
  const stopped = failure(await run(md5(file)));
  assert.match(stopped?.['message'] ?? '', /the server stopped after \d+ of \d+ bytes/);
  assert.match(stopped?.['help'] ?? '', /put it at \S+store\/partial\/md5-[0-9a-f]{32}/);

  stopsAfter = null;
  const taken = await run(md5(file));
  assert.equal(failure(taken), undefined);
  const [record] = JSON.stringify(taken).match(/\d+ tensors, \d+ numbers, of a file of Keras/) ?? [];
  assert.equal(record, '20 tensors, 389856 numbers, of a file of Keras');

  stopsAfter = 0;
  assert.equal(failure(await run(md5(file), '--force', 'train')), undefined);
});

test('a file that is whole and no weights of this network fails the stage in a sentence', async () => {
  stopsAfter = null;
  file = Buffer.from('<html>please sign in');
  const page = failure(await run(md5(file)));
  assert.match(JSON.stringify(page), /What is given as weights is a web page, not a file of weights\./);
  assert.deepEqual(readdirSync(join(folder, 'store/partial')), []);
});
