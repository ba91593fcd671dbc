import { existsSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { Cron } from 'croner';
import { stringify } from 'yaml';
import { type Failure, fail, ok, type Result } from '../failure.ts';
import type { Schedule } from '../pipeline/pipeline.ts';
import type { Entry, Named, Way } from './entry.ts';
import { isOurs, MARK, removeOwn, writeOwn } from './own-files.ts';

/** A workflow of the repository that the pipeline file lies in. */
export const workflow: Way = {
  text(entry) {
    const repository = repositoryOf(entry);
    return repository.ok ? ok(textOf(entry, repository.value)) : repository;
  },
  isInstalled(named) {
    const repository = repositoryOf(named);
    return repository.ok && isOurs(pathOf(named, repository.value));
  },
  install(entry) {
    const repository = repositoryOf(entry);
    if (!repository.ok) return repository;
    const path = pathOf(entry, repository.value);
    const written = writeOwn([{ path, text: textOf(entry, repository.value) }]);
    if (!written.ok) return written;
    return ok(
      written.value.length === 0
        ? [`${path} is in place already`]
        : [`wrote ${path}`, 'it counts from when it is committed and pushed to the default branch'],
    );
  },
  remove(named) {
    const repository = repositoryOf(named);
    if (!repository.ok) return ok([]);
    return ok(removeOwn([pathOf(named, repository.value)]).map((path) => `removed ${path}`));
  },
};

const pathOf = ({ name }: Named, repository: string): string =>
  join(repository, '.github', 'workflows', `bloodline-${name}.yml`);

function repositoryOf({ file }: Named): Result<string, Failure> {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return ok(folder);
    if (folder === dirname(folder))
      return fail({
        reason: 'usage',
        message: `${file} is in no git repository`,
        help: 'a workflow lies in `.github/workflows` of one',
      });
  }
}

function textOf({ name, file, schedule, variables }: Entry, repository: string): string {
  const path = relative(repository, dirname(file)).split(sep).join('/');
  const store = path === '' ? 'artifacts' : `${path}/artifacts`;
  const key = `bloodline-${name}-`;
  const text = {
    name: `bloodline ${name}`,
    on: { schedule: timesInUtc(schedule).map((cron) => ({ cron })) },
    permissions: { contents: 'read' },
    // Runs that wait for each other find what the one before left.
    concurrency: { group: `bloodline-${name}` },
    jobs: {
      run: {
        'runs-on': 'ubuntu-latest',
        steps: [
          { uses: 'actions/checkout@v4' },
          { uses: 'actions/setup-node@v4', with: { 'node-version': 22, cache: 'npm' } },
          {
            uses: 'actions/cache/restore@v4',
            with: { path: store, key: `${key}\${{ github.run_id }}`, 'restore-keys': key },
          },
          { run: 'npm ci' },
          {
            run: 'npx bloodline --file "$PIPELINE" run --if-due "$SCHEDULE"',
            ...(path === '' ? {} : { 'working-directory': path }),
            env: {
              PIPELINE: relative(dirname(file), file),
              SCHEDULE: name,
              ...Object.fromEntries(variables.map((of) => [of, `\${{ secrets.${of} }}`])),
            },
          },
          {
            if: 'always()',
            uses: 'actions/cache/save@v4',
            with: { path: store, key: `${key}\${{ github.run_id }}-\${{ github.run_attempt }}` },
          },
        ],
      },
    },
  };
  return `# ${MARK}: \`bloodline schedule show ${name} --as github-actions\` prints it anew.\n${stringify(text, { lineWidth: 0 })}`;
}

/** More times of day than these, and it is asked all the time. */
const MOST_TIMES = 8;
const EACH_FEW_MINUTES = '*/5 * * * *';

/**
 * Patterns in UTC, the zone of workflows, that hit all times of a schedule: where summer time moves them there are two
 * for each, and the call that comes at the wrong one finds nothing due. Days are not in them: that is left to the call.
 */
export function timesInUtc({ cron, timezone }: Schedule, from = new Date()): readonly string[] {
  const times = new Cron(cron, { timezone, paused: true });
  const found = new Set<string>();
  const end = from.getTime() + 2 * 366 * 86_400_000;
  let at = times.nextRun(from);
  for (; at !== null && at.getTime() < end && found.size <= MOST_TIMES; at = times.nextRun(at))
    found.add(`${at.getUTCMinutes()} ${at.getUTCHours()} * * *`);
  return found.size === 0 || found.size > MOST_TIMES ? [EACH_FEW_MINUTES] : [...found].sort();
}
