import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { parse } from 'yaml';
import type { Schedule } from '../../src/pipeline/pipeline.ts';
import { timesInUtc } from '../../src/schedule/workflow.ts';
import { answerOf, type FrontDoor, openFrontDoor } from '../rig/front-door.ts';

const PIPELINE = `
name: night
schedules:
  nightly: { cron: "30 2 * * *", timezone: Europe/Berlin, profile: big }
profiles: { big: {} }
notify:
  team: { webhook: { env: HOOK }, secret-header: { name: Authorization, env: TOKEN } }
stages:
  one: { command: 'echo "$KEY" > "$BLOODLINE_OUTPUT_X"', env: [KEY], outputs: [x] }
`;
// What shells, crontabs, units, YAML and XML each take for something else.
const ODD = `it's 50% of "$HOME" & <more>`;

describe('entries that call a schedule', () => {
  let door: FrontDoor;
  let env: Record<string, string | undefined>;
  beforeEach(() => {
    door = openFrontDoor({ [`${ODD}/pipeline.yaml`]: PIPELINE });
    env = { ...process.env };
  });
  afterEach(() => {
    process.env = env;
    door.remove();
  });
  const file = join(ODD, 'pipeline.yaml');
  const schedule = (...args: string[]) => door.bloodline('--file', file, 'schedule', ...args);
  const show = async (as: string): Promise<string> => {
    const { code, stdout, stderr } = await schedule('show', 'nightly', '--as', as);
    assert.equal(code, 0, stderr);
    return stdout;
  };

  /** A crontab of our own in the place of the user's. */
  const ownCrontab = (): string => {
    const table = join(door.root, 'table');
    door.write({
      'bin/crontab': `#!/bin/sh
case $1 in
  -l) [ -f '${table}' ] || { echo "no crontab for you" >&2; exit 1; }; cat '${table}';;
  -) cat > '${table}';;
esac
`,
    });
    chmodSync(join(door.root, 'bin/crontab'), 0o755);
    process.env['PATH'] = `${join(door.root, 'bin')}:${env['PATH']}`;
    return table;
  };

  it('cron: one line among those of others, put there once, changed in place, taken away', async () => {
    const table = ownCrontab();
    const others = Buffer.from('# mine\n\nMAILTO=me\n0 1 * * * caf\xe9 "100\\%"\n', 'latin1');
    writeFileSync(table, others);
    const installed = await schedule('install', 'nightly', '--as', 'cron');
    assert.equal(installed.code, 0, installed.stderr);
    assert.match(installed.stdout, /added a line[\s\S]*variables that cron does not have: HOOK, KEY, TOKEN/);
    const lines = readFileSync(table, 'latin1').trimEnd().split('\n');
    assert.deepEqual(Buffer.from(`${lines.slice(0, -1).join('\n')}\n`, 'latin1'), others);
    assert.match((await schedule('install', 'nightly')).stdout, /already/);
    assert.equal(readFileSync(table, 'latin1').trimEnd().split('\n').length, lines.length);
    assert.match((await schedule()).stdout, /called by cron/);

    // As cron does: an escaped % is a plain one, and the rest goes to sh, with next to no environment.
    const command = Buffer.from(lines.at(-1)!, 'latin1')
      .toString('utf8')
      .replace(/^\* \* \* \* \* /, '')
      .replaceAll('\\%', '%');
    const ran = spawnSync('/bin/sh', ['-c', command], { env: { HOME: '/' }, encoding: 'utf8', cwd: '/' });
    assert.equal(ran.status, 0, ran.stderr);
    assert.equal(ran.stdout + ran.stderr, '');
    const state = JSON.parse((await schedule('status', '--json')).stdout) as { last: unknown }[];
    assert.equal(state[0]!.last, null, 'new: its first time is yet to come');
    assert.ok(existsSync(join(door.root, ODD, 'artifacts', 'schedules')));

    door.write({ 'secret.env': 'TOKEN=q7secretq7\n' });
    assert.match(
      (await schedule('install', 'nightly', '--secrets', 'secret.env')).stdout,
      /^nightly: changed its line[^\n]*\n[^\n]*\n$/,
    );
    assert.match(readFileSync(table, 'utf8'), /--env-file=\S*secret\.env/);
    assert.doesNotMatch(readFileSync(table, 'utf8'), /q7secretq7/);
    assert.match((await schedule('remove', 'nightly')).stdout, /took its line/);
    assert.deepEqual(readFileSync(table), others);
    assert.match((await schedule('remove', 'nightly')).stdout, /nothing is installed/);
  });

  it('cron: a line that it would cut off is refused', async () => {
    const table = ownCrontab();
    process.env['PATH'] += `:/${'long/'.repeat(200)}`;
    const { code, stderr } = await schedule('install', 'nightly', '--as', 'cron');
    assert.deepEqual([code, existsSync(table)], [2, false]);
    assert.match(stderr, /longer than the 998 bytes that cron takes/);
  });

  const realCrontab = process.env['BLOODLINE_TEST_CRONTAB'] === '1';
  it('the crontab of this machine', {
    skip: !realCrontab && 'it would change your crontab; BLOODLINE_TEST_CRONTAB=1 tries it',
  }, async () => {
    const table = () => spawnSync('crontab', ['-l'], { encoding: 'utf8' }).stdout;
    const before = table();
    process.env['PATH'] = '/usr/bin:/bin';
    assert.equal((await schedule('install', 'nightly', '--as', 'cron')).code, 0);
    assert.match(table(), /--if-due nightly --quiet/);
    assert.equal((await schedule('remove', 'nightly', '--as', 'cron')).code, 0);
    assert.equal(table(), before);
  });

  const analyze = spawnSync('systemd-analyze', ['--version']).status === 0;
  it('systemd: units that it reads', { skip: !analyze && 'there is no systemd-analyze' }, async () => {
    const units = (await show('systemd')).split(/^# (?=\/)/m).slice(1);
    assert.equal(units.length, 2);
    const paths = units.map((unit, index) => {
      const path = join(door.root, `night.${index === 0 ? 'service' : 'timer'}`);
      writeFileSync(path, unit.slice(unit.indexOf('\n') + 1));
      return path;
    });
    const said = execFileSync('systemd-analyze', ['verify', '--man=no', ...paths], { encoding: 'utf8' });
    assert.equal(said, '');
    assert.match(units[0]!, /ExecStart=.*it's 50%% of \\"\$\$HOME\\" & <more>\/pipeline\.yaml"/);
    assert.match(units[1]!, /OnCalendar=minutely/);
  });

  it('launchd: a property list that is XML', async () => {
    const text = await show('launchd');
    assert.equal(XMLValidator.validate(text), true);
    const { plist } = new XMLParser().parse(text) as { plist: { dict: Record<string, unknown> } };
    const { string } = plist.dict['array'] as { string: string[] };
    assert.ok(string.includes(join(door.root, file)));
    assert.deepEqual(string.slice(-4), ['run', '--if-due', 'nightly', '--quiet']);
    assert.equal(plist.dict['integer'], 60);
  });

  it('GitHub Actions: a workflow in its repository, secrets by name; files of others are left alone', async () => {
    const none = await schedule('show', 'nightly', '--as', 'github-actions');
    assert.match(none.stderr, /is in no git repository/);
    mkdirSync(join(door.root, '.git'));
    const path = join(door.root, '.github/workflows/bloodline-nightly.yml');
    const { code, stdout } = await schedule('install', 'nightly', '--as', 'github-actions');
    assert.deepEqual([code, /secrets in the repository: HOOK, KEY, TOKEN/.test(stdout)], [0, true]);
    const text = readFileSync(path, 'utf8');
    const workflow = parse(text) as {
      on: { schedule: { cron: string }[] };
      jobs: { run: { steps: Record<string, unknown>[] } };
    };
    assert.ok(workflow.on.schedule.some(({ cron }) => cron === '30 1 * * *'));
    const step = workflow.jobs.run.steps.find(({ run }) => String(run).includes('--if-due'))!;
    assert.equal(step['working-directory'], ODD);
    assert.equal((step['env'] as Record<string, string>)['TOKEN'], '${{ secrets.TOKEN }}');
    assert.match((await schedule('install', 'nightly', '--as', 'github-actions')).stdout, /in place already/);
    assert.match((await schedule()).stdout, /called by github-actions/);
    assert.match((await schedule('remove', 'nightly')).stdout, /removed .*bloodline-nightly\.yml/);
    writeFileSync(path, 'name: of somebody else\n');
    const refused = await schedule('install', 'nightly', '--as', 'github-actions');
    assert.deepEqual([refused.code, /that bloodline did not make/.test(refused.stderr)], [2, true]);
    assert.match((await schedule('remove', 'nightly')).stdout, /nothing is installed/);
    assert.ok(existsSync(path));
  });

  it('says what cannot be', async () => {
    assert.match((await schedule('install', 'nigthly')).stderr, /did you mean "nightly"/);
    assert.match((await schedule('install', 'nightly', '--as', 'cronn')).stderr, /Allowed choices are cron/);
    const missing = await schedule('install', 'nightly', '--secrets', 'none.env');
    assert.match(missing.stderr, /there is no file at .*none\.env/);
    if (process.platform !== 'darwin')
      assert.match((await schedule('install', 'nightly', '--as', 'launchd')).stderr, /part of macOS/);
  });
});

describe('times of a workflow, in UTC', () => {
  const at = (cron: string, timezone: string): readonly string[] =>
    timesInUtc({ cron, timezone } as Schedule, new Date('2026-04-01T00:00:00Z'));
  it('each time of day, twice where summer time moves it', () => {
    assert.deepEqual(at('0 12 * * 1-5', 'UTC'), ['0 12 * * *']);
    assert.deepEqual(at('0 4 * * *', 'Europe/Berlin'), ['0 2 * * *', '0 3 * * *']);
    assert.deepEqual(at('0 4 * * *', 'Asia/Kolkata'), ['30 22 * * *']);
    assert.deepEqual(at('*/7 * * * *', 'UTC'), ['*/5 * * * *'], 'too many to name');
  });
});

it('serve: starts what is due, and SIGTERM ends it well', async () => {
  const door = openFrontDoor({
    'pipeline.yaml': `schedules: { minute: { cron: "* * * * * *" } }
stages: { one: { command: 'echo x > "$BLOODLINE_OUTPUT_X"', outputs: [x] } }
`,
  });
  try {
    const child = door.start('schedule', 'serve');
    const ended = answerOf(child);
    await new Promise<void>((seen) => {
      let text = '';
      child.stderr!.on('data', (chunk) => {
        text += chunk;
        if (text.includes('1 ran')) seen();
      });
    });
    child.kill('SIGTERM');
    const { code, stderr } = await ended;
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^schedule: keeps minute of [\s\S]*minute: due since[\s\S]*schedule: ended\n$/);
    const none = openFrontDoor({ 'pipeline.yaml': 'stages: { a: { command: "true", outputs: [x] } }\n' });
    assert.match((await none.bloodline('schedule', 'serve')).stderr, /has no schedules/);
    none.remove();
  } finally {
    door.remove();
  }
});
