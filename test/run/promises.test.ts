import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  realpathSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { answerOf, type FrontDoor, isGone, openFrontDoor } from '../rig/front-door.ts';

/** Three commands in a row and one beside them. `log` counts executions outside the store. */
const PIPELINE = `
name: promises
params: { word: hello }
stages:
  first:
    command: [sh, first.sh, "\${inputs.source}", "\${outputs.text}", "\${params.word}"]
    sources: [first.sh]
    inputs: { source: { path: source.txt } }
    outputs: [text]
    params: { word: "\${word}" }
  folder:
    command: [sh, folder.sh, "\${inputs.text}", "\${outputs.files}"]
    sources: [folder.sh]
    inputs: { text: first.text }
    outputs: [files]
  last:
    command: [sh, last.sh, "\${inputs.files}", "\${outputs.sum}"]
    sources: [last.sh]
    inputs: { files: folder.files }
    outputs: [sum]
  beside:
    command: [sh, beside.sh, "\${outputs.x}"]
    sources: [beside.sh]
    outputs: [x]
`;
const FILES = {
  'pipeline.yaml': PIPELINE,
  'source.txt': 'source\n',
  'first.sh': 'cat "$1" > "$2"; echo "$3" >> "$2"',
  'folder.sh': 'mkdir -p "$2/deep"; (cat "$1"; echo a) > "$2/a.txt"; (cat "$1"; echo bb) > "$2/deep/b.txt"',
  'last.sh': 'cat "$1/a.txt" "$1/deep/b.txt" | wc -c > "$2"',
  'beside.sh': 'echo x > "$1"',
};
const ALL = ['beside', 'first', 'folder', 'last'];

describe('what a run promises', () => {
  let door: FrontDoor;
  const open = (files: Readonly<Record<string, string>> = {}) => {
    door = openFrontDoor({ ...FILES, ...files });
    return door;
  };
  afterEach(() => door.remove());
  const latest = (path: string) => realpathSync(join(door.root, 'artifacts', 'latest', path));

  it('runs everything once, then nothing', async () => {
    open();
    const first = await door.run();
    assert.deepEqual([first.code, [...first.ran].sort()], [0, ALL]);
    const second = await door.run();
    assert.deepEqual([second.code, second.ran, [...second.cached].sort()], [0, [], ALL]);
    assert.equal(readFileSync(latest('last/sum'), 'utf8').trim(), '31');
    const status = await door.bloodline('status', '--exit-code');
    assert.equal(status.code, 0);
  });

  it('runs again only what a change reaches, and stops where the bytes are as before', async () => {
    open();
    await door.run();
    door.write({ 'beside.sh': 'echo x > "$1" # as before' });
    assert.deepEqual((await door.run()).ran, ['beside']);
    door.write({ 'folder.sh': `${FILES['folder.sh']} # as before` });
    assert.deepEqual((await door.run()).ran, ['folder'], 'the same bytes: last need not run');
    assert.deepEqual((await door.run('--param', 'word=hallo!')).ran, ['first', 'folder', 'last']);
    const { stdout } = await door.bloodline('status', '--param', 'word=other');
    assert.match(stdout, /^first +will run +.*word/m);
    assert.deepEqual((await door.run()).ran, [], 'the first results are still there');
  });

  it('never uses an artifact with a flipped byte: it is made again', async () => {
    for (const path of ['first/text', 'folder/files/deep/b.txt', 'last/sum']) {
      open();
      await door.run();
      const before = readFileSync(latest('last/sum'), 'utf8');
      flipByte(latest(path));
      const status = await door.bloodline('status');
      assert.match(status.stdout, /damaged or gone/);
      const again = await door.run();
      assert.deepEqual([again.code, again.ran], [0, [path.split('/')[0]]]);
      assert.ok(again.answer.events.some(({ type }) => type === 'artifact-set-aside'));
      assert.equal(readFileSync(latest('last/sum'), 'utf8'), before);
      assert.ok(readdirSync(join(door.root, 'artifacts', 'damaged')).length > 0);
      if (path !== 'last/sum') door.remove();
    }
  });

  it('does not run what is below on a tampered intermediate', async () => {
    open();
    await door.run();
    flipByte(latest('folder/files/a.txt'));
    door.write({ 'last.sh': 'cat "$1/a.txt" > "$2"' });
    const again = await door.run();
    assert.deepEqual([...again.ran].sort(), ['folder', 'last']);
    assert.equal(readFileSync(latest('last/sum'), 'utf8'), 'source\nhello\na\n');
  });

  it('fails a stage that writes to its input, keeps nothing of it, and makes the input again', async () => {
    open({ 'last.sh': 'chmod u+w "$1/a.txt"; echo more >> "$1/a.txt"; echo 1 > "$2"' });
    const spoilt = await door.run();
    assert.deepEqual([spoilt.code, spoilt.failed], [1, ['last']]);
    assert.match(spoilt.answer.stdout, /input-modified/);
    door.write({ 'last.sh': 'cat "$1/a.txt" > "$2"' });
    const again = await door.run();
    assert.deepEqual([again.code, [...again.ran].sort()], [0, ['folder', 'last']]);
    assert.equal(readFileSync(latest('last/sum'), 'utf8'), 'source\nhello\na\n');
  });

  it('stops what depends on a failed stage and nothing else, and shows the end of its log', async () => {
    open({ 'first.sh': 'echo about to fail; exit 3' });
    const failed = await door.run();
    assert.deepEqual([failed.code, failed.ran, failed.failed], [1, ['beside'], ['first']]);
    assert.deepEqual([...failed.skipped].sort(), ['folder', 'last']);
    const { stdout, stderr } = await door.bloodline('run');
    assert.match(stdout + stderr, /about to fail/);
  });

  it('refuses what cannot be kept', async () => {
    for (const [script, reason] of [
      ['true', 'output-missing'],
      ['ln -s /etc/hostname "$1"', 'output-unusable'],
      ['mkfifo "$1"', 'output-unusable'],
      ['mkdir "$1"; ln -s nowhere "$1/link"', 'output-unusable'],
    ] as const) {
      open({ 'beside.sh': script });
      const { code, failed, answer } = await door.run('beside');
      assert.deepEqual([code, failed], [1, ['beside']]);
      assert.match(answer.stdout, new RegExp(reason));
      door.remove();
    }
    open();
  });

  it('shows nothing half-done after it was killed, and goes on from what was finished', async () => {
    open({
      'folder.sh':
        'mkdir "$2"; for i in 1 2 3 4 5; do echo $i > "$2/$i"; done; touch started; while true; do sleep 0.05; done',
    });
    const child = door.start('run');
    const ended = answerOf(child);
    await appears(join(door.root, 'started'));
    child.kill('SIGKILL');
    await ended;
    assert.equal(existsSync(join(door.root, 'artifacts', 'latest', 'folder')), false);
    door.write({ 'folder.sh': FILES['folder.sh'] });
    const again = await door.run();
    assert.deepEqual([again.code, again.ran.filter((id) => id !== 'beside')], [0, ['folder', 'last']]);
    assert.deepEqual(readdirSync(join(door.root, 'artifacts', 'tmp')), []);
  });

  it('ends cleanly on Ctrl-C: children gone, what was finished is kept', async () => {
    open({ 'folder.sh': 'echo $$ > pid; touch started; sleep 60 & wait' });
    const child = door.start('run');
    const ended = answerOf(child);
    await appears(join(door.root, 'started'));
    child.kill('SIGINT');
    assert.equal((await ended).code, 130);
    const pid = Number(readFileSync(join(door.root, 'pid'), 'utf8'));
    assert.ok(isGone(pid));
    door.write({ 'folder.sh': FILES['folder.sh'] });
    const again = await door.run();
    assert.ok(again.cached.includes('first'));
    assert.equal(again.code, 0);
  });

  it('forces what it is told to, and what is below only with --from', async () => {
    open();
    await door.run();
    assert.deepEqual((await door.run('--force', 'first')).ran, ['first']);
    assert.deepEqual((await door.run('--from', 'folder')).ran, ['folder', 'last']);
  });

  it('plans without running: --dry-run and status touch nothing', async () => {
    open();
    const dry = await door.bloodline('run', '--dry-run');
    assert.equal(dry.code, 0);
    assert.match(dry.stdout, /^first +will run +never ran/m);
    assert.equal((await door.bloodline('status', '--exit-code')).code, 1);
    assert.equal(existsSync(join(door.root, 'artifacts', 'latest')), false);
  });

  it('takes two runs of one pipeline at the same time', async () => {
    open();
    const answers = await Promise.all([door.run(), door.run()]);
    assert.deepEqual(
      answers.map(({ code }) => code),
      [0, 0],
    );
    assert.deepEqual((await door.run()).ran, []);
  });
});

/** As a bad disk would: the size and the time of the last change are as before. */
function flipByte(path: string): void {
  const { atime, mtime } = lstatSync(path);
  const bytes = readFileSync(path);
  bytes[0]! ^= 1;
  chmodSync(path, 0o644);
  writeFileSync(path, bytes);
  utimesSync(path, atime, mtime);
}

async function appears(path: string): Promise<void> {
  const timer = setTimeout(() => {
    throw new Error(`${path} did not appear in 30 s`);
  }, 30_000);
  while (!existsSync(path)) await new Promise((resolve) => setTimeout(resolve, 10));
  clearTimeout(timer);
}
