import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type FrontDoor, openFrontDoor } from '../rig/front-door.ts';

// Stages that make the same again and stages that do not: what they count is a file outside, which no key knows.
const PIPELINE = `
stages:
  same:
    run: same.ts
  other:
    run: other.ts
    inputs: { same: same.data }
    env: [COUNTER]
  never:
    matrix: { n: [1, 2] }
    command: [sh, -c, 'echo \${params.n} > "$BLOODLINE_OUTPUT_OUT"']
    outputs: [out]
    params: { n: "\${n}" }
`;
const SAME = `import { mkdirSync, writeFileSync } from 'node:fs';
export const outputs = ['data'] as const;
export default async function run(stage) {
  mkdirSync(stage.output('data'));
  writeFileSync(stage.output('data') + '/a.json', '{"a":1}');
}
`;
const OTHER = `import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
export const inputs = { same: 'required' } as const;
export const outputs = ['model', 'table'] as const;
export default async function run(stage) {
  const turn = Number(readFileSync(process.env.COUNTER, 'utf8'));
  if (turn === 9) throw new Error('not this time');
  const model = stage.output('model');
  mkdirSync(model);
  const index = [{ name: 'a/kernel', shape: [2, 3], offset: 0 }, { name: 'b/bias', shape: [4], offset: 24 }];
  writeFileSync(join(model, 'weights.json'), JSON.stringify(index));
  const weights = new Float32Array(10);
  weights[8] = turn / 2;
  writeFileSync(join(model, 'weights.bin'), weights);
  const dict = "{'descr': '<i4', 'fortran_order': False, 'shape': (2, 3), }";
  const header = Buffer.from('\\x93NUMPY\\x01\\x00\\x00\\x00' + dict.padEnd(117) + '\\n', 'latin1');
  header.writeUInt16LE(118, 8);
  writeFileSync(join(model, 'pixels.npy'), Buffer.concat([header, new Uint8Array(Int32Array.of(1, 2, 3, 4, -turn, 6).buffer)]));
  writeFileSync(join(model, 'curves.json'), JSON.stringify({ epochs: [{ loss: 1 }, { loss: turn }] }));
  writeFileSync(join(model, 'log-' + turn + '.txt'), 'same');
  writeFileSync(join(model, 'raw'), new Uint8Array([0, 0, turn]));
  writeFileSync(stage.output('table'), 'a,b\\n1,' + turn + '\\n');
}
`;

let door: FrontDoor;
const turn = (value: number): void => writeFileSync(join(door.root, 'counter'), String(value));
const saved = process.env.COUNTER;
before(async () => {
  door = openFrontDoor({ 'pipeline.yaml': PIPELINE, 'same.ts': SAME, 'other.ts': OTHER, counter: '1' });
  process.env.COUNTER = join(door.root, 'counter');
  const { code, answer } = await door.run('same', 'other');
  assert.equal(code, 0, answer.stdout + answer.stderr);
});
after(() => {
  door.remove();
  if (saved === undefined) delete process.env.COUNTER;
  else process.env.COUNTER = saved;
});

/** A digest of all that the store holds, but for what is only kept to be fast. */
function storeDigest(): string {
  const store = join(door.root, 'artifacts');
  const hash = createHash('sha256');
  const files = readdirSync(store, { recursive: true, encoding: 'utf8' }).sort();
  for (const name of files) {
    if (/^(index|stat|stats|cache|code|tmp|locks)\b/.test(name) || name.endsWith('.ndjson')) continue;
    const path = join(store, name);
    if (statSync(path).isFile()) hash.update(`${name} `).update(readFileSync(path));
  }
  return hash.digest('hex');
}

test('a stage that makes the same bytes again', async () => {
  const before = storeDigest();
  const answer = await door.bloodline('audit', 'same');
  assert.equal(answer.code, 0, answer.stderr);
  assert.match(
    answer.stdout,
    /^same: the same bytes again, 1 output \(.*\)\nAudited: 1 equal, 0 differ\.\n$/,
  );
  assert.match(answer.stderr, /^same: runs again \(took .* then\)$/m);
  assert.equal(storeDigest(), before);
  assert.deepEqual(readdirSync(join(door.root, 'artifacts', 'tmp')), []);
});

test('a stage that does not: which array and index, which place in JSON, which line, which byte', async () => {
  turn(3);
  const before = storeDigest();
  const answer = await door.bloodline('audit');
  assert.equal(answer.code, 1, answer.stderr);
  const lines = answer.stdout.trimEnd().split('\n');
  assert.match(lines.shift()!, /^same: the same bytes again/);
  assert.match(lines.shift()!, /^other: other bytes than in the store \(/);
  assert.deepEqual(lines, [
    '  model/pixels.npy: [1, 1] was -1, is -3',
    '  model/weights.bin: b/bias[2] was 0.5, is 1.5',
    '  model/curves.json: epochs[1].loss was 1, is 3',
    '  model/log-1.txt is not made any more',
    '  model/log-3.txt was not made before',
    '  model: and 1 more files',
    '  table: line 2 was "1,1", is "1,3"',
    'never@1: has no result in the store',
    'never@2: has no result in the store',
    'Audited: 1 equal, 1 differ, 2 without a result to compare with.',
  ]);
  assert.equal(storeDigest(), before);
});

test('as JSON: all files, with weights by name and index', async () => {
  const answer = await door.bloodline('audit', 'other', '--json');
  assert.equal(answer.code, 1);
  const [one] = JSON.parse(answer.stdout) as [
    { how: string; differing: { output: string; files: Record<string, unknown>[] }[] },
  ];
  assert.equal(one.how, 'differs');
  assert.equal(one.differing[0]!.files.length, 6);
  assert.deepEqual(one.differing[0]!.files[4], { file: 'raw', what: 'byte', byte: 2, was: 1, is: 3 });
  assert.deepEqual(one.differing[0]!.files.at(-1), {
    file: 'weights.bin',
    what: 'array',
    array: 'b/bias',
    index: [2],
    was: 0.5,
    is: 1.5,
  });
});

test('back in step, the same bytes again; and one that fails is told', async () => {
  turn(1);
  assert.equal((await door.bloodline('audit', 'other')).code, 0);
  turn(9);
  const answer = await door.bloodline('audit', 'other');
  assert.equal(answer.code, 1);
  assert.match(answer.stdout, /^other: failed when it was run again\n {2}.*not this time/s);
  assert.match(answer.stdout, /Audited: 0 equal, 0 differ, 1 failed\.$/m);
  turn(1);
});

test('a stage without a result, and a name that is none', async () => {
  const never = await door.bloodline('audit', 'never');
  assert.equal(never.code, 2);
  assert.match(never.stderr, /never@1, never@2 have no result in the store that could be compared/);
  assert.match(never.stderr, /`bloodline run` makes it/);
  const unknown = await door.bloodline('audit', 'othr');
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /there is no stage "othr".*\n?.*other/);
});
