/**
 * What goes through a shared store in a second: many small files and few large ones, pushed and pulled, over a folder and
 * over S3 (Ceph's radosgw on loopback, in memory, where it is installed), beside `cp -r` and a request for each file.
 *
 *     node dist/bench/remotes.js [--small 10000] [--large 4] [--megabytes 128] [--times 3]
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import PQueue from 'p-queue';
import { makeDirectoryRemote } from '../src/store/remote/directory.ts';
import type { Objects } from '../src/store/remote/objects.ts';
import { openS3 } from '../src/store/remote/s3.ts';
import { newKey } from '../src/store/remote/signing.ts';
import { noRadosgw, type Radosgw, startRadosgw } from '../test/rig/radosgw.ts';
import { command, machine, printTable, repeat, timeProcess } from './measure.ts';

const { values } = parseArgs({
  options: {
    small: { type: 'string', default: '10000' },
    large: { type: 'string', default: '4' },
    megabytes: { type: 'string', default: '128' },
    times: { type: 'string', default: '3' },
  },
});
const [small, large, megabytes, times] = [values.small, values.large, values.megabytes, values.times].map(
  Number,
) as [number, number, number, number];
const SMALL_BYTES = 2000;
const folder = mkdtempSync(join(tmpdir(), 'bloodline-bench-'));
const key = newKey();
const env = { BLOODLINE_SIGNING_KEY: key.pem };

/** One stage, whose output is a folder; what it copies is made here. */
function project(name: string, where: string): string {
  const at = join(folder, name);
  mkdirSync(at, { recursive: true });
  writeFileSync(
    join(at, 'pipeline.yaml'),
    `remotes: { r: { ${where}, keys: ["${key.publicKey}"] } }\nstages:\n  files: { command: [cp, -r, ${folder}/source, "\${outputs.out}"], outputs: [out] }\n`,
  );
  return at;
}

function makeSource(count: number, bytes: number): void {
  rmSync(join(folder, 'source'), { recursive: true, force: true });
  mkdirSync(join(folder, 'source'));
  for (let i = 0; i < count; i++) writeFileSync(join(folder, 'source', String(i)), randomBytes(bytes, i));
}

/** Bytes that do not compress, the same each time. */
function randomBytes(length: number, seed: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = seed + 1;
  for (let at = 0; at + 4 <= length; at += 4) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes.writeUInt32LE(state, at);
  }
  return bytes;
}

let buckets = 0;
const rows: (string | number)[][] = [];
const row = (what: string, count: number, bytes: number, ms: number): void => {
  rows.push([what, ms, (1000 * count) / ms, bytes / 1000 / ms]);
};

/** Pushes and pulls by the command, its start counted in; a fresh place for each push. */
async function throughRemote(what: string, fresh: () => Promise<string>, count: number, bytes: number) {
  const push: number[] = [];
  const pull: number[] = [];
  for (let time = 0; time < times; time++) {
    const where = await fresh();
    const sender = project(`sender-${what}`, where);
    timeProcess(process.execPath, [command, 'run', '--remote', 'off'], { cwd: sender });
    push.push(timeProcess(process.execPath, [command, 'push'], { cwd: sender, env }));
    const receiver = project(`receiver-${time}`, where);
    pull.push(timeProcess(process.execPath, [command, 'pull'], { cwd: receiver, env }));
    for (const at of [sender, receiver]) rmSync(at, { recursive: true });
  }
  row(`push, ${what}`, count, bytes, Math.min(...push));
  row(`pull, ${what}`, count, bytes, Math.min(...pull));
}

/** What a request for each file would take, sixteen at once. */
async function oneByOne(objects: Objects, count: number): Promise<void> {
  const files = readdirSync(join(folder, 'source')).map(
    (name) => [name, readFileSync(join(folder, 'source', name))] as const,
  );
  const queue = new PQueue({ concurrency: 16 });
  const time = async (what: string, each: (name: string, bytes: Buffer) => Promise<unknown>) => {
    const start = performance.now();
    await queue.addAll(
      files.map(
        ([name, bytes]) =>
          () =>
            each(name, bytes),
      ),
    );
    row(what, count, count * SMALL_BYTES, performance.now() - start);
  };
  await time('a PUT for each file', (name, bytes) => objects.put(`one/${name}`, bytes, { replace: true }));
  await time('a GET for each file', async (name) => {
    for await (const _ of (await objects.read(`one/${name}`))!);
  });
}

let server: Radosgw | null = null;
try {
  const why = noRadosgw();
  if (why !== false) console.log(`without S3: ${why}`);
  else {
    server = await startRadosgw();
    await server.makeBucket('bench');
  }
  const directory = async () => {
    const path = join(folder, `remote-${++buckets}`);
    await makeDirectoryRemote(path);
    return `path: ${path}`;
  };
  const s3 = async () => `s3: { bucket: bench, prefix: p${++buckets}, endpoint: "${server!.endpoint}" }`;
  for (const [count, bytes, name] of [
    [small, SMALL_BYTES, `${small} files of 2 kB`],
    [large, megabytes * 1e6, `${large} files of ${megabytes} MB`],
  ] as const) {
    makeSource(count, bytes);
    const copy = repeat(times, () => {
      rmSync(join(folder, 'copy'), { recursive: true, force: true });
      return timeProcess('cp', ['-r', join(folder, 'source'), join(folder, 'copy')], { cwd: folder });
    });
    row(`${name}: cp -r`, count, count * bytes, copy.min);
    await throughRemote('folder', directory, count, count * bytes);
    if (server === null) continue;
    await throughRemote('S3', s3, count, count * bytes);
    const at = { bucket: 'bench', prefix: 'one/', endpoint: server.endpoint, region: null };
    if (count === small) await oneByOne(await openS3(at, { answerMs: 30_000, stallMs: 30_000 }), count);
  }
  console.log(`${machine()}; the best of ${times}`);
  printTable(['what', 'ms', 'files/s', 'MB/s'], rows);
} finally {
  server?.stop();
  rmSync(folder, { recursive: true, force: true });
}
