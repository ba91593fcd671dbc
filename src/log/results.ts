import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { upstream } from '../pipeline/upstream.ts';
import { layout } from '../store/layout.ts';
import type { StageRecord } from '../store/record.ts';
import type { Store } from '../store/store.ts';
import { harmless } from './harmless.ts';

/**
 * What a run's stages wrote for people to read in a terminal: each `*.md` of the outputs of the stages that nothing else
 * reads, which is where a pipeline ends, as far as they are there. Empty where there is none.
 */
export function resultLines(
  store: Store,
  pipeline: Pipeline,
  outcomes: ReadonlyMap<string, { readonly how: string; readonly record?: StageRecord }>,
): readonly string[] {
  const read = new Set(pipeline.stages.flatMap(upstream));
  const lines: string[] = [];
  for (const { id } of pipeline.stages) {
    const record = outcomes.get(id)?.record;
    if (read.has(id) || record === undefined) continue;
    for (const output of Object.keys(record.outputs)) {
      const folder = join(layout.latest(store.root, id), output);
      if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) continue;
      for (const name of readdirSync(folder).sort())
        if (name.endsWith('.md'))
          lines.push(
            '',
            ...harmless(readFileSync(join(folder, name), 'utf8'))
              .trimEnd()
              .split('\n'),
          );
    }
  }
  return lines;
}
