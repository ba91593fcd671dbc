import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Failure } from '../failure.ts';
import { fail, ok, type Result } from '../failure.ts';
import type { UrlDigest } from '../pipeline/pipeline.ts';
import { pause } from './pause.ts';

const TRIES = 4;

export interface Download {
  readonly stage: string;
  readonly input: string;
  readonly url: string;
  readonly digest: UrlDigest;
  /** Where the file is built up; what an earlier try left there is gone on with. */
  readonly partial: string;
  readonly onProgress: (done: number, total: number | null) => void;
  readonly signal: AbortSignal;
}

/**
 * Fetches a URL into `partial` and checks its digest. A server that stops half-way is asked for the rest (HTTP Range);
 * bytes that do not fit the digest are removed. Resolves to the path.
 */
export async function download(wanted: Download): Promise<Result<string>> {
  const { partial, signal } = wanted;
  mkdirSync(dirname(partial), { recursive: true });
  let problem = '';
  for (let attempt = 1; attempt <= TRIES && !signal.aborted; attempt++) {
    try {
      const fatal = await fetchRest(wanted);
      if (fatal !== null) return fail(failed(wanted, fatal));
      const got = await digestOf(partial, wanted.digest.algorithm);
      if (got === wanted.digest.hex.toLowerCase()) return ok(partial);
      rmSync(partial, { force: true });
      return fail(
        failed(
          wanted,
          `its ${wanted.digest.algorithm} is ${got}, expected ${wanted.digest.hex}; the file was not used`,
        ),
      );
    } catch (error) {
      problem = reasonOf(error);
      await pause(100 * attempt * attempt, signal);
    }
  }
  return fail(failed(wanted, signal.aborted ? 'it was interrupted; what is there is kept' : problem));
}

/** Gets what is missing after the bytes that are there. Resolves to why it is of no use to try again, or null. */
async function fetchRest({ url, partial, onProgress, signal }: Download): Promise<string | null> {
  const have = existsSync(partial) ? statSync(partial).size : 0;
  const answer = await fetch(url, { signal, headers: have > 0 ? { range: `bytes=${have}-` } : {} });
  // 416: there is nothing after what we have.
  if (answer.status === 416) return null;
  if (answer.status >= 400 && answer.status < 500)
    return `the server answered ${answer.status} ${answer.statusText}`;
  if (!answer.ok || answer.body === null) throw new Error(`the server answered ${answer.status}`);
  const from = answer.status === 206 ? have : 0;
  const length = answer.headers.get('content-length');
  const total = length === null ? null : from + Number(length);
  let done = from;
  const counted = async function* (source: AsyncIterable<Uint8Array>) {
    for await (const chunk of source) {
      done += chunk.length;
      onProgress(done, total);
      yield chunk;
    }
  };
  await pipeline(
    Readable.fromWeb(answer.body as import('node:stream/web').ReadableStream),
    counted,
    createWriteStream(partial, { flags: from > 0 ? 'a' : 'w' }),
  );
  if (total !== null && done < total) throw new Error(`the server stopped after ${done} of ${total} bytes`);
  return null;
}

async function digestOf(path: string, algorithm: UrlDigest['algorithm']): Promise<string> {
  const hash = createHash(algorithm);
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

function reasonOf(error: unknown): string {
  const { message, cause } = error as Error & { cause?: Error };
  return cause?.message ? `${message}: ${cause.message}` : message;
}

function failed({ stage, input, url, digest }: Download, message: string): Failure {
  return {
    reason: 'download-failed',
    stage,
    input,
    url,
    message,
    help: `to do without the network, fetch the file elsewhere (${digest.algorithm} ${digest.hex}) and write \`${input}: { path: … }\` instead of the url`,
  };
}
