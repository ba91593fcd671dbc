/**
 * Each kind of file in a store damaged in each way, then the command run on it: nothing wrong is used, what can be made
 * again is, what can't is named; `verify` finds it, `--repair` puts it right.
 *
 *     node dist/test/long/damage.js        about 5 minutes on two quiet cores
 */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { writeChampions } from '../../src/verbs/champion-file.ts';
import { DAMAGES, UNPRIVILEGED } from '../rig/damage.ts';
import { digestsOf } from '../rig/digests.ts';
import { type Answer, answerOf, BIN, CHECKOUT } from '../rig/front-door.ts';

const folder = mkdtempSync(join(tmpdir(), 'bloodline-damage-'));
const store = join(folder, 'artifacts');
const server = createServer((_, response) => response.end('weights'));
await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/w`;
const digest = createHash('md5').update('weights').digest('hex');

const PIPELINE = `
name: damage
params: { width: 64 }
stages:
  table: { command: 'echo a,b > "$BLOODLINE_OUTPUT_T"; echo talks', outputs: [t] }
  folder:
    command: 'mkdir -p "$BLOODLINE_OUTPUT_F/deep"; cp "$BLOODLINE_INPUT_T" "$BLOODLINE_OUTPUT_F/deep/t.csv"; echo some text > "$BLOODLINE_OUTPUT_F/a.txt"'
    inputs: { t: table.t }
    outputs: [f]
  wide: { run: wide.ts, params: { width: "\${width}" } }
  last:
    command: 'cat "$BLOODLINE_INPUT_F"/*.txt "$BLOODLINE_INPUT_F"/deep/* "$BLOODLINE_INPUT_W" "$BLOODLINE_INPUT_X" > "$BLOODLINE_OUTPUT_X"'
    inputs: { f: folder.f, w: { url: "${url}", digest: "md5:${digest}" }, x: wide.x }
    outputs: [x]
gates:
  wide: { stage: wide, metric: width, min: 10 }
`;
const STAGE = `
import { writeFileSync } from 'node:fs';
export const outputs = ['x'] as const;
export const params = { width: { type: 'integer', default: 7, description: 'w' }, more: { type: 'integer', default: 5, description: 'm' } } as const;
export default async function run(stage) {
  stage.metric('width', stage.params.width);
  writeFileSync(stage.output('x'), \`\${stage.params.width} \${stage.params.more}\\n\`);
}
`;
const RESULT = 'some text\na,b\nweights64 5\n';

/** Told and mended by `verify`; the rest are caches, lists and logs, which cost time or a line when they are lost. */
const TOLD =
  /^(blobs|trees|records\/[0-9a-f]|history|checkouts|urls|descriptions|builds|pipelines|champions|runs\/.*\.json)/;

function bloodline(...args: string[]): Promise<Answer> {
  const [program, ...rest] = [...UNPRIVILEGED, process.execPath, BIN, ...args];
  return answerOf(
    spawn(program!, rest, {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, CI: '1' },
    }),
  );
}
const result = (): string => readFileSync(join(store, 'latest/last/x'), 'utf8');
const whole = join(folder, 'whole');
function restore(): void {
  rmSync(store, { recursive: true, force: true });
  // Hard links stay hard links, and times stay what they were.
  execFileSync('cp', ['-a', whole, store]);
}

/** Two of each kind. */
function chosen(): readonly string[] {
  const kinds = new Map<string, string[]>();
  const files = readdirSync(store, { recursive: true, encoding: 'utf8' }).filter((name) =>
    lstatSync(join(store, name)).isFile(),
  );
  for (const file of files.sort()) {
    // Links into the other folders.
    if (file.startsWith('latest/')) continue;
    const kind = `${file.split('/')[0]} ${extname(file)}`;
    kinds.set(kind, [...(kinds.get(kind) ?? []), file].slice(0, 2));
  }
  return [...kinds.values()].flat();
}

let cases = 0;
let failures = 0;
/** The store as it is after a damage is used, then one with the same damage is verified and repaired first. */
async function check(file: string, way: string, damage: (path: string) => void): Promise<void> {
  const what = `${file}: ${way}`;
  cases += 1;
  const isChampion = file.startsWith('champions/');
  const spoil = (): void => {
    restore();
    chmodSync(join(store, file), 0o644);
    damage(join(store, file));
  };
  const say = ({ stdout, stderr }: Answer): string => `${what}\n${stdout}${stderr}`;
  const good = async (expected: number): Promise<void> => {
    const run = await bloodline('run');
    assert.equal(run.code, expected, say(run));
    if (expected !== 0) return assert.match(run.stderr, /champions.*not as it was written/s, say(run));
    assert.equal(result(), RESULT, what);
    assert.equal(digestsOf(store), expectedDigests, what);
  };
  const lost = isChampion && way !== 'gone';
  spoil();
  await good(lost ? 3 : 0);

  spoil();
  const told = await bloodline('verify');
  // What is gone of the lists is no damage: nobody can know that it was there. A run's own file is only shown.
  const isKnowable =
    way === 'gone'
      ? /^(blobs|trees|history|checkouts)/.test(file)
      : !(file.startsWith('runs/') && way.startsWith('a flipped bit'));
  if (isKnowable) assert.equal(told.code, TOLD.test(file) ? 3 : 0, say(told));
  const repaired = await bloodline('verify', '--repair');
  assert.equal(repaired.code, lost ? 3 : 0, say(repaired));
  assert.equal((await bloodline('verify')).code, lost ? 3 : 0, what);
  await good(lost ? 3 : 0);
}

let expectedDigests = '';
try {
  writeFileSync(join(folder, 'pipeline.yaml'), PIPELINE);
  writeFileSync(join(folder, 'wide.ts'), STAGE);
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(CHECKOUT, join(folder, 'node_modules', 'bloodline-ml'));
  for (let i = 0; i < 2; i++) {
    const first = await bloodline('run');
    assert.equal(first.code, 0, first.stdout + first.stderr);
  }
  assert.equal(result(), RESULT);
  writeChampions(store, 'damage', []);
  expectedDigests = digestsOf(store);
  execFileSync('cp', ['-a', store, whole]);
  const files = chosen();
  console.log(`${files.length} files, ${Object.keys(DAMAGES).length} ways each`);
  for (const file of files.filter((name) => name.includes(process.argv[2] ?? ''))) {
    for (const [way, damage] of Object.entries(DAMAGES))
      await check(file, way, damage).catch((error: Error) => {
        failures += 1;
        console.log(error.message);
      });
    console.log(file);
  }
  console.log(
    failures === 0
      ? `${cases} damages: nothing wrong was used`
      : `${failures} of ${cases} damages: see above`,
  );
  process.exitCode = failures === 0 ? 0 : 1;
} finally {
  server.close();
  rmSync(folder, { recursive: true, force: true });
}
