import type { SharedStore } from '../../pipeline/pipeline.ts';
import { type Objects, type Patience, RemoteTrouble } from './objects.ts';

export async function openS3(
  _at: Exclude<SharedStore['at'], { path: string }>,
  _p: Patience,
): Promise<Objects> {
  throw new RemoteTrouble('not yet');
}
