import { type Diagnostic, fail, ok, type Result } from '../failure.ts';
import type { StageInstance } from '../pipeline/pipeline.ts';
import { place } from '../pipeline/place.ts';
import { Unusable } from '../store/entry-names.ts';
import type { Store } from '../store/store.ts';
import { type Match, matchFiles } from './glob.ts';

/** Digests by path of the files that the `sources` of a command name; a source that names none is a mistake. */
export async function hashSources(
  root: string,
  globs: readonly string[],
  stage: StageInstance,
  store: Store,
): Promise<Result<Readonly<Record<string, string>>, readonly Diagnostic[]>> {
  const found = new Map<string, string>();
  const diagnostics: Diagnostic[] = [];
  for (const [position, glob] of globs.entries()) {
    const at = place(stage, ['sources', position]);
    const files = matched(root, glob);
    if (files instanceof Unusable) {
      const message = `sources: ${files.path} ${files.message}`;
      diagnostics.push({ severity: 'error', message, at });
      continue;
    }
    if (files.length === 0) {
      diagnostics.push({ severity: 'error', message: `sources: ${JSON.stringify(glob)} names no file`, at });
    }
    for (const { name, path } of files) {
      if (found.has(name)) continue;
      const digest = await store.digestPath(path);
      if (digest.ok) found.set(name, digest.value);
      else {
        const message = `sources: ${name} ${digest.error.message}`;
        diagnostics.push({ severity: 'error', message, at });
      }
    }
  }
  return diagnostics.length > 0 ? fail(diagnostics) : ok(Object.fromEntries(found));
}

function matched(root: string, glob: string): readonly Match[] | Unusable {
  try {
    return matchFiles(root, glob);
  } catch (error) {
    if (error instanceof Unusable) return error;
    throw error;
  }
}
