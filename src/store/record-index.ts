import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CacheKey, OutputsDigest } from '../digest.ts';
import { appendLine, bestEffort } from './write.ts';

/**
 * Which records there are for each key, oldest first: one file read at once in place of a folder listed for each of a
 * thousand stages. Only a cache: what it does not list is looked for in the folders.
 */
export interface RecordIndex {
  of(key: CacheKey): readonly OutputsDigest[];
  add(key: CacheKey, outputs: OutputsDigest): void;
}

export function openRecordIndex(root: string): RecordIndex {
  const file = join(root, 'records', 'index');
  let known: Map<string, OutputsDigest[]> | null = null;
  const load = (): Map<string, OutputsDigest[]> => {
    known ??= parse(file);
    return known;
  };
  return {
    of: (key) => load().get(key) ?? [],
    add(key, outputs) {
      const before = load().get(key);
      if (before?.includes(outputs)) return;
      if (before === undefined) load().set(key, [outputs]);
      else before.push(outputs);
      bestEffort(() => appendLine(root, file, `${key} ${outputs}`));
    },
  };
}

function parse(file: string): Map<string, OutputsDigest[]> {
  const found = new Map<string, OutputsDigest[]>();
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return found;
  }
  for (const line of text.split('\n')) {
    if (line.length !== LINE) continue;
    const [key, outputs] = [line.slice(0, HEX), line.slice(HEX + 1) as OutputsDigest];
    const before = found.get(key);
    if (before === undefined) found.set(key, [outputs]);
    else if (!before.includes(outputs)) before.push(outputs);
  }
  return found;
}

const HEX = 64;
const LINE = HEX + 1 + HEX;
