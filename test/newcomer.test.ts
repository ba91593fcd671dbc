/** What someone new to the program meets: slips of the hand, odd folders, a second look. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { duration, namedFigure, timeLeft } from '../src/log/sentences.ts';
import { openFrontDoor } from './rig/front-door.ts';

const door = openFrontDoor({});
after(() => door.remove());

describe('a slip of the hand is answered', () => {
  it('a number of jobs that is none', async () => {
    const { code, stderr } = await door.bloodline('run', '--jobs', '0');
    assert.equal(code, 2);
    assert.match(stderr, /--jobs <n>' argument '0' is invalid. Expected a whole number from 1 up/);
  });
  it('a mistyped verb of the engine', async () => {
    const { code, stderr } = await door.bloodline('engine', 'instal');
    assert.equal(code, 2);
    assert.match(stderr, /Did you mean install\?/);
  });
  it('a file where init wants a folder', async () => {
    writeFileSync(join(door.root, 'taken'), '');
    const { code, stderr } = await door.bloodline('init', 'taken');
    assert.equal(code, 2);
    assert.match(stderr, /no project can be made in .*taken/);
  });
});

it('doctor in an empty folder says what to do and leaves nothing behind', async () => {
  const before = readdirSync(door.root);
  const { code, stdout } = await door.bloodline('doctor');
  assert.equal(code, 1);
  assert.match(stdout, /broken +pipeline +there is no file .*`bloodline init DIR` makes/);
  assert.deepEqual(readdirSync(door.root), before);
});

it('init gives the command that goes on, in quotes where the shell needs them; a second run names the page of the first', async () => {
  const { stdout } = await door.bloodline('init', 'sp ace 🩸');
  assert.match(stdout, /cd 'sp ace 🩸' && npx bloodline run/);
  const first = await door.bloodline('-C', 'sp ace 🩸', 'run');
  const page = /The run's page: (.*)/.exec(first.stdout)?.[1];
  assert.ok(page);
  const second = await door.bloodline('-C', 'sp ace 🩸', 'run');
  assert.equal(second.stdout, `The last run's page: ${page}\n`);
  const other = await door.bloodline('-C', 'sp ace 🩸', 'run', '--profile', 'quick', '--json');
  const again = await door.bloodline('-C', 'sp ace 🩸', 'run', '--profile', 'quick', '--json');
  assert.deepEqual(again.events.at(-1)?.['ran'], []);
  assert.equal(again.events.at(-1)?.['page'], other.events.at(-1)?.['page']);
});

it('a reader that goes away ends a run cleanly, and is no error of a verb that only tells', async () => {
  await door.bloodline('init', 'piped');
  const cwd = join(door.root, 'piped');
  const piped = (command: string) =>
    spawnSync('bash', ['-c', `${command} | head -1; echo "ended \${PIPESTATUS[0]}"`], {
      cwd,
      encoding: 'utf8',
    });
  const cut = piped('node_modules/.bin/bloodline run --json');
  assert.match(cut.stdout, /^\{"type":"run-started".*\nended 141\n$/);
  assert.doesNotMatch(cut.stderr, /EPIPE|^ {4}at /m);
  const { code, stdout } = await door.bloodline('-C', 'piped', 'run');
  assert.equal(code, 0, stdout);
  const told = piped('node_modules/.bin/bloodline dag --format svg');
  assert.match(told.stdout, /ended 0\n$/);
  assert.equal(told.stderr, '');
});

it('a full disk is said in plain words', async (t) => {
  await door.bloodline('init', 'full');
  const inSmallDisk = (command: string) =>
    spawnSync('unshare', ['-rm', 'sh', '-c', `mount -t tmpfs -o size=64k none artifacts && ${command}`], {
      cwd: join(door.root, 'full'),
      encoding: 'utf8',
    });
  mkdirSync(join(door.root, 'full', 'artifacts'));
  if (inSmallDisk('true').status !== 0) return t.skip('this machine lets nobody mount a small disk');
  const { status, stderr } = inSmallDisk(
    'head -c 100000 /dev/zero > artifacts/fill 2> /dev/null; node_modules/.bin/bloodline run',
  );
  assert.equal(status, 1, stderr);
  assert.match(stderr, /the store cannot be used: ENOSPC.*\n {2}The disk is full: make room and run again/);
});

it('init where no folder can be made', { skip: !existsSync('/proc/self') && 'no /proc here' }, async () => {
  const { code, stderr } = await door.bloodline('init', '/proc/a/b');
  assert.equal(code, 2);
  assert.equal(stderr, "no project can be made in /proc/a/b: folders can't be made in /proc\n");
});

it('a store that is read-only is looked at and used, and says so where it lacks something', async (t) => {
  const inReadOnly = (command: string) =>
    spawnSync(
      'unshare',
      ['-rm', 'sh', '-c', `mount --bind . . && mount -o remount,ro,bind . && ${command}`],
      { cwd: join(door.root, 'still'), encoding: 'utf8' },
    );
  await door.bloodline('init', 'still');
  if (inReadOnly('! touch artifacts 2> /dev/null').status !== 0)
    return t.skip('this machine lets nobody mount a folder read-only');
  const bloodline = 'node_modules/.bin/bloodline';
  const never = inReadOnly(`cd "$PWD" && ${bloodline} status`);
  assert.match(never.stdout, /^draw +will run +never ran/);
  assert.equal((await door.bloodline('-C', 'still', 'run')).code, 0);
  for (const verb of ['status', 'show sort', 'dag', 'run', 'run --dry-run']) {
    const { status, stderr } = inReadOnly(`cd "$PWD" && ${bloodline} ${verb}`);
    assert.equal(status, 0, `${verb}: ${stderr}`);
  }
  const { status, stderr } = inReadOnly(`cd "$PWD" && ${bloodline} run --param count=3`);
  assert.equal(status, 1);
  assert.match(
    stderr,
    /it is read-only, and lacks the results of draw, sort, summarize \(EROFS.*\)\n {2}what is in it/,
  );
});

it('durations carry over', () => {
  assert.deepEqual([900, 999.7, 12_340, 59_970, 119_900, 132_000, 7_200_000].map(duration), [
    '900 ms',
    '1.0 s',
    '12.3 s',
    '1 min 0 s',
    '2 min 0 s',
    '2 min 12 s',
    '2 h 0 min',
  ]);
  assert.equal(namedFigure('seconds left', 132), '2 min 12 s left');
  assert.deepEqual([10, 6_020, 59_500, 132_400].map(timeLeft), [
    '1 s left',
    '7 s left',
    '1 min 0 s left',
    '2 min 12 s left',
  ]);
});
