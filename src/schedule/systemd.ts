import { spawnSync } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fail, ok } from '../failure.ts';
import type { Entry, Named, Way } from './entry.ts';
import { isOurs, MARK, type OwnFile, removeOwn, writeOwn } from './own-files.ts';

/** A timer and a service of the user's own manager; what runs say is in the journal. */
export const systemd: Way = {
  text: (entry) =>
    ok(
      unitsOf(entry)
        .map(({ path, text }) => `# ${path}\n${text}`)
        .join('\n'),
    ),
  isInstalled: (named) => isOurs(timerOf(named)),
  install(entry) {
    const manager = systemctl('show-environment');
    if (manager !== null)
      return fail({
        reason: 'usage',
        message: `systemd's manager for your user does not answer: ${manager}`,
        help: '`bloodline schedule show … --as systemd` prints the units, to be put where they fit',
      });
    const written = writeOwn(unitsOf(entry));
    if (!written.ok) return written;
    const timer = `bloodline-${entry.id}.timer`;
    const wrong = systemctl('daemon-reload') ?? systemctl('enable', '--now', timer);
    if (wrong !== null) return fail({ reason: 'usage', message: `systemctl: ${wrong}` });
    return ok([
      ...(written.value.length === 0
        ? ['its units are in place already']
        : written.value.map((path) => `wrote ${path}`)),
      `what its runs say: journalctl --user -u bloodline-${entry.id}`,
      'so that it runs while you are logged out: loginctl enable-linger',
    ]);
  },
  remove(named) {
    if (!isOurs(timerOf(named))) return ok([]);
    systemctl('disable', '--now', `bloodline-${named.id}.timer`);
    const removed = removeOwn([timerOf(named), serviceOf(named)]);
    systemctl('daemon-reload');
    return ok(removed.map((path) => `removed ${path}`));
  },
};

const folder = (): string =>
  join(process.env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'systemd', 'user');
const timerOf = ({ id }: Named): string => join(folder(), `bloodline-${id}.timer`);
const serviceOf = ({ id }: Named): string => join(folder(), `bloodline-${id}.service`);

function unitsOf(entry: Entry): readonly OwnFile[] {
  const what = `bloodline schedule ${entry.name} of ${entry.file}`.replaceAll('%', '%%').replace(/\s+/g, ' ');
  const settings = Object.entries(entry.environment).map(
    ([name, value]) => `Environment=${word(`${name}=${value}`)}\n`,
  );
  const service = `# ${MARK}
[Unit]
Description=${what}

[Service]
Type=oneshot
${settings.join('')}ExecStart=${entry.argv.map((one) => word(one).replaceAll('$', '$$$$')).join(' ')}
`;
  const timer = `# ${MARK}
[Unit]
Description=${what}

[Timer]
OnCalendar=minutely
AccuracySec=1s

[Install]
WantedBy=timers.target
`;
  return [
    { path: serviceOf(entry), text: service },
    { path: timerOf(entry), text: timer },
  ];
}

/** A word of a unit file: in quotes, `%` no specifier. */
function word(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
  return `"${escaped.replaceAll('%', '%%')}"`;
}

/** What went wrong; `null`: nothing. */
function systemctl(...args: readonly string[]): string | null {
  const { status, stderr, error } = spawnSync('systemctl', ['--user', ...args], { encoding: 'utf8' });
  if (error) return 'there is no systemctl on this machine';
  return status === 0 ? null : stderr.trim();
}
