import { resolve } from 'node:path';
import { type Draft, problem } from './draft.ts';
import type { PublicKey, SharedStore } from './pipeline.ts';
import type { PipelineText } from './schema.ts';
import { placeOfKey } from './tree.ts';

/** The shared stores of a file; what is wrong with them is added to the draft's problems. */
export function readRemotes(draft: Draft, written: PipelineText['remotes']): readonly SharedStore[] {
  return Object.entries(written ?? {}).flatMap(([name, { path, s3, ...rest }]): readonly SharedStore[] => {
    if ((path === undefined) === (s3 === undefined)) {
      const both = path !== undefined;
      problem(
        draft,
        `the remote ${JSON.stringify(name)} ${both ? 'has both a path and s3' : 'does not say where it is'}`,
        placeOfKey(draft.document, ['remotes', name]),
        { help: 'give it one of them: `path: /mnt/team/store`, or `s3: { bucket: … }`' },
      );
      return [];
    }
    // The schema has seen to their form.
    const keys = rest.keys.map((key) => key as PublicKey);
    if (path !== undefined) return [{ name, at: { path: resolve(draft.root, path) }, keys }];
    const { bucket, prefix = '', endpoint = null, region = null } = s3!;
    const folder = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
    return [{ name, at: { bucket, prefix: folder, endpoint, region }, keys }];
  });
}
