import { readFileSync } from 'node:fs';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { sha256 } from '../../digest.ts';
import type { SharedStore } from '../../pipeline/pipeline.ts';
import { bytesOf, type Objects, type Patience, SourceDamaged, within } from './objects.ts';
import { asTroubleOf, statusOf } from './s3-trouble.ts';
import { openUploads, PART } from './s3-upload.ts';

type Bucket = Extract<SharedStore['at'], { bucket: string }>;

/** A bucket of Amazon's or of any server that speaks its language. Credentials are found where AWS tools find them. */
export async function openS3(at: Bucket, patience: Patience): Promise<Objects> {
  // Whoever runs us knows which Node it is.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const { S3Client, ...commands } = await import('@aws-sdk/client-s3');
  const agent = { keepAlive: true, maxSockets: 64 };
  const region = at.region ?? (at.endpoint === null ? null : (process.env.AWS_REGION ?? 'us-east-1'));
  const client: S3Client = new S3Client({
    ...(at.endpoint === null ? {} : { endpoint: at.endpoint, forcePathStyle: true }),
    ...(region === null ? {} : { region }),
    maxAttempts: 2,
    // We check all bytes by their sha256, and not all servers know Amazon's newer checksums.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: patience.answerMs,
      socketTimeout: patience.stallMs,
      httpAgent: new HttpAgent(agent),
      httpsAgent: new HttpsAgent(agent),
    },
  });
  const of = (name: string) => ({ Bucket: at.bucket, Key: at.prefix + name });

  /** Asks for something whose answer is short, or begins soon. */
  async function ask<T>(send: (options: { abortSignal: AbortSignal }) => Promise<T>): Promise<T> {
    const end = new AbortController();
    try {
      // The signal alone would not end the search for credentials.
      return await within(patience.answerMs, send({ abortSignal: end.signal }));
    } catch (error) {
      end.abort();
      throw asTroubleOf(error, at.bucket);
    }
  }

  async function put(name: string, bytes: Uint8Array, replace: boolean): Promise<'put' | 'there'> {
    // What is signed holds the bytes' sha256: the server refuses what was changed on the way.
    const request = { ...of(name), Body: bytes };
    try {
      await client.send(
        new commands.PutObjectCommand({ ...request, ...(replace ? {} : { IfNoneMatch: '*' }) }),
      );
      return 'put';
    } catch (error) {
      // 412: it is there; 409: somebody writes it this moment.
      if (!replace && [409, 412].includes(statusOf(error) ?? 0)) return 'there';
      // A server that knows no conditions: then the last of several who write the same stands.
      if (!replace && statusOf(error) === 501) return put(name, bytes, true);
      throw asTroubleOf(error, at.bucket);
    }
  }

  const upload = openUploads(client, commands, at.bucket);
  const objects: Objects = {
    async list(folder) {
      const names: string[] = [];
      let ContinuationToken: string | undefined;
      do {
        const page = await ask((options) =>
          client.send(
            new commands.ListObjectsV2Command({
              Bucket: at.bucket,
              Prefix: at.prefix + folder,
              ContinuationToken,
            }),
            options,
          ),
        );
        for (const { Key } of page.Contents ?? []) if (Key) names.push(Key.slice(at.prefix.length));
        ContinuationToken = page.IsTruncated ? page.NextContinuationToken : undefined;
      } while (ContinuationToken !== undefined);
      return names;
    },
    size: (name) =>
      ask((options) =>
        client.send(new commands.HeadObjectCommand(of(name)), options).then(
          ({ ContentLength }) => ContentLength ?? null,
          (error) => (statusOf(error) === 404 ? null : Promise.reject(error)),
        ),
      ),
    async read(name, from = 0) {
      const Range = from === 0 ? undefined : `bytes=${from}-`;
      const answer = await ask((options) =>
        client.send(new commands.GetObjectCommand({ ...of(name), Range }), options).catch((error) => {
          if (error.name === 'NoSuchKey' || error.name === 'InvalidRange') return null;
          throw error;
        }),
      );
      return answer === null ? null : bytesOf(answer.Body as Readable, patience.stallMs);
    },
    put: (name, bytes, { replace = false } = {}) => put(name, bytes, replace),
    async putFile(file) {
      if (file.bytes > PART) return upload({ ...file, key: of(file.name).Key }, objects);
      const bytes = readFileSync(file.path);
      if (sha256(bytes) !== file.sha256) throw new SourceDamaged(file.path);
      await put(file.name, bytes, true);
      file.onBytes(bytes.length);
    },
    close: () => client.destroy(),
  };
  return objects;
}
