import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { CodeDigest } from '../digest.ts';
import { type Failure, fail, ok, type Result } from '../failure.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { Planned } from '../plan/plan.ts';
import type { StageDescription } from '../stage/description.ts';
import type { Store } from '../store/store.ts';

export const HOST = fileURLToPath(new URL('../stage/host.js', import.meta.url));

type Answer =
  | { readonly bundle: string; readonly description: StageDescription }
  | { readonly bundle: string; readonly problem: string };

/**
 * Asks the files of stages that were never described what they are, and keeps the answers by the hash of each file's
 * bundle: all in one child, then those that it did not answer for (one file that ends the process ends the others with
 * it) in one each. All that can't be described is told at once.
 */
export async function describeStages(
  pipeline: Pipeline,
  store: Store,
  planned: readonly Planned[],
  signal: AbortSignal,
): Promise<Result<void>> {
  const unknown = new Map<string, { stage: string; source: CodeDigest }>();
  for (const one of planned) {
    if (one.state !== 'undescribed' || one.program.kind !== 'module') continue;
    const { source, sourceText } = one.program;
    const path = store.putCode(pipeline.root, source, sourceText);
    if (!unknown.has(path)) unknown.set(path, { stage: one.stage.name, source });
  }
  if (unknown.size === 0) return ok(undefined);

  const all = await ask([...unknown.keys()], pipeline.root, signal);
  const answers = new Map(all.answers);
  const silent = [...unknown.keys()].filter((path) => !answers.has(path));
  // One alone has been asked.
  const alone = unknown.size === 1 ? [all] : await each(silent, (path) => ask([path], pipeline.root, signal));
  const failures: CannotDescribe[] = [];
  for (const [index, path] of silent.entries()) {
    const { answers: own, said } = alone[index]!;
    const answer = own.get(path);
    if (answer !== undefined) answers.set(path, answer);
    else
      failures.push({
        reason: 'cannot-describe',
        stage: unknown.get(path)!.stage,
        message: said || 'its process ended without an answer',
        help: 'a stage file must do nothing when it is imported but define its exports',
      });
  }
  for (const [path, { stage, source }] of unknown) {
    const answer = answers.get(path);
    if (answer === undefined) continue;
    if ('description' in answer) store.putDescription(source, answer.description);
    else failures.push({ reason: 'cannot-describe', stage, message: answer.problem });
  }
  const [first, ...others] = failures;
  return first === undefined ? ok(undefined) : fail({ ...first, ...(others.length > 0 ? { others } : {}) });
}

type CannotDescribe = Extract<Failure, { reason: 'cannot-describe' }>;

interface Asked {
  readonly answers: ReadonlyMap<string, Answer>;
  /** What the process had to say besides. */
  readonly said: string;
}

async function ask(bundles: readonly string[], cwd: string, cancelSignal: AbortSignal): Promise<Asked> {
  const { stdio, stderr, stdout, timedOut } = await execa(
    process.execPath,
    [HOST, '--describe', ...bundles],
    {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      reject: false,
      timeout: TIMEOUT_MS,
      cancelSignal,
    },
  );
  const lines = String(stdio[3] ?? '').split('\n');
  const answers = lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Answer);
  return {
    answers: new Map(answers.map((answer) => [answer.bundle, answer])),
    said: timedOut
      ? `it was not imported within ${TIMEOUT_MS / 1000} s`
      : `${stderr || stdout}`.trim().slice(0, 2000),
  };
}

const TIMEOUT_MS = 60_000;
const AT_ONCE = 4;

/** `Promise.all`, a few at a time. */
async function each<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  for (let i = 0; i < items.length; i += AT_ONCE)
    results.push(...(await Promise.all(items.slice(i, i + AT_ONCE).map(work))));
  return results;
}
