import assert from 'node:assert/strict';
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { sha256 } from '../../src/digest.ts';
import { variableDigest } from '../../src/plan/variable-digest.ts';
import { type FrontDoor, openFrontDoor } from '../rig/front-door.ts';

describe('pipelines of strangers, and secrets of ours', () => {
  let door: FrontDoor;
  afterEach(() => door.remove());

  it('no stage’s code runs on status, dag, show, history, gc or a dry run', async () => {
    const mark = "import { writeFileSync } from 'node:fs';\nwriteFileSync('was-run', '');\n";
    door = openFrontDoor({
      'pipeline.yaml':
        'name: s\nstages:\n  ts: { run: ts.ts }\n  sh: { command: "touch was-run", outputs: [x], inputs: { x: ts.x } }\n',
      'ts.ts': `${mark}export const outputs = ['x'];\nexport default async function run(stage) { writeFileSync(stage.output('x'), ''); }\n`,
    });
    door.linkPackage();
    const ran = () => existsSync(join(door.root, 'was-run'));
    for (const args of [
      ['status'],
      ['status', '--explain'],
      ['dag'],
      ['show', 'ts'],
      ['history', 'ts'],
      ['gc'],
      ['run', '--dry-run'],
    ]) {
      const { code, stderr } = await door.bloodline(...args);
      assert.ok(code !== null && code < 70, stderr);
      assert.equal(ran(), false, args.join(' '));
    }
    await door.bloodline('run');
    assert.equal(ran(), true, 'only a run does');
  });

  it('the value of an allowed variable is in no record, event, log or page; its slow digest is in the record', async () => {
    const secret = 'a-value-that-nobody-may-read';
    door = openFrontDoor({
      'pipeline.yaml':
        'name: s\nstages:\n  uses: { command: \'test -n "$OUR_TOKEN" && echo used > "$BLOODLINE_OUTPUT_X"\', env: [OUR_TOKEN], outputs: [x] }\n',
    });
    process.env['OUR_TOKEN'] = secret;
    try {
      const { code, answer } = await door.run();
      assert.equal(code, 0, answer.stderr);
      const said = [answer];
      for (const args of [
        ['status', '--explain'],
        ['show', 'uses', '--json'],
        ['history', 'uses', '--json'],
      ])
        said.push(await door.bloodline(...args));
      process.env['OUR_TOKEN'] = `${secret}-2`;
      said.push(await door.bloodline('status', '--explain'));
      for (const { stdout, stderr } of said) assert.ok(!(stdout + stderr).includes(secret));
      assert.match(said.at(-1)!.stdout, /OUR_TOKEN/, 'which variable changed is told');
      const store = join(door.root, 'artifacts');
      const texts = readdirSync(store, { recursive: true, encoding: 'utf8' })
        .map((name) => join(store, name))
        .filter((path) => lstatSync(path).isFile())
        .map((path) => readFileSync(path, 'utf8'));
      assert.ok(texts.length >= 5);
      assert.ok(!texts.some((text) => text.includes(secret)));
      assert.ok(!texts.some((text) => text.includes(sha256(secret))), 'it could be guessed from that');
      assert.ok(texts.some((text) => text.includes(variableDigest('OUR_TOKEN', secret))));
    } finally {
      delete process.env['OUR_TOKEN'];
    }
  });
});
