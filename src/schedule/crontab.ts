import { spawnSync } from 'node:child_process';
import { type Failure, fail, ok, type Result } from '../failure.ts';
import { shellWord } from '../shell-word.ts';
import type { Entry, Way } from './entry.ts';

/** cron cuts off longer commands without a word. */
const LONGEST_COMMAND = 998;

/** One line of the user's crontab; a comment of the shell at its end says that it is ours. */
export const crontab: Way = {
  text: line,
  isInstalled({ id }) {
    const table = readTable();
    return table.ok && table.value.some((one) => one.endsWith(mark(id)));
  },
  install(entry) {
    const ours = line(entry);
    if (!ours.ok) return ours;
    const table = readTable();
    if (!table.ok) return table;
    // The table is taken as bytes: what is in it beside our line may be in any encoding.
    const asBytes = Buffer.from(ours.value, 'utf8').toString('latin1');
    const others = table.value.filter((one) => !one.endsWith(mark(entry.id)));
    if (table.value.includes(asBytes) && others.length === table.value.length - 1)
      return ok(['it is in your crontab already']);
    const written = writeTable([...others, asBytes]);
    if (!written.ok) return written;
    return ok([
      others.length < table.value.length
        ? 'changed its line in your crontab'
        : 'added a line to your crontab',
      `what its runs say goes to ${entry.log}`,
    ]);
  },
  remove({ id }) {
    const table = readTable();
    // Who has no crontab has no line in it.
    if (!table.ok) return ok([]);
    const others = table.value.filter((one) => !one.endsWith(mark(id)));
    if (others.length === table.value.length) return ok([]);
    const written = writeTable(others);
    return written.ok ? ok(['took its line out of your crontab']) : written;
  },
};

const mark = (id: string): string => ` # bloodline ${id}`;

function line({ id, argv, environment, log }: Entry): Result<string> {
  const settings = Object.entries(environment).map(([name, value]) => `${name}=${shellWord(value)}`);
  const words = [...settings, ...argv.map(shellWord), '>>', shellWord(log), '2>&1'];
  const command = `${words.join(' ')}${mark(id)}`;
  if (/[\n\r\0]/.test(command)) return refuse('a path or PATH holds a line break, which a crontab cannot');
  // In a crontab a plain % ends the command.
  const escaped = command.replaceAll('%', '\\%');
  if (Buffer.byteLength(escaped) > LONGEST_COMMAND)
    return refuse(
      `the line would be longer than the ${LONGEST_COMMAND} bytes that cron takes`,
      'PATH goes into it as it is now: install from a shell with a shorter one, as in `env PATH=/usr/local/bin:/usr/bin:/bin …`',
    );
  return ok(`* * * * * ${escaped}`);
}

/** Lines, each letter a byte. */
function readTable(): Result<readonly string[]> {
  const { status, stdout, stderr, error } = spawnSync('crontab', ['-l'], { encoding: 'latin1' });
  if (error) return refuse('there is no crontab command on this machine', 'on Debian: apt-get install cron');
  if (status !== 0 && !/no crontab for/i.test(stderr)) return refuse(`crontab: ${stderr.trim()}`);
  return ok(status === 0 ? stdout.replace(/\n$/, '').split('\n') : []);
}

function writeTable(lines: readonly string[]): Result<void> {
  const input = Buffer.from(lines.map((one) => `${one}\n`).join(''), 'latin1');
  const { status, stderr, error } = spawnSync('crontab', ['-'], { input, encoding: 'utf8' });
  if (error || status !== 0) return refuse(`crontab: ${error?.message ?? stderr.trim()}`);
  return ok(undefined);
}

const refuse = (message: string, help?: string): Result<never, Failure> =>
  fail({ reason: 'usage', message, ...(help === undefined ? {} : { help }) });
