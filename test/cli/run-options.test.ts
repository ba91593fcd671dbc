import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { type FrontDoor, openFrontDoor } from '../rig/front-door.ts';

const PIPELINE = `
name: options
params: { word: hello }
profiles: { loud: { word: HELLO } }
stages:
  bad: { command: [sh, bad.sh], sources: [bad.sh], outputs: [x] }
  first: { command: [cp, "\${inputs.t}", "\${outputs.x}"], sources: [], inputs: { t: { path: text.txt } }, outputs: [x] }
  last: { command: [cp, "\${inputs.x}", "\${outputs.y}"], sources: [], inputs: { x: first.x }, outputs: [y] }
`;

describe('options of run', () => {
  let door: FrontDoor;
  beforeEach(() => {
    door = openFrontDoor({ 'pipeline.yaml': PIPELINE, 'text.txt': 'one\n', 'bad.sh': 'exit 1' });
  });
  afterEach(() => door.remove());
  const latest = (path: string) => readFileSync(join(door.root, 'artifacts', 'latest', path), 'utf8');

  it('--only runs the stages named and nothing that they need', async () => {
    const refused = await door.bloodline('run', 'last', '--only');
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /--only: it needs first, whose results are not in the store/);
    await door.run('first');
    assert.deepEqual((await door.run('last', '--only')).ran, ['last']);
    assert.match((await door.bloodline('run', '--only')).stderr, /--only needs the names of stages/);
  });

  it('--fail-fast starts nothing after a failure, --keep-going what does not depend on it', async () => {
    const fast = await door.run('--fail-fast', '--jobs', '1');
    // The longest way to an end goes first, then as written.
    assert.deepEqual([fast.code, fast.ran, fast.failed], [1, ['first'], ['bad']]);
    const going = await door.run('--keep-going', '--jobs', '1');
    assert.deepEqual([going.code, going.ran, going.failed], [1, ['last'], ['bad']]);
    const both = await door.bloodline('run', '--fail-fast', '--keep-going');
    assert.match(both.stderr, /cannot be used with/);
  });

  it('--watch runs again when a file changed, and ends with Ctrl-C', async () => {
    const child = door.start('run', 'last', '--watch');
    let told = '';
    const waiting = async (times: number) => {
      while (told.split('Waiting for a change').length <= times) await once(child.stderr!, 'data');
    };
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      told += text;
    });
    try {
      await waiting(1);
      assert.equal(latest('last/y'), 'one\n');
      door.write({ 'text.txt': 'two\n' });
      await waiting(2);
      assert.equal(latest('last/y'), 'two\n');
      assert.match(told, /\ntext\.txt changed\.\n/);
      child.kill('SIGINT');
      const [code] = await once(child, 'exit');
      assert.equal(code, 130);
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('completion knows verbs, options, stages and profiles', async () => {
    const words = async (...line: string[]) =>
      (await door.bloodline('completion', 'words', '--', ...line)).stdout.trim().split('\n');
    assert.ok((await words()).includes('status'));
    const run = await words('run');
    for (const word of ['first', 'last', '--profile', '--watch']) assert.ok(run.includes(word), word);
    assert.deepEqual(await words('run', '--profile'), ['loud']);
    assert.deepEqual(await words('run', '--param'), ['word=']);
    assert.deepEqual(await words('nonsense'), ['']);
    for (const shell of ['bash', 'zsh', 'fish']) {
      const { code, stdout } = await door.bloodline('completion', shell);
      assert.equal(code, 0);
      assert.match(stdout, /bloodline completion words/);
      if (!existsSync(`/bin/${shell}`) && !existsSync(`/usr/bin/${shell}`)) continue;
      const { status, stderr } = spawnSync(shell, ['-n'], { input: stdout, encoding: 'utf8' });
      assert.equal(status, 0, stderr);
    }
    assert.match((await door.bloodline('completion', 'tcsh')).stderr, /bash, zsh and fish have one/);
  });
});
