import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, mkdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { unpackTar } from 'modern-tar/fs';
import { ok, type Result } from '../failure.ts';
import { megabytes, refuse } from './addon.ts';
import type { Tarball } from './releases.ts';
import type { Parts, WayOptions } from './way.ts';

const LIBRARIES = ['libtensorflow.so.2', 'libtensorflow_framework.so.2'];

/** Libraries and headers out of the archive that @tensorflow/tfjs-node-gpu would download itself: older, no Python. */
export async function fromTarball(tarball: Tarball, options: WayOptions): Promise<Result<Parts>> {
  const { work, engine, onStep, signal } = options;
  const archive = join(work, 'libtensorflow.tar.gz');
  const problem = await download(tarball, archive, onStep, signal);
  if (problem !== null) return refuse(problem, `see that ${new URL(tarball.url).host} can be reached`);
  onStep('unpacks libtensorflow');
  const unpacked = join(work, 'unpacked');
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
  return ok({ version: tarball.version, libraries: LIBRARIES, headers: join(unpacked, 'include') });
}

const libraryName = (name: string): string => name.replace(/(\.so\.\d+)(\.\d+)+$/, '$1');

/** Resolves to what went wrong, or null. The file is there only with the right bytes. */
async function download(
  { url, sha256 }: Tarball,
  to: string,
  onStep: (step: string) => void,
  signal: AbortSignal,
): Promise<string | null> {
  mkdirSync(dirname(to), { recursive: true });
  const hash = createHash('sha256');
  try {
    const answer = await fetch(url, { signal });
    if (!answer.ok || answer.body === null) return `${url} answered ${answer.status} ${answer.statusText}`;
    const total = Number(answer.headers.get('content-length') ?? 0);
    onStep(`fetches ${url}${total > 0 ? ` (${megabytes(total)})` : ''}`);
    let [done, said] = [0, 0];
    const watch = new Transform({
      transform(chunk: Buffer, _encoding, next) {
        hash.update(chunk);
        done += chunk.length;
        if (done - said > 2e7) {
          said = done;
          onStep(`fetches libtensorflow: ${megabytes(done)}${total > 0 ? ` of ${megabytes(total)}` : ''}`);
        }
        next(null, chunk);
      },
    });
    await pipeline(Readable.fromWeb(answer.body as never), watch, createWriteStream(to));
  } catch (error) {
    const { code, message, cause } = error as NodeJS.ErrnoException & { cause?: Error };
    if (code === 'ENOSPC') throw error;
    return `${url} could not be fetched: ${cause?.message || message}`;
  }
  const digest = hash.digest('hex');
  return digest === sha256 ? null : `${url} has sha256 ${digest}, expected ${sha256}; it was not used`;
}
