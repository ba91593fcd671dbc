import { createHash } from 'node:crypto';
import { createReadStream, readdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { createTarPacker } from 'modern-tar';
import { sha256 } from '../../digest.ts';
import { lookAt } from '../artifact.ts';
import { hashFile } from '../hash-file.ts';
import type { StageRecord } from '../record.ts';
import { contentsOf, divide, pathOfContent } from '../remote/contents.ts';
import { SourceDamaged } from '../remote/objects.ts';
import { pack } from '../remote/pack.ts';
import {
  type Content,
  contentName,
  type PackDigest,
  packName,
  resultName,
  writeResult,
} from '../remote/signed-result.ts';
import type { Signer } from '../remote/signing.ts';
import type { Store } from '../store.ts';
import { isArchivable, MANIFEST, type RunFolderFile, writeManifest } from './manifest.ts';

export interface Archived {
  readonly results: number;
  readonly files: number;
  readonly bytes: number;
}

/**
 * Writes a run with all its results into one file: a plain tar, not compressed, so that no more can come out of it than
 * it is large. In it lies what would lie in a remote, results first, and the run's folder. The same run and key give the
 * same bytes. Throws `SourceDamaged` where files of the store are not what their names say.
 */
export async function writeArchive(
  store: Store,
  run: string,
  records: readonly StageRecord[],
  signer: Signer | null,
  file: string,
): Promise<Archived> {
  const { root } = store;
  // Each result packs its own files, as it would for a remote; what several have is written once.
  const packed = new Map<PackDigest, readonly Content[]>();
  const alone = new Map<string, Content>();
  const results = new Map<string, Buffer>();
  for (const record of records) {
    const divided = divide(contentsOf(root, record));
    const packs = divided.packs.map((contents) => {
      const bytes = pack(root, contents);
      const digest = sha256<'pack'>(bytes);
      packed.set(digest, contents);
      return { digest, bytes: bytes.length };
    });
    for (const content of divided.alone) alone.set(contentName(content), content);
    const text = writeResult({ record, packs, alone: divided.alone }, signer);
    results.set(resultName(record, signer?.publicKey ?? null), Buffer.from(text));
  }
  const folder = join(store.runsFolder, run);
  const files = await runFolderFiles(folder);
  const manifest = writeManifest({ run, results: results.size, files }, signer);

  const tar = openTar(file);
  await tar.add(MANIFEST, Buffer.from(manifest));
  for (const [name, text] of sorted(results)) await tar.add(name, text);
  for (const [digest, contents] of sorted(packed)) await tar.add(packName(digest), pack(root, contents));
  for (const [name, content] of sorted(alone)) await tar.addFile(name, pathOfContent(root, content), content);
  for (const { path, bytes, sha256: digest } of files)
    await tar.addFile(`runs/${run}/${path}`, join(folder, path), { bytes, digest });
  return { results: results.size, files: files.length, bytes: await tar.end() };
}

const sorted = <K extends string, V>(map: ReadonlyMap<K, V>): [K, V][] =>
  [...map].sort(([a], [b]) => (a < b ? -1 : 1));

async function runFolderFiles(folder: string): Promise<RunFolderFile[]> {
  const found: RunFolderFile[] = [];
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const at = join(entry.parentPath, entry.name);
    const path = relative(folder, at);
    if (!entry.isFile() || !isArchivable(path)) continue;
    const bytes = lookAt(at)!.size;
    found.push({ path, bytes, sha256: await hashFile(at, bytes) });
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** A tar without times and owners, written as it is made. */
function openTar(file: string) {
  const { readable, controller } = createTarPacker();
  let written = 0;
  const writing = (async () => {
    const out = await open(file, 'wx');
    try {
      for await (const chunk of readable) {
        await out.writeFile(chunk);
        written += chunk.length;
      }
      await out.sync();
    } finally {
      await out.close();
    }
  })();
  // Whoever adds or ends hears of it.
  writing.catch(() => undefined);
  const header = (name: string, size: number) =>
    ({ name, size, type: 'file', mode: 0o444, mtime: new Date(0), uid: 0, gid: 0 }) as const;
  return {
    async add(name: string, bytes: Buffer): Promise<void> {
      const writer = controller.add(header(name, bytes.length)).getWriter();
      if (bytes.length > 0) await Promise.race([writer.write(bytes), writing]);
      await writer.close();
    },
    async addFile(
      name: string,
      path: string,
      { bytes, digest }: { bytes: number; digest: string },
    ): Promise<void> {
      if (lookAt(path)?.size !== bytes) throw new SourceDamaged(path);
      const writer = controller.add(header(name, bytes)).getWriter();
      const hash = createHash('sha256');
      for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
        hash.update(chunk as Buffer);
        await Promise.race([writer.write(chunk as Buffer), writing]);
      }
      if (hash.digest('hex') !== digest) throw new SourceDamaged(path);
      await writer.close();
    },
    async end(): Promise<number> {
      controller.finalize();
      await writing;
      return written;
    },
  };
}
