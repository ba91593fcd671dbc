import PQueue from 'p-queue';
import type { SharedStore } from '../../pipeline/pipeline.ts';
import { openDirectory } from './directory.ts';
import type { Patience } from './objects.ts';
import type { Remote } from './remote.ts';

/** Requests at once. With sixteen, many small files cost little more than their bytes do; memory holds a pack for each. */
const AT_ONCE = 8;

/** Opens a remote. Throws `RemoteTrouble` where it does not answer. */
export async function connect({ name, at, keys }: SharedStore, patience: Patience): Promise<Remote> {
  const objects =
    'path' in at
      ? await openDirectory(at.path, patience)
      : await (await import('./s3.ts')).openS3(at, patience);
  return {
    name,
    keys,
    objects,
    queue: new PQueue({ concurrency: AT_ONCE }),
    damaged: new Set(),
  };
}
