import { readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { ok, type Result } from '../failure.ts';
import { megabytes, refuse } from './addon.ts';
import { fetchWheel } from './fetch-wheel.ts';
import { type Release, WANTED } from './releases.ts';
import { unpack } from './unpack.ts';
import type { Parts, WayOptions } from './way.ts';

/** A library of a wheel of NVIDIA's. */
const LIBRARY = [/^nvidia\/[^/]+\/lib\/[^/]+\.so[.\d]*$/];

/** Libraries and headers out of TensorFlow's wheel, and CUDA's out of its own; nothing of Python is needed afterwards. */
export async function fromWheel(release: Release, options: WayOptions): Promise<Result<Parts>> {
  const { work, engine, onStep, signal } = options;
  const { wheel, libraries, more } = release;
  const say = (file: string, bytes: number): void => {
    if (bytes > 1e6) onStep(`unpacks ${file.split('/').at(-1)} (${megabytes(bytes)})`);
  };
  // All is fetched before anything is unpacked: a wheel that cannot be had is noticed first.
  const files: string[] = [];
  for (const wanted of [wheel, ...more]) {
    const got = await fetchWheel(wanted, options);
    if (!got.ok) return got;
    files.push(got.value);
  }
  const unpacked = join(work, 'unpacked');
  await unpack(files[0]!, WANTED, unpacked, say);
  const there = new Set(readdirSync(join(unpacked, 'tensorflow')));
  const missing = libraries.filter((library) => !there.has(library));
  if (missing.length > 0)
    return refuse(`${wheel.package} ${wheel.version} has no ${missing.join(' and no ')}`);
  for (const library of libraries) renameSync(join(unpacked, 'tensorflow', library), join(engine, library));
  for (const file of files.slice(1)) {
    signal.throwIfAborted();
    // Side by side: each finds the others beside itself.
    await unpack(file, LIBRARY, engine, say, (name) => name.split('/').at(-1)!);
  }
  return ok({
    version: wheel.version,
    libraries,
    others: readdirSync(engine)
      .filter((name) => !libraries.includes(name))
      .sort(),
    headers: join(unpacked, 'tensorflow', 'include'),
  });
}
