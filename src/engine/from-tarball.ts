import { createReadStream, mkdirSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { unpackTar } from 'modern-tar/fs';
import { ok, type Result } from '../failure.ts';
import { refuse } from './addon.ts';
import { download } from './download.ts';
import type { Tarball } from './releases.ts';
import type { Parts, WayOptions } from './way.ts';

const LIBRARIES = ['libtensorflow.so.2', 'libtensorflow_framework.so.2'];

/** Libraries and headers out of the archive that @tensorflow/tfjs-node-gpu would download itself: older, no Python. */
export async function fromTarball(tarball: Tarball, options: WayOptions): Promise<Result<Parts>> {
  const { work, engine, downloads, onStep, signal } = options;
  const archive = join(downloads, basename(new URL(tarball.url).pathname));
  const problem = await download(tarball, archive, onStep, signal);
  if (problem !== null) return refuse(problem, `see that ${new URL(tarball.url).host} can be reached`);
  onStep('unpacks libtensorflow');
  const unpacked = join(work, 'archive');
  mkdirSync(unpacked, { recursive: true });
  // The archive has each library once under its full version, and links to it under shorter names.
  await pipeline(
    createReadStream(archive),
    createGunzip(),
    unpackTar(unpacked, {
      filter: ({ name, type }) => type === 'file' && /^(\.\/)?(lib|include)\//.test(name),
      map: (header) => ({ ...header, name: libraryName(header.name) }),
    }),
  );
  for (const library of LIBRARIES) renameSync(join(unpacked, 'lib', library), join(engine, library));
  return ok({
    version: tarball.version,
    libraries: LIBRARIES,
    others: [],
    headers: join(unpacked, 'include'),
  });
}

const libraryName = (name: string): string => name.replace(/(\.so\.\d+)(\.\d+)+$/, '$1');
