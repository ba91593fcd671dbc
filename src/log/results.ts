import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { StageRecord } from '../store/record.ts';
import type { Store } from '../store/store.ts';
import { harmless } from './harmless.ts';

/**
 * What a run's stages wrote for people to read in a terminal: each `*.md` of the outputs of the last stage that ran,
 * which is where a pipeline ends. Empty where there is none.
 */
export function resultLines(
  store: Store,
  outcomes: ReadonlyMap<string, { readonly how: string; readonly record?: StageRecord }>,
): readonly string[] {
  const last = [...outcomes.values()]
    .filter(({ how, record }) => how === 'ran' && record !== undefined)
    .at(-1);
  if (last?.record === undefined) return [];
  const lines: string[] = [];
  for (const output of Object.keys(last.record.outputs)) {
    const folder = join(store.root, 'latest', last.record.stage, output);
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
  return lines;
}
