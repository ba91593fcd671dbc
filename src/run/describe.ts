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
 * Asks the files of stages that were never described what they are, all in one child, and keeps the answers by the
 * hash of each file's bundle.
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

  const child = execa(process.execPath, [HOST, '--describe', ...unknown.keys()], {
    cwd: pipeline.root,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    reject: false,
    timeout: 60_000,
    cancelSignal: signal,
  });
  const { stdio, stderr, stdout } = await child;
  const failures: Failure[] = [];
  const answered = new Set<string>();
  for (const line of String(stdio[3] ?? '').split('\n')) {
    if (line === '') continue;
    const answer = JSON.parse(line) as Answer;
    answered.add(answer.bundle);
    const { stage, source } = unknown.get(answer.bundle)!;
    if ('description' in answer) store.putDescription(source, answer.description);
    else failures.push({ reason: 'cannot-describe', stage, message: answer.problem });
  }
  for (const [path, { stage }] of unknown)
    if (!answered.has(path))
      failures.push({
        reason: 'cannot-describe',
        stage,
        message: `${stderr || stdout || 'its process ended without an answer'}`.trim().slice(0, 2000),
        help: 'a stage file must do nothing when it is imported but define its exports',
      });
  return failures.length > 0 ? fail(failures[0]!) : ok(undefined);
}
