import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, rmSync, type Stats, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { type BlobDigest, sha256 } from '../../digest.ts';
import { blobName, checkFile, lookAt } from '../artifact.ts';
import { layout } from '../layout.ts';
import { setAside } from '../set-aside.ts';
import { type StatIndex, untilSettled } from '../stat-index.ts';
import { temporaryName } from '../temporary.ts';
import { parseTree, readTree } from '../tree.ts';
import { moveInto, writeWhole } from '../write.ts';
import { LARGEST_PACK } from './contents.ts';
import { unpack } from './pack.ts';
import type { Content, ContentId, PackDigest } from './signed-result.ts';

/** Takes what comes from elsewhere into a store, each file by rename once its bytes are found to fit; no record. */
export interface Arrival {
  /** Whether it is there already, all of it. */
  has(content: ContentId): Promise<boolean>;
  /** All that is in a pack; `false` where its bytes or what they hold do not fit, or are no pack. */
  takePack(digest: PackDigest, bytes: Buffer): Promise<boolean>;
  /** A large one; `false` where what came does not fit its digest, or is a folder's node that is none. */
  takeStream(content: Content, chunks: AsyncIterable<Uint8Array>): Promise<boolean>;
  /** To be called at the end: what arrived need not be read again to be believed. */
  settle(): Promise<void>;
}

export function openArrival(root: string, index: StatIndex): Arrival {
  const landed: [BlobDigest, Stats][] = [];
  mkdirSync(layout.tmp(root), { recursive: true });

  function landBlob(from: string, digest: BlobDigest): void {
    const blob = layout.blob(root, digest);
    moveInto(from, blob);
    landed.push([digest, lstatSync(blob)]);
  }

  async function hasBlob(digest: BlobDigest): Promise<boolean> {
    const blob = layout.blob(root, digest);
    if (lookAt(blob) === null) return false;
    if ((await checkFile(index, blob, digest)) === null) return true;
    setAside(root, blob);
    return false;
  }

  const has = async ({ kind, digest }: ContentId): Promise<boolean> =>
    kind === 'blob' ? hasBlob(digest) : readTree(root, digest) !== null;

  /** Takes bytes that fit their digest; `false`: a folder's node that is none. */
  async function take(content: ContentId, bytes: Buffer): Promise<boolean> {
    if (content.kind === 'tree' && parseTree(bytes.toString()) === null) return false;
    if (await has(content)) return true;
    if (content.kind === 'tree') {
      writeWhole(root, layout.tree(root, content.digest), bytes);
      return true;
    }
    const temporary = temporaryName(root);
    writeFileSync(temporary, bytes, { mode: 0o444 });
    landBlob(temporary, content.digest);
    return true;
  }

  return {
    has,
    async takePack(digest, bytes) {
      const contents = sha256(bytes) === digest ? unpack(bytes) : null;
      for (const content of contents ?? []) if (!(await take(content, content.part))) return false;
      return contents !== null;
    },
    async takeStream(content, chunks) {
      if (content.kind === 'tree') {
        const bytes = await gather(chunks, Math.min(content.bytes, LARGEST_PACK));
        if (bytes === null || sha256(bytes) !== content.digest) return false;
        return take(content, bytes);
      }
      const temporary = temporaryName(root);
      const file = await open(temporary, 'wx');
      try {
        const hash = createHash('sha256');
        let done = 0;
        for await (const chunk of chunks) {
          done += chunk.length;
          if (done > content.bytes) break;
          hash.update(chunk);
          await file.writeFile(chunk);
        }
        await file.close();
        if (done !== content.bytes || hash.digest('hex') !== content.digest) return false;
        chmodSync(temporary, 0o444);
        landBlob(temporary, content.digest);
        return true;
      } finally {
        await file.close().catch(() => undefined);
        rmSync(temporary, { force: true });
      }
    },
    async settle() {
      const youngest = Math.max(0, ...landed.slice(-1000).map(([, { mtimeMs }]) => mtimeMs));
      await untilSettled(youngest);
      for (const [digest, stats] of landed.splice(0)) index.remember(blobName(digest), digest, stats);
      index.save();
    },
  };
}

/** All bytes of a stream; `null` where there are more than `most`. */
export async function gather(chunks: AsyncIterable<Uint8Array>, most: number): Promise<Buffer | null> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of chunks) {
    length += part.length;
    if (length > most) return null;
    parts.push(part);
  }
  return Buffer.concat(parts);
}
