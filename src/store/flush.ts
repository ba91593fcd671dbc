import { open } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The system joins what is asked of it at the same time: this many cost little more than one. */
const AT_ONCE = 16;

/**
 * Brings files, and that they stand in their folders, and those in theirs, to the disk: a power loss after this takes
 * none of them.
 */
export async function flush(paths: Iterable<string>): Promise<void> {
  const files = new Set(paths);
  await flushEach(files);
  const folders = [...files].map((path) => dirname(path));
  await flushEach(new Set([...folders, ...folders.map((path) => dirname(path))]));
}

async function flushEach(paths: ReadonlySet<string>): Promise<void> {
  const todo = [...paths];
  const work = async (): Promise<void> => {
    for (let path = todo.pop(); path !== undefined; path = todo.pop()) {
      const file = await open(path, 'r');
      try {
        await file.sync();
      } finally {
        await file.close();
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}
