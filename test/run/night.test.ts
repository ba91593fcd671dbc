import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Schedule } from '../../src/pipeline/pipeline.ts';
import { due } from '../../src/schedule/due.ts';
import { named } from '../../src/schedule/entry.ts';
import { answerOf, type FrontDoor, openFrontDoor } from '../rig/front-door.ts';
import { openPuppets, puppet } from '../rig/puppets.ts';

const nightly = (more: Partial<Schedule> = {}): Schedule => ({
  name: 'nightly',
  cron: '30 2 * * *',
  timezone: 'Europe/Berlin',
  profile: null,
  catchUp: 'last',
  overlap: 'refuse',
  keep: null,
  ...more,
});

describe('when a schedule is due', () => {
  // What was dealt with, now, the time that is due, and up to where times are dealt with then.
  const cases: readonly (readonly [string, Partial<Schedule>, string | null, string, string | null])[] = [
    ['new: its first time is yet to come', {}, null, '2026-06-10T12:00:00Z', null],
    ['before its time', {}, '2026-06-10T00:30:00Z', '2026-06-11T00:29:59Z', null],
    ['at its time', {}, '2026-06-10T00:30:00Z', '2026-06-11T00:30:00Z', '2026-06-11T00:30:00Z'],
    ['once', {}, '2026-06-11T00:30:00Z', '2026-06-11T00:31:00Z', null],
    ['three missed: the last', {}, '2026-06-10T00:30:00Z', '2026-06-13T10:00:00Z', '2026-06-13T00:30:00Z'],
    [
      'three missed: each',
      { catchUp: 'all' },
      '2026-06-10T00:30:00Z',
      '2026-06-13T10:00:00Z',
      '2026-06-11T00:30:00Z',
    ],
    ['three missed: none', { catchUp: 'none' }, '2026-06-10T00:30:00Z', '2026-06-13T10:00:00Z', null],
    [
      'a little late is not missed',
      { catchUp: 'none' },
      '2026-06-10T00:30:00Z',
      '2026-06-11T00:35:00Z',
      '2026-06-11T00:30:00Z',
    ],
    [
      'to summer time: half past two is left out, and comes at three',
      {},
      '2026-03-28T01:30:00Z',
      '2026-03-29T01:00:00Z',
      '2026-03-29T01:00:00Z',
    ],
    [
      'to winter time: half past two comes twice, and counts once',
      {},
      '2026-10-24T00:30:00Z',
      '2026-10-25T00:30:00Z',
      '2026-10-25T00:30:00Z',
    ],
    ['to winter time: not again', {}, '2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z', null],
    ['the day after', {}, '2026-10-25T00:30:00Z', '2026-10-26T01:30:00Z', '2026-10-26T01:30:00Z'],
    [
      'another zone',
      { timezone: 'America/New_York' },
      '2026-03-07T07:30:00Z',
      '2026-03-08T07:00:00Z',
      '2026-03-08T07:00:00Z',
    ],
    [
      'to winter time: neither at the second half past two, all missed',
      { catchUp: 'all' },
      '2026-10-25T00:30:00Z',
      '2026-10-25T01:29:59Z',
      null,
    ],
    [
      'New York, to summer time: the second half of the gap is at its end too',
      { timezone: 'America/New_York', cron: '59 2 * * *' },
      '2026-03-07T07:59:00Z',
      '2026-03-08T07:00:00Z',
      '2026-03-08T07:00:00Z',
    ],
    [
      'New York, to winter time: half past one comes twice, and counts once',
      { timezone: 'America/New_York', cron: '30 1 * * *' },
      '2026-10-31T05:30:00Z',
      '2026-11-01T05:30:00Z',
      '2026-11-01T05:30:00Z',
    ],
    [
      'New York, to winter time: not again',
      { timezone: 'America/New_York', cron: '30 1 * * *' },
      '2026-11-01T05:30:00Z',
      '2026-11-01T06:30:00Z',
      null,
    ],
    [
      'a zone half an hour off',
      { timezone: 'Asia/Kolkata' },
      '2026-03-27T21:00:00Z',
      '2026-03-28T21:00:00Z',
      '2026-03-28T21:00:00Z',
    ],
    [
      'half an hour of summer time: a quarter past two is left out, and is half past two',
      { timezone: 'Australia/Lord_Howe', cron: '15 2 * * *' },
      '2026-10-02T15:45:00Z',
      '2026-10-03T15:30:00Z',
      '2026-10-03T15:30:00Z',
    ],
    [
      'half an hour of summer time: a quarter to two comes twice, and counts once',
      { timezone: 'Australia/Lord_Howe', cron: '45 1 * * *' },
      '2026-04-04T14:45:00Z',
      '2026-04-04T15:15:00Z',
      null,
    ],
    [
      'the leap day',
      { cron: '0 0 29 2 *', timezone: 'UTC', catchUp: 'all' },
      '2024-02-29T00:00:00Z',
      '2028-03-01T00:00:00Z',
      '2028-02-29T00:00:00Z',
    ],
    [
      'missed across the change, each: the last days of winter time',
      { catchUp: 'all' },
      '2026-03-27T01:30:00Z',
      '2026-03-31T00:00:00Z',
      '2026-03-28T01:30:00Z',
    ],
    [
      'missed across the change, each: then the day of the change',
      { catchUp: 'all' },
      '2026-03-28T01:30:00Z',
      '2026-03-31T00:00:00Z',
      '2026-03-29T01:00:00Z',
    ],
    [
      'missed across the change, each: then summer time',
      { catchUp: 'all' },
      '2026-03-29T01:00:00Z',
      '2026-03-31T00:00:00Z',
      '2026-03-30T00:30:00Z',
    ],
    [
      'missed across the change: the last',
      {},
      '2026-03-27T01:30:00Z',
      '2026-03-31T00:00:00Z',
      '2026-03-30T00:30:00Z',
    ],
    [
      'missed across the change: none',
      { catchUp: 'none' },
      '2026-03-27T01:30:00Z',
      '2026-03-31T00:00:00Z',
      null,
    ],
    [
      'a zone without summer time',
      { timezone: 'Asia/Tokyo' },
      '2026-03-27T17:30:00Z',
      '2026-03-28T17:30:00Z',
      '2026-03-28T17:30:00Z',
    ],
    [
      'workdays',
      { cron: '0 6 * * 1-5', timezone: 'UTC' },
      '2026-06-12T06:00:00Z',
      '2026-06-14T23:00:00Z',
      null,
    ],
  ];
  for (const [what, more, handled, now, slot] of cases)
    it(what, () => {
      const found = due(nightly(more), handled === null ? null : new Date(handled), new Date(now));
      assert.equal(found.slot?.toISOString() ?? null, slot === null ? null : new Date(slot).toISOString());
      assert.ok(found.next === null || found.next > new Date(now));
    });
});

const PIPELINE = `
name: night
params: { score: 0.9 }
profiles: { weak: { score: 0.5 } }
gates:
  good: { stage: judge, metric: score, min: 0.8 }
schedules:
  nightly: { cron: "30 2 * * *", timezone: Europe/Berlin }
  weekly: { cron: "0 3 * * 0", profile: weak, catch-up: none }
stages:
  judge:
    matrix: { model: [a, b] }
    command: [sh, judge.sh, "\${model}", "\${score}"]
    sources: [judge.sh]
    outputs: [x]
`;
const JUDGE = `[ $1 = a ] && score=0.1 || score=$2
echo "{\\"type\\":\\"metric\\",\\"name\\":\\"score\\",\\"value\\":$score}" > "$BLOODLINE_EVENTS"; echo $1 >> count.txt; echo x > "$BLOODLINE_OUTPUT_X"`;

describe('a night', () => {
  let door: FrontDoor;
  beforeEach(() => {
    door = openFrontDoor({ 'pipeline.yaml': PIPELINE, 'judge.sh': JUDGE });
  });
  afterEach(() => door.remove());
  const at = (now: string, name = 'nightly') => door.bloodline('run', '--if-due', name, '--now', now);

  it('gates decide the exit code, and say so with the numbers', async () => {
    const good = await door.bloodline('run');
    assert.equal(good.code, 0, good.stderr);
    assert.match(good.stderr, /gate good: met: score of judge@b is 0\.9, at least 0\.8 is asked for/);
    const weak = await door.bloodline('run', '--profile', 'weak', '--json');
    assert.equal(weak.code, 4);
    const [gate, last] = weak.events.slice(-2);
    assert.deepEqual([gate?.['type'], gate?.['met'], last?.['ok']], ['gate', false, true]);
    assert.equal((await door.bloodline('run', '--profile', 'weak')).code, 4, 'with nothing to do as well');
    assert.equal(
      (await door.bloodline('run', 'judge@a')).code,
      0,
      'a part of the pipeline is not held against them',
    );
  });

  it('a schedule: once a slot, missed ones caught up, its profile', async () => {
    const first = await at('2026-06-10T12:00:00Z');
    assert.equal(first.code, 0);
    assert.match(first.stderr, /^nightly: nothing is due before 2026-06-11 02:30:00 Europe\/Berlin\n$/);
    const second = await at('2026-06-11T00:30:10Z');
    assert.match(second.stderr, /^nightly: due since 2026-06-11 02:30:00 Europe\/Berlin\n[\s\S]*2 ran/);
    assert.match((await at('2026-06-11T00:31:10Z')).stderr, /nothing is due before 2026-06-12/);
    assert.match((await at('2026-06-15T00:00:00Z')).stderr, /due since 2026-06-14 02:30/);
    assert.match((await at('2026-06-15T00:00:00Z')).stderr, /nothing is due/);
    await at('2026-06-13T12:00:00Z', 'weekly');
    const weekly = await at('2026-06-14T03:05:00Z', 'weekly');
    assert.match(weekly.stderr, /night \(profile weak\)/);
    assert.equal(weekly.code, 4);
    assert.match(
      (await at('2026-06-14T03:06:00Z', 'weekly')).stderr,
      /nothing is due/,
      'a run that was no good was one',
    );
  });

  it('one run at a time, and one that was killed is made again', async () => {
    door.write({ 'judge.sh': `${puppet('judge')}; ${JUDGE}` });
    const puppets = openPuppets(door.root, ['judge']);
    try {
      await at('2026-06-10T12:00:00Z');
      const child = door.start('run', '--if-due', 'nightly', '--now', '2026-06-11T00:30:10Z', '--jobs', '1');
      const ended = answerOf(child);
      await puppets.heard();
      const other = await at('2026-06-11T00:31:00Z');
      assert.deepEqual([other.code, /still under way; nothing is started/.test(other.stderr)], [0, true]);
      child.kill('SIGKILL');
      await ended;
      door.write({ 'judge.sh': JUDGE });
      assert.match((await at('2026-06-11T00:32:00Z')).stderr, /due since 2026-06-11 02:30/);
      assert.deepEqual(readFileSync(join(door.root, 'count.txt'), 'utf8').split('\n').sort(), ['', 'a', 'b']);
    } finally {
      puppets.close();
    }
  });

  it('the lock of another machine: kept while it beats, taken over when it has long been silent', async () => {
    await at('2026-06-10T12:00:00Z');
    const locks = join(door.root, 'artifacts', 'locks');
    const lock = join(locks, `schedule-${named(join(door.root, 'pipeline.yaml'), 'nightly').id}`);
    const holder = { host: 'another', pid: 1, started: null, id: 'elsewhere', run: 'nightly' };
    mkdirSync(locks, { recursive: true });
    writeFileSync(lock, JSON.stringify(holder));
    assert.match((await at('2026-06-11T00:31:00Z')).stderr, /still under way/);
    assert.match((await door.bloodline('schedule')).stdout, /nightly .*under way/);
    const longAgo = new Date(Date.now() - 2 * 3_600_000);
    utimesSync(lock, longAgo, longAgo);
    assert.match((await at('2026-06-11T00:32:00Z')).stderr, /due since[\s\S]*2 ran/);
  });

  it('mistakes in gates and schedules are told with their places', async () => {
    door.write({
      'pipeline.yaml': PIPELINE.replace('stage: judge,', 'stage: jugde,')
        .replace('30 2 * * *', '61 2 * * *')
        .replace('Europe/Berlin', 'Europe/Berlim')
        .replace('profile: weak', 'profile: waek'),
    });
    const { code, stderr } = await door.bloodline('status');
    assert.equal(code, 2);
    for (const message of [
      /:6:18: error: there is no stage "jugde"\n[\s\S]*did you mean "judge"/,
      /error: "61 2 \* \* \*" is no cron pattern: .*minute/,
      /error: there is no time zone "Europe\/Berlim"/,
      /error: there is no profile "waek"\n[\s\S]*did you mean "weak"/,
    ])
      assert.match(stderr, message);
    door.write({ 'pipeline.yaml': PIPELINE });
    assert.match(
      (await at('2026-06-10T12:00:00Z', 'nigthly')).stderr,
      /there is no schedule "nigthly"\n {2}did you mean "nightly"/,
    );
  });
});
