import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const NAME = 'engine.json';

/** What an installed engine is made of; written last, so that a folder without one is no engine. */
export interface Manifest {
  readonly format: 1;
  readonly kind: string;
  readonly tensorflow: string;
  /** Version of @tensorflow/tfjs-node-gpu whose addon was compiled. */
  readonly addon: string;
  /** Digest of the sources that the addon was compiled of; engines of older versions do not say it. */
  readonly sources?: string;
  readonly files: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;
}

export function readManifest(folder: string): Manifest | null {
  try {
    const manifest = JSON.parse(readFileSync(join(folder, NAME), 'utf8')) as Manifest;
    return manifest.format === 1 ? manifest : null;
  } catch {
    return null;
  }
}

export async function writeManifest(
  folder: string,
  about: Omit<Manifest, 'format' | 'files'>,
  files: readonly string[],
): Promise<Manifest> {
  const entries: [string, Manifest['files'][string]][] = [];
  for (const file of files) entries.push([file, await describeFile(join(folder, file))]);
  const manifest: Manifest = { format: 1, ...about, files: Object.fromEntries(entries) };
  writeFileSync(join(folder, NAME), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

/** What is wrong with an engine's files, or null. The cheap check looks at sizes, the full one reads every byte. */
export async function checkFiles(folder: string, manifest: Manifest, full: boolean): Promise<string | null> {
  for (const [file, { bytes, sha256 }] of Object.entries(manifest.files)) {
    const path = join(folder, file);
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return `${path} is missing`;
    if (stats.size !== bytes) return `${path} has ${stats.size} bytes, expected ${bytes}`;
    if (full && (await sha256Of(path)) !== sha256) return `${path} does not fit its sha256`;
  }
  return null;
}

async function describeFile(path: string) {
  return { bytes: statSync(path).size, sha256: await sha256Of(path) };
}

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
