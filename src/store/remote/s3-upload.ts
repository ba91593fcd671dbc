import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import PQueue from 'p-queue';
import { type Objects, RemoteTrouble, type SentFile, SourceDamaged } from './objects.ts';
import { asTroubleOf, statusOf } from './s3-trouble.ts';

/** What is larger goes up in parts of this size. */
export const PART = 8 << 20;
const MOST_PARTS = 10_000;
const PARTS_AT_ONCE = 4;

type Commands = Omit<typeof import('@aws-sdk/client-s3'), 'S3Client'>;
type Part = { readonly PartNumber: number; readonly ETag: string };

/**
 * Sends large files in parts. One that was cut off, by us or by somebody who sends the same, is gone on with: the server
 * still has its parts, and tells their MD5. Two at once help each other.
 */
export function openUploads(client: S3Client, commands: Commands, bucket: string) {
  const queue = new PQueue({ concurrency: PARTS_AT_ONCE });

  return async function upload(file: SentFile & { readonly key: string }, objects: Objects): Promise<void> {
    const of = { Bucket: bucket, Key: file.key };
    try {
      const { id, parts } = await begin(of);
      const sent = await sendParts({ ...of, UploadId: id }, parts, file);
      await client.send(
        new commands.CompleteMultipartUploadCommand({
          ...of,
          UploadId: id,
          MultipartUpload: { Parts: sent },
        }),
      );
    } catch (error) {
      // Somebody else has completed the upload under our hands.
      const isOver = (error as Error).name === 'NoSuchUpload';
      if (isOver && (await objects.size(file.name)) === file.bytes) return;
      throw asTroubleOf(error, bucket);
    }
  };

  /** The latest upload of that name that was not completed, and what it has; or a new one. */
  async function begin(of: { Bucket: string; Key: string }) {
    const parts = new Map<number, { readonly ETag: string; readonly Size: number }>();
    const { Uploads = [] } = await client
      .send(new commands.ListMultipartUploadsCommand({ Bucket: of.Bucket, Prefix: of.Key }))
      // Who may not ask begins anew.
      .catch((error) => (statusOf(error) === 403 ? { Uploads: [] } : Promise.reject(error)));
    const before = Uploads.filter(({ Key }) => Key === of.Key).at(-1)?.UploadId;
    if (before === undefined) {
      const { UploadId } = await client.send(new commands.CreateMultipartUploadCommand(of));
      if (UploadId === undefined) throw new RemoteTrouble('the server began no upload');
      return { id: UploadId, parts };
    }
    let PartNumberMarker: string | undefined;
    do {
      const page = await client.send(
        new commands.ListPartsCommand({ ...of, UploadId: before, PartNumberMarker }),
      );
      for (const { PartNumber, ETag, Size } of page.Parts ?? [])
        if (PartNumber !== undefined && ETag !== undefined) parts.set(PartNumber, { ETag, Size: Size ?? -1 });
      PartNumberMarker = page.IsTruncated ? page.NextPartNumberMarker : undefined;
    } while (PartNumberMarker !== undefined);
    return { id: before, parts };
  }

  async function sendParts(
    of: { Bucket: string; Key: string; UploadId: string },
    there: ReadonlyMap<number, { readonly ETag: string; readonly Size: number }>,
    { path, bytes, sha256, onBytes }: SentFile,
  ): Promise<Part[]> {
    const size = Math.max(PART, Math.ceil(bytes / MOST_PARTS));
    const hash = createHash('sha256');
    const sent: Promise<Part>[] = [];
    const file = await open(path, 'r');
    try {
      for (let number = 1; (number - 1) * size < bytes; number++) {
        const { buffer, bytesRead } = await file.read(
          Buffer.allocUnsafe(Math.min(size, bytes)),
          0,
          size,
          (number - 1) * size,
        );
        const Body = buffer.subarray(0, bytesRead);
        hash.update(Body);
        const has = there.get(number);
        if (has?.Size === bytesRead && has.ETag.replaceAll('"', '') === md5(Body)) {
          onBytes(bytesRead);
          sent.push(Promise.resolve({ PartNumber: number, ETag: has.ETag }));
          continue;
        }
        const request = { ...of, PartNumber: number, Body };
        const part = queue.add(async (): Promise<Part> => {
          const { ETag } = await client.send(new commands.UploadPartCommand(request));
          onBytes(bytesRead);
          return { PartNumber: number, ETag: ETag! };
        });
        part.catch(() => undefined);
        sent.push(part);
        await queue.onSizeLessThan(1);
      }
    } finally {
      await file.close();
    }
    const parts = await Promise.all(sent);
    if (hash.digest('hex') === sha256) return parts;
    await client.send(new commands.AbortMultipartUploadCommand(of));
    throw new SourceDamaged(path);
  }
}

const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');
