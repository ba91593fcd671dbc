import { spawnSync } from 'node:child_process';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { fail, ok } from '../failure.ts';
import type { Entry, Named, Way } from './entry.ts';
import { isOurs, MARK, removeOwn, writeOwn } from './own-files.ts';

/** An agent of the user on macOS. */
export const launchd: Way = {
  text: (entry) => ok(plist(entry)),
  isInstalled: (named) => isOurs(pathOf(named)),
  install(entry) {
    if (process.platform !== 'darwin')
      return fail({
        reason: 'usage',
        message: 'launchd is part of macOS',
        help: '`bloodline schedule show … --as launchd` prints its file anywhere',
      });
    const path = pathOf(entry);
    const written = writeOwn([{ path, text: plist(entry) }]);
    if (!written.ok) return written;
    // What is loaded stays as it was until it is loaded again.
    if (written.value.length > 0) launchctl('bootout', `${domain()}/${labelOf(entry)}`);
    const wrong = written.value.length > 0 ? launchctl('bootstrap', domain(), path) : null;
    if (wrong !== null) return fail({ reason: 'usage', message: `launchctl: ${wrong}` });
    return ok([
      written.value.length === 0 ? 'its agent is in place already' : `wrote and loaded ${path}`,
      `what its runs say goes to ${entry.log}`,
    ]);
  },
  remove(named) {
    if (!isOurs(pathOf(named))) return ok([]);
    launchctl('bootout', `${domain()}/${labelOf(named)}`);
    return ok(removeOwn([pathOf(named)]).map((path) => `removed ${path}`));
  },
};

const labelOf = ({ id }: Named): string => `ml.bloodline.${id}`;
const pathOf = (named: Named): string =>
  join(homedir(), 'Library', 'LaunchAgents', `${labelOf(named)}.plist`);
const domain = (): string => `gui/${userInfo().uid}`;

function plist(entry: Entry): string {
  const settings = Object.entries(entry.environment).map(
    ([name, value]) => `\n    <key>${xml(name)}</key>\n    <string>${xml(value)}</string>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<!-- ${MARK} -->
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${labelOf(entry)}</string>
  <key>ProgramArguments</key>
  <array>${entry.argv.map((one) => `\n    <string>${xml(one)}</string>`).join('')}
  </array>
  <key>EnvironmentVariables</key>
  <dict>${settings.join('')}
  </dict>
  <key>StartInterval</key>
  <integer>60</integer>
  <key>StandardOutPath</key>
  <string>${xml(entry.log)}</string>
  <key>StandardErrorPath</key>
  <string>${xml(entry.log)}</string>
</dict>
</plist>
`;
}

const xml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** What went wrong; `null`: nothing. */
function launchctl(...args: readonly string[]): string | null {
  const { status, stderr, error } = spawnSync('launchctl', args, { encoding: 'utf8' });
  return error?.message ?? (status === 0 ? null : stderr.trim());
}
