import { fail, ok, type Result } from '../failure.ts';
import type { Pipeline, SharedStore } from '../pipeline/pipeline.ts';
import { NAME_ONE } from './shared-stores-for.ts';

/** Where a person waits, and a slow remote is better than none. */
export const VERB_PATIENCE = { answerMs: 30_000, stallMs: 60_000 };

/** The remote of that name, or all. */
export async function selectRemotes(
  { remotes }: Pipeline,
  name: string | undefined,
): Promise<Result<readonly SharedStore[]>> {
  if (remotes.length === 0)
    return fail({ reason: 'usage', message: 'the pipeline names no remotes', help: NAME_ONE });
  if (name === undefined) return ok(remotes);
  const found = remotes.filter((remote) => remote.name === name);
  if (found.length > 0) return ok(found);
  const { didYouMean } = await import('../pipeline/suggest.ts');
  const known = remotes.map((remote) => remote.name);
  return fail({
    reason: 'usage',
    message: `there is no remote ${JSON.stringify(name)}`,
    ...didYouMean(name, known, 'the remotes are'),
  });
}
