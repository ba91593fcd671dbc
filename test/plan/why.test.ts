import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type FrontDoor, openFrontDoor } from '../rig/front-door.ts';

const STAGE = `
import { mkdirSync, writeFileSync } from 'node:fs';
export const outputs = ['f'];
export const params = { size: { type: 'integer', default: 1 }, look: { type: 'object', default: {} } };
export default async function run({ params, output, metric }) {
  mkdirSync(output('f'));
  writeFileSync(output('f') + '/same.txt', 'same');
  writeFileSync(output('f') + '/size-' + params.size + '.txt', 'x');
  metric('size', params.size);
}
`;
const PIPELINE = `
name: why
params: { size: 1, flip: true }
stages:
  make: { run: make.ts, params: { size: "\${size}", look: { flip: "\${flip}" } } }
  read: { command: 'ls "$BLOODLINE_INPUT_F" > "$BLOODLINE_OUTPUT_X"', inputs: { f: make.f }, outputs: [x], env: [WHY_TEST] }
  dice: { command: 'date +%N > "$BLOODLINE_OUTPUT_X"', outputs: [x] }
`;

describe('why', () => {
  let door: FrontDoor;
  const says = async (...args: string[]) => {
    const { code, stdout, stderr } = await door.bloodline(...args);
    assert.equal(code, 0, stderr);
    return stdout;
  };
  before(async () => {
    door = openFrontDoor({ 'pipeline.yaml': PIPELINE, 'make.ts': STAGE });
    assert.equal((await door.run()).code, 0);
  });
  after(() => door.remove());

  it('params by path and value, and nothing for what is cached or not known yet', async () => {
    const told = await says('status', '--explain', '--param', 'flip=false', '--param', 'size=2');
    assert.match(
      told,
      /^make: will run, .* \(beside run \d{8}-\d{6}-\d+, 20.*\)\n {2}param look\.flip: true → false\n {2}param size: 1 → 2\nread: may run, depends on make .*\ndice: cached/,
    );
  });

  it('code by lines', async () => {
    door.write({ 'make.ts': STAGE.replace("'same')", "'same' + 1)") });
    const told = await says('status', '--explain', 'make');
    assert.match(
      told,
      /^make: will run, its code changed .*\n {2}code .*: [0-9a-f]{12} → [0-9a-f]{12}\n {6}- writeFileSync.*"same"\);\n {6}\+ writeFileSync.*"same1"\);\n$/,
    );
    door.write({ 'make.ts': STAGE });
  });

  it('code by lines, where the store lies elsewhere', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'bloodline-elsewhere-'));
    process.env['BLOODLINE_STORE'] = elsewhere;
    try {
      assert.equal((await door.run('make')).code, 0);
      door.write({ 'make.ts': STAGE.replace("'same')", "'same' + 1)") });
      assert.match(await says('status', '--explain', 'make'), / {6}- writeFileSync.*"same"\);\n {6}\+ /);
    } finally {
      delete process.env['BLOODLINE_STORE'];
      door.write({ 'make.ts': STAGE });
      rmSync(elsewhere, { recursive: true });
    }
  });

  it('inputs by the files of a folder, the environment by name and without its value', async () => {
    process.env['WHY_TEST'] = 'a secret';
    try {
      await door.run('make', '--param', 'size=3');
      const told = await says('status', '--explain', 'read', '--param', 'size=3');
      assert.match(
        told,
        /\n {2}input f: .*\n {6}- size-1\.txt\n {6}\+ size-3\.txt\n {2}environment WHY_TEST: \(none\) → [0-9a-f]{12}\n$/,
      );
      assert.doesNotMatch(told, /a secret/);
    } finally {
      delete process.env['WHY_TEST'];
    }
  });

  it('a folder of the user by its files, as it was when each record was made', async () => {
    const door = openFrontDoor({
      'pipeline.yaml': `
name: folder
stages:
  read: { command: 'ls "$BLOODLINE_INPUT_F" > "$BLOODLINE_OUTPUT_X"', inputs: { f: { path: data } }, outputs: [x] }
`,
      'data/same.txt': 'same',
      'data/sub/changes.txt': 'before',
      'data/sub/goes.txt': 'goes',
    });
    try {
      assert.equal((await door.run()).code, 0);
      door.write({ 'data/sub/changes.txt': 'after', 'data/sub/new.txt': 'new' });
      rmSync(join(door.root, 'data/sub/goes.txt'));
      const files = / input f: [^\n]*\n {6}~ sub\/changes\.txt\n {6}- sub\/goes\.txt\n {6}\+ sub\/new\.txt\n/;
      assert.match((await door.bloodline('status', '--explain', 'read')).stdout, files);
      assert.equal((await door.run()).code, 0);
      assert.match((await door.bloodline('diff', 'read~1', 'read')).stdout, files, 'of two records too');
      const listings = join(door.root, 'artifacts', 'listings');
      assert.equal(readdirSync(listings).length, 2);
      rmSync(listings, { recursive: true });
      const { code, stdout } = await door.bloodline('diff', 'read~1', 'read');
      assert.equal(code, 0);
      assert.match(stdout, / input f: [0-9a-f]{12} → [0-9a-f]{12}\n/, 'a cache');
    } finally {
      door.remove();
    }
  });

  it('a key with two results is not deterministic: history, status and diff say so, with both', async () => {
    await door.run('dice', '--force', 'dice');
    const past = await says('history', 'dice');
    assert.match(past, /^~0 .*not deterministic.*\n~1 .*not deterministic/);
    assert.match(
      await says('status', '--explain', 'dice'),
      /^dice: cached.*\n {2}not deterministic: x [0-9a-f]{12} in run .*\n {2}not deterministic: x [0-9a-f]{12} in run/,
    );
    assert.match(
      await says('diff', 'dice~1', 'dice'),
      /^dice: other bytes in x, by the same key: it is not deterministic\n$/,
    );
  });

  it('two runs, stage by stage, with their metrics', async () => {
    const [first, second] = await Promise.all(
      [7, 8].map(async (size) => {
        const { answer } = await door.run('--param', `size=${size}`);
        return String(answer.events.at(-1)?.['run']);
      }),
    );
    const told = await says('diff', first!, second!);
    assert.match(
      told,
      /^make: other bytes in f\n {2}param size: 7 → 8\n {2}metric size: 7 → 8\nread: other bytes in x\n {2}input f: /,
    );
    assert.match(told, /\ndice: the same bytes\n$/);
  });

  it('a name that is nothing', async () => {
    const { code, stderr } = await door.bloodline('diff', 'mkae', 'make');
    assert.equal(code, 2);
    assert.match(stderr, /"mkae" is no run, key or stage/);
  });
});
