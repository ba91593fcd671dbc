import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { answerOf, type FrontDoor, isGone, openFrontDoor, untilGone } from '../rig/front-door.ts';
import { openPuppets, type Puppets, puppet } from '../rig/puppets.ts';

/** A stage with a child of its own; both say who they are, and nobody reads their output when the runner is gone. */
const FAMILY = `sleep 300 & echo "$$ $!" > pids; ${puppet('family')}; wait`;

describe('what a run leaves running', () => {
  let door: FrontDoor;
  let puppets: Puppets;
  beforeEach(() => {
    door = openFrontDoor({
      'pipeline.yaml': `
name: leftovers
stages:
  done: { command: [sh, done.sh], sources: [done.sh], outputs: [x] }
  family:
    command: [sh, family.sh]
    sources: [family.sh]
    inputs: { x: done.x }
    outputs: [x]
`,
      'done.sh': 'echo done > "$BLOODLINE_OUTPUT_X"',
      'family.sh': FAMILY,
    });
    puppets = openPuppets(door.root, ['family']);
  });
  afterEach(() => {
    puppets.close();
    for (const pid of pids()) if (!isGone(pid)) process.kill(pid, 'SIGKILL');
    door.remove();
  });
  const pids = (): number[] => {
    const file = join(door.root, 'pids');
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split(' ').map(Number) : [];
  };
  const notes = (): string[] => {
    const tmp = join(door.root, 'artifacts', 'tmp');
    return readdirSync(tmp).flatMap((name) => {
      const note = join(tmp, name, 'child.json');
      return existsSync(note) ? [note] : [];
    });
  };
  const areGone = () => pids().map(isGone);

  it('after Ctrl-C: nothing, and what was done is kept', async () => {
    const child = door.start('run', '--json');
    const ended = answerOf(child);
    await puppets.heard();
    assert.deepEqual(areGone(), [false, false]);
    child.kill('SIGINT');
    const { code, events } = await ended;
    assert.equal(code, 130);
    assert.deepEqual(areGone(), [true, true]);
    assert.deepEqual(events.at(-1)?.['ran'], ['done']);
    door.write({ 'family.sh': 'cp "$BLOODLINE_INPUT_X" "$BLOODLINE_OUTPUT_X"' });
    const next = await door.run();
    assert.deepEqual([next.code, next.cached, next.ran], [0, ['done'], ['family']]);
  });

  it('after SIGTERM: nothing, and exit code 143', async () => {
    const child = door.start('run', '--json');
    const ended = answerOf(child);
    await puppets.heard();
    child.kill('SIGTERM');
    assert.equal((await ended).code, 143);
    assert.deepEqual(areGone(), [true, true]);
  });

  it('after a second Ctrl-C, which ends all at once: nothing', { timeout: 60_000 }, async () => {
    door.write({ 'family.sh': `trap '' TERM; ${FAMILY}` });
    const child = door.start('run', '--json');
    const ended = answerOf(child);
    await puppets.heard();
    child.kill('SIGINT');
    const again = setInterval(() => child.kill('SIGINT'), 100);
    const { code, events } = await ended;
    clearInterval(again);
    assert.equal(code, 130);
    assert.notEqual(events.at(-1)?.type, 'run-finished', 'it did not wait for the grace of a stage');
    assert.equal(pids().length, 2);
    for (const pid of pids()) await untilGone(pid);
  });

  it('after kill -9: what the next run ends, and its folder goes', async () => {
    const child = door.start('run', '--json');
    const ended = answerOf(child);
    await puppets.heard();
    child.kill('SIGKILL');
    assert.equal((await ended).code, null);
    // As if it had been killed between the start of the stage and its note.
    for (const note of notes()) rmSync(note);
    assert.deepEqual(areGone(), [false, false], 'nobody ended them yet');
    door.write({ 'family.sh': 'cp "$BLOODLINE_INPUT_X" "$BLOODLINE_OUTPUT_X"' });
    const next = await door.run();
    assert.deepEqual([next.code, next.cached, next.ran], [0, ['done'], ['family']]);
    assert.deepEqual(areGone(), [true, true]);
    assert.deepEqual(readdirSync(join(door.root, 'artifacts', 'tmp')), []);
  });

  it('after kill -9, of a stage that wrote over its environment: what the next run ends by its note', async () => {
    door.write({ 'family.sh': `exec env -i PATH="$PATH" sh -c '${FAMILY}'` });
    const child = door.start('run', '--json');
    const ended = answerOf(child);
    await puppets.heard();
    while (notes().length === 0) await pause(10);
    child.kill('SIGKILL');
    await ended;
    assert.deepEqual(areGone(), [false, false]);
    assert.equal((await door.run('done', '--force', 'done')).code, 0);
    assert.deepEqual(areGone(), [true, true]);
  });

  it('a stage of a runner that still runs is left alone by another run', async () => {
    const first = answerOf(door.start('run', '--json'));
    await puppets.heard();
    assert.deepEqual((await door.run('done', '--force', 'done')).ran, ['done']);
    assert.deepEqual(areGone(), [false, false]);
    process.kill(pids()[1]!, 'SIGKILL');
    puppets.letGo('family');
    const { events } = await first;
    const failure = events.find(({ type }) => type === 'stage-failed')?.['failure'];
    assert.equal((failure as Record<string, unknown>)['reason'], 'output-missing', 'it came to its end');
  });

  it('a TypeScript stage ends by itself when its runner is killed', async () => {
    door.linkPackage();
    door.write({
      'pipeline.yaml': 'name: orphan\nstages:\n  talks: { run: talks.ts }\n',
      'talks.ts': `
import { renameSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
export const outputs = ['x'];
export default async function run({ warn }) {
  writeFileSync('pids.new', String(process.pid));
  renameSync('pids.new', 'pids');
  for (;;) { warn('still here'); await pause(20); }
}
`,
    });
    const child = door.start('run', '--json');
    const ended = answerOf(child);
    while (pids().length === 0) await pause(20);
    child.kill('SIGKILL');
    assert.equal((await ended).code, null);
    await untilGone(pids()[0]!);
  });
});
