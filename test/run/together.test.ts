import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { isHeld, tryLock, waitForLock } from '../../src/store/lock.ts';
import { answerOf, type FrontDoor, openFrontDoor } from '../rig/front-door.ts';
import { openPuppets, puppet } from '../rig/puppets.ts';

describe('several runs on one store', () => {
  let door: FrontDoor;
  afterEach(() => door.remove());
  const said = () => readFileSync(join(door.root, 'said.txt'), 'utf8').trim().split('\n').sort();
  const locks = () => {
    const folder = join(door.root, 'artifacts', 'locks');
    return existsSync(folder) ? readdirSync(folder) : [];
  };

  it('eight at once do each stage once', async () => {
    const stage = (name: string, more: string) =>
      `  ${name}: { command: 'echo ${name} >> said.txt; sleep 0.1; echo ${name} > "$BLOODLINE_OUTPUT_X"', outputs: [x]${more} }\n`;
    door = openFrontDoor({
      'pipeline.yaml': `name: eight\nstages:\n${stage('a', '')}${stage('b', '')}${stage('c', ', inputs: { a: a.x, b: b.x }')}${stage('d', ', inputs: { c: c.x }')}${stage('e', ', inputs: { a: a.x }')}`,
    });
    const runs = await Promise.all(Array.from({ length: 8 }, () => door.run()));
    for (const { code, answer } of runs) assert.equal(code, 0, answer.stdout + answer.stderr);
    assert.deepEqual(said(), ['a', 'b', 'c', 'd', 'e']);
    const ran = runs.flatMap((run) => run.ran).sort();
    assert.deepEqual(ran, ['a', 'b', 'c', 'd', 'e'], 'each by one of them');
    for (const run of runs) assert.equal(run.ran.length + run.cached.length, 5);
    assert.deepEqual(locks(), []);
  });

  it('eight at once of which seven are killed: the last ends with the bytes of an undisturbed run', async () => {
    const stage = (name: string, more: string) =>
      `  ${name}: { command: 'for i in 1 2 3 4 5 6; do echo $i >> "$BLOODLINE_OUTPUT_X"; sleep 0.05; done', outputs: [x]${more} }\n`;
    const files = {
      'pipeline.yaml': `name: heirs\nstages:\n${stage('a', '')}${stage('b', '')}${stage('c', ', inputs: { a: a.x, b: b.x }')}${stage('d', ', inputs: { c: c.x }')}`,
    };
    for (let round = 0; round < (process.env.BLOODLINE_LONG ? 20 : 1); round++) {
      door = openFrontDoor(files);
      const runs = Array.from({ length: 8 }, () => door.start('run', '--json'));
      const ends = runs.map(answerOf);
      for (const [at, run] of runs.slice(0, 7).entries()) {
        await pause(150 + 70 * at * Math.random());
        run.kill('SIGKILL');
      }
      const { code, events } = await ends[7]!;
      assert.equal(code, 0);
      const { ran, cached } = events.at(-1) as unknown as { ran: string[]; cached: string[] };
      assert.deepEqual([...ran, ...cached].sort(), ['a', 'b', 'c', 'd']);
      for (const name of ['a', 'b', 'c', 'd'])
        assert.equal(
          readFileSync(join(door.root, 'artifacts', 'latest', name, 'x'), 'utf8'),
          '1\n2\n3\n4\n5\n6\n',
        );
      assert.equal((await door.bloodline('verify')).code, 0);
      assert.deepEqual((await door.run()).ran, []);
      if (process.env.BLOODLINE_LONG) door.remove();
    }
  });

  it('two checkouts share one store: what one made the other uses', async () => {
    const files = {
      'pipeline.yaml': `name: shared\nstages:\n  a: { command: 'cat "$BLOODLINE_INPUT_T" > "$BLOODLINE_OUTPUT_X"', inputs: { t: { path: t.txt } }, outputs: [x] }\n`,
      't.txt': 'text\n',
    };
    door = openFrontDoor(files);
    const other = openFrontDoor(files);
    process.env.BLOODLINE_STORE = join(door.root, 'artifacts');
    try {
      assert.deepEqual((await door.run()).ran, ['a']);
      assert.deepEqual((await other.run()).cached, ['a']);
      other.write({ 't.txt': 'other\n' });
      const both = await Promise.all([other.run(), door.run()]);
      assert.deepEqual(
        both.map(({ ran }) => ran),
        [['a'], []],
      );
    } finally {
      delete process.env.BLOODLINE_STORE;
      other.remove();
    }
  });

  it('one waits for the other, says so, and does the work itself when that one dies', async () => {
    door = openFrontDoor({
      'pipeline.yaml':
        'name: heir\nstages:\n  work: { command: [sh, work.sh], sources: [work.sh], outputs: [x] }\n',
      'work.sh': `${puppet('work')}; echo done > "$BLOODLINE_OUTPUT_X"`,
    });
    const puppets = openPuppets(door.root, ['work']);
    try {
      const first = door.start('run', '--json');
      const firstEnded = answerOf(first);
      await puppets.heard();
      const second = door.start('run', '--json');
      const secondEnded = answerOf(second);
      const waits = new Promise<void>((resolve) =>
        second.stdout!.on('data', (text: string) => text.includes('"stage-waits"') && resolve()),
      );
      await waits;
      first.kill('SIGKILL');
      await firstEnded;
      assert.equal(await puppets.heard(), 'work', 'it begins anew');
      puppets.letGo('work');
      const { code, events } = await secondEnded;
      assert.equal(code, 0);
      assert.deepEqual(events.at(-1)?.['ran'], ['work']);
      assert.match(String(events.find(({ type }) => type === 'stage-waits')?.['run']), /^\d{8}-\d{6}-\d+$/);
      assert.deepEqual(
        locks().filter((name) => !name.startsWith('run-')),
        [],
      );
    } finally {
      puppets.close();
    }
  });

  it('a failure is nobody else’s: who waited tries it too', async () => {
    door = openFrontDoor({
      'pipeline.yaml':
        'name: f\nstages:\n  work: { command: [sh, work.sh], sources: [work.sh], outputs: [x] }\n',
      'work.sh': 'echo work >> said.txt; sleep 0.2; exit 3',
    });
    const runs = await Promise.all([door.run(), door.run()]);
    assert.deepEqual(
      runs.map(({ code }) => code),
      [1, 1],
    );
    assert.deepEqual(said(), ['work', 'work']);
  });

  it('a lock is taken over by one of all who find its holder dead', async () => {
    door = openFrontDoor({});
    const wish = { root: door.root, name: 'stage-x', run: 'test' };
    door.write({
      'locks/stage-x': JSON.stringify({
        host: 'another',
        pid: 1,
        started: null,
        id: 'elsewhere',
        run: 'far',
      }),
      'tmp/x': '',
    });
    const far = tryLock(wish);
    assert.ok(!isHeld(far) && far.run === 'far', 'one on another machine is believed');
    door.write({ 'locks/stage-x': 'half a lo' });
    const held = tryLock(wish);
    assert.ok(isHeld(held), 'what is no lock is none');
    const waiting = [1, 2, 3].map(() => waitForLock(wish, { signal: AbortSignal.timeout(10_000) }));
    held.release();
    let inside = 0;
    await Promise.all(
      waiting.map(async (one) => {
        const lock = await one;
        assert.ok(lock !== null);
        inside += 1;
        assert.equal(inside, 1, 'one at a time');
        await new Promise((resolve) => setTimeout(resolve, 20));
        inside -= 1;
        lock.release();
      }),
    );
    const aborted = tryLock(wish);
    assert.ok(isHeld(aborted));
    assert.equal(await waitForLock(wish, { signal: AbortSignal.timeout(50) }), null);
    aborted.release();
  });
});
