import assert from 'node:assert/strict';
import { existsSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { answerOf, type FrontDoor, openFrontDoor } from '../rig/front-door.ts';
import { openPuppets, puppet } from '../rig/puppets.ts';

const PIPELINE = `
name: gc
params: { n: 1 }
profiles: { two: { n: 2 } }
stages:
  big: { command: 'head -c "$BLOODLINE_PARAM_N"000 /dev/zero | tr "\\\\0" "$BLOODLINE_PARAM_N" > "$BLOODLINE_OUTPUT_X"', params: { n: "\${n}" }, outputs: [x] }
  folder: { command: 'mkdir "$BLOODLINE_OUTPUT_F"; cp "$BLOODLINE_INPUT_X" "$BLOODLINE_OUTPUT_F/a"', inputs: { x: big.x }, outputs: [f] }
`;

describe('what may go', () => {
  let door: FrontDoor;
  beforeEach(() => {
    door = openFrontDoor({ 'pipeline.yaml': PIPELINE });
  });
  afterEach(() => door.remove());
  const gc = async (...args: string[]) => {
    const { code, stdout, stderr } = await door.bloodline('gc', '--json', ...args);
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout) as {
      records: { record: { stage: string } }[];
      bytes: number;
      left: number;
      needed: number;
    };
  };
  const all = ['--older-than', '0m', '--delete'];

  it('never what the last run of any profile needs, though nothing ran in it', async () => {
    await door.run();
    await door.run('--profile', 'two');
    await door.run('--param', 'n=3');
    // Nothing to do in this one, and yet it is the last with no profile.
    assert.deepEqual((await door.run()).ran, []);
    const planned = await gc('--older-than', '0m');
    assert.deepEqual(planned.records.map(({ record }) => record.stage).sort(), ['big', 'folder']);
    assert.equal(planned.needed, 4);
    assert.ok(planned.bytes >= 3000 && planned.bytes < 6000, `${planned.bytes}`);
    assert.equal((await gc('--older-than', '0m')).records.length, 2, 'nothing was removed');
    assert.equal((await gc(...all)).records.length, 2);
    assert.deepEqual((await door.run()).ran, []);
    assert.deepEqual((await door.run('--profile', 'two')).ran, []);
    assert.deepEqual((await door.run('--param', 'n=3')).ran, ['big', 'folder']);
    assert.equal((await door.bloodline('verify')).code, 0);
  });

  it('the oldest first, until what stays is small enough', async () => {
    for (const n of [700, 500, 600, 100]) await door.run('--param', `n=${n}`);
    const runs = () => readdirSync(join(door.root, 'artifacts', 'runs')).sort();
    const before = runs();
    // With the pages of runs, each some 10 kB.
    const { records, left } = await gc('--max-size', '850kB', '--delete');
    assert.deepEqual(
      records.map(({ record }) => record.stage),
      ['big', 'folder', 'big', 'folder'],
      '700 and 500',
    );
    assert.ok(left <= 850_000 && left > 700_000, `${left}`);
    assert.deepEqual(runs(), before.slice(2), 'pages go with their results');
    assert.deepEqual((await door.run('--param', 'n=600')).ran, []);
    assert.deepEqual((await door.run('--param', 'n=700')).ran, ['big', 'folder']);
    assert.equal((await door.bloodline('verify')).code, 0);
  });

  it('what was in a folder of the user goes with the last record of it', async () => {
    door.write({
      'pipeline.yaml': `
name: user
stages:
  read: { command: 'ls "$BLOODLINE_INPUT_D" > "$BLOODLINE_OUTPUT_X"', inputs: { d: { path: data } }, outputs: [x] }
`,
      'data/a': 'a',
    });
    await door.run();
    const folder = join(door.root, 'artifacts', 'listings');
    const first = readdirSync(folder);
    assert.equal(first.length, 1);
    door.write({ 'data/b': 'b' });
    await door.run();
    await gc();
    assert.equal(readdirSync(folder).length, 2);
    assert.equal((await gc(...all)).records.length, 1);
    assert.deepEqual(
      readdirSync(folder).filter((name) => first.includes(name)),
      [],
    );
    assert.equal(readdirSync(folder).length, 1);
  });

  it('pages of runs that made nothing go for their size, but for the newest', async () => {
    door.write({ 'bad.yaml': 'stages: { bad: { command: "exit 1", outputs: [x] } }\n' });
    await door.run();
    for (let times = 0; times < 3; times++) await door.bloodline('--file', 'bad.yaml', 'run');
    const runs = () => readdirSync(join(door.root, 'artifacts', 'runs')).sort();
    const before = runs();
    await gc('--max-size', '1MB', '--delete');
    assert.deepEqual(runs(), before);
    await gc('--max-size', '1kB', '--delete');
    assert.deepEqual(runs(), [before[0], before[3]], 'the first has results that are needed');
  });

  it('keeps what a run may be publishing, and removes what one left behind long ago', async () => {
    await door.run();
    const stray = (name: string) => join(door.root, 'artifacts', 'blobs', '00', name.repeat(62));
    await door.bloodline('run', '--param', 'n=2');
    const folder = join(
      door.root,
      'artifacts',
      'blobs',
      readdirSync(join(door.root, 'artifacts', 'blobs'))[0]!,
    );
    const fresh = join(folder, 'a'.repeat(62));
    writeFileSync(fresh, 'a run writes the record in a moment');
    utimesSync(fresh, 0, 0);
    await gc(...all);
    assert.ok(existsSync(fresh));
    assert.equal(existsSync(stray('a')), false);
  });

  it('nothing while a run is under way', async () => {
    door.write({
      'wait.sh': `${puppet('wait')}; echo x > "$BLOODLINE_OUTPUT_X"`,
      'wait.yaml': 'name: w\nstages:\n  wait: { command: [sh, wait.sh], outputs: [x] }\n',
    });
    await door.run();
    await door.run('--param', 'n=2');
    const puppets = openPuppets(door.root, ['wait']);
    try {
      const run = answerOf(door.start('--file', 'wait.yaml', 'run'));
      await puppets.heard();
      const { code, stderr } = await door.bloodline('gc', ...all);
      assert.equal(code, 2);
      assert.match(stderr, /a run is under way on this store: \d{8}-/);
      puppets.letGo('wait');
      assert.equal((await run).code, 0);
      assert.equal((await gc(...all)).records.length, 2);
    } finally {
      puppets.close();
    }
  });

  it('du says what takes the room', async () => {
    await door.run();
    const { code, stdout } = await door.bloodline('du');
    assert.equal(code, 0);
    assert.match(stdout, /^big +1 result +\d files +1(\.\d+)? kB( .*)?\nfolder +1 result/);
    assert.match(stdout, /: 1(\.\d+)? kB, of which the last runs need 1/);
  });
});
