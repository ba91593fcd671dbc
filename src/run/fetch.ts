import { createHash, type Hash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { BlobDigest } from '../digest.ts';
import type { Failure } from '../failure.ts';
import { fail, ok, type Result } from '../failure.ts';
import { pause } from '../pause.ts';
import type { UrlDigest } from '../pipeline/pipeline.ts';

const TRIES = 4;
/** A server that wants to be left alone for longer is not waited for. */
const LONGEST_WAIT_MS = 60_000;

export interface Download {
  readonly stage: string;
  readonly input: string;
  readonly url: string;
  readonly digest: UrlDigest;
  /** Where the file is built up, by us alone; what an earlier try left there is gone on with. */
  readonly partial: string;
  readonly onProgress: (done: number, total: number | null) => void;
  readonly signal: AbortSignal;
}

export interface Fetched {
  readonly path: string;
  /** Its bytes were hashed as they came: nobody needs to read them again. */
  readonly sha256: BlobDigest;
}

/**
 * Fetches a URL into `partial` and checks its digest. A server that stops half-way is asked for the rest (HTTP Range);
 * where the whole then does not fit, what was there before is to blame, and all of it is fetched anew. Bytes that do not
 * fit the digest are removed.
 */
export async function download(wanted: Download): Promise<Result<Fetched>> {
  const { partial, signal, digest } = wanted;
  mkdirSync(dirname(partial), { recursive: true });
  let problem = '';
  // Put there by hand, or whole when an earlier run was killed: no network is needed.
  if (existsSync(partial)) {
    const there = digests(await hashesOf(partial, digest, statSync(partial).size), 0);
    if (there[digest.algorithm] === digest.hex.toLowerCase())
      return ok({ path: partial, sha256: there.sha256 as BlobDigest });
  }
  for (let attempt = 1; attempt <= TRIES && !signal.aborted; attempt++) {
    try {
      const got = await fetchRest(wanted);
      if (got[digest.algorithm] === digest.hex.toLowerCase())
        return ok({ path: partial, sha256: got.sha256 as BlobDigest });
      rmSync(partial, { force: true });
      problem = `its ${digest.algorithm} is ${got[digest.algorithm]}, expected ${digest.hex}; the file was not used`;
      if (got.fromTheStart) return fail(failed(wanted, problem));
    } catch (error) {
      if (error instanceof NoUse) return fail(failed(wanted, error.message));
      // The disk said no, not the network.
      if (['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? ''))
        throw error;
      problem = reasonOf(error);
      const wait = error instanceof Later ? error.ms : null;
      if (wait !== null && wait > LONGEST_WAIT_MS)
        return fail(failed(wanted, `${problem}, and wants to be asked again in ${Math.ceil(wait / 1000)} s`));
      if (attempt < TRIES) await pause(Math.max(wait ?? 0, 100 * attempt * attempt), signal);
    }
  }
  return fail(failed(wanted, signal.aborted ? 'it was interrupted; what is there is kept' : problem));
}

/** It is of no use to ask again. */
class NoUse extends Error {}

/** It may be of use to ask again, after a while that the server may name. */
class Later extends Error {
  readonly ms: number | null;
  constructor(message: string, ms: number | null) {
    super(message);
    this.ms = ms;
  }
}

interface Digests {
  readonly sha256: string;
  /** Only where the pipeline names one. */
  readonly md5?: string;
  /** Whether no earlier try had a part in it. */
  readonly fromTheStart: boolean;
}

/** Gets what is missing after the bytes that are there. */
async function fetchRest({ url, partial, digest, onProgress, signal }: Download): Promise<Digests> {
  const have = existsSync(partial) ? statSync(partial).size : 0;
  const answer = await fetch(url, { signal, headers: have > 0 ? { range: `bytes=${have}-` } : {} });
  const { status, statusText } = answer;
  const said = `the server answered ${status}${statusText === '' ? '' : ` ${statusText}`}`;
  // There is nothing after what we have: it is whole, or of another file.
  if (status === 416 && have > 0) return digests(await hashesOf(partial, digest, have), have);
  if (status === 408 || status === 429 || status >= 500) {
    await answer.body?.cancel();
    throw new Later(said, retryAfter(answer.headers.get('retry-after')));
  }
  if (!answer.ok || answer.body === null) throw new NoUse(said);
  const from = status === 206 ? have : 0;
  const begins = /^bytes (\d+)-/.exec(answer.headers.get('content-range') ?? '')?.[1];
  if (status === 206 && begins !== undefined && Number(begins) !== from) {
    await answer.body.cancel();
    rmSync(partial, { force: true });
    throw new Later('the server sent another part than it was asked for', null);
  }
  const length = answer.headers.get('content-length');
  const total = length === null ? null : from + Number(length);
  const hashes = await hashesOf(partial, digest, from);
  let done = from;
  const counted = async function* (source: AsyncIterable<Uint8Array>) {
    for await (const chunk of source) {
      done += chunk.length;
      for (const hash of hashes.values()) hash.update(chunk);
      onProgress(done, total);
      yield chunk;
    }
  };
  const stopped = (cause?: unknown): Error =>
    new Error(`the server stopped after ${done}${total === null ? '' : ` of ${total}`} bytes`, { cause });
  try {
    await pipeline(
      Readable.fromWeb(answer.body),
      counted,
      createWriteStream(partial, { flags: from > 0 ? 'a' : 'w' }),
    );
  } catch (error) {
    // `terminated` is what fetch says of a connection that was closed.
    throw error instanceof TypeError && error.message === 'terminated' ? stopped(error.cause) : error;
  }
  if (total !== null && done < total) throw stopped();
  return digests(hashes, from);
}

type Hashes = ReadonlyMap<UrlDigest['algorithm'], Hash>;

/** The hashes that are wanted, fed with the first bytes of what is there. */
async function hashesOf(path: string, { algorithm }: UrlDigest, bytes: number): Promise<Hashes> {
  const hashes: Hashes = new Map([
    ['sha256', createHash('sha256')],
    [algorithm, createHash(algorithm)],
  ]);
  if (bytes > 0)
    for await (const chunk of createReadStream(path, { end: bytes - 1 }))
      for (const hash of hashes.values()) hash.update(chunk as Buffer);
  return hashes;
}

const digests = (hashes: Hashes, from: number): Digests => ({
  ...(Object.fromEntries([...hashes].map(([name, hash]) => [name, hash.digest('hex')])) as {
    sha256: string;
    md5?: string;
  }),
  fromTheStart: from === 0,
});

/** Seconds, or a date; in ms from now. */
function retryAfter(text: string | null): number | null {
  if (text === null) return null;
  const ms = /^\d+$/.test(text) ? 1000 * Number(text) : Date.parse(text) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}

function reasonOf(error: unknown): string {
  const { message, cause } = error as Error & { cause?: Error };
  return cause?.message ? `${message}: ${cause.message}` : message;
}

function failed({ stage, input, url, digest, partial }: Download, message: string): Failure {
  const have = existsSync(partial)
    ? ` (the ${statSync(partial).size} bytes that lie there are not yet it)`
    : '';
  return {
    reason: 'download-failed',
    stage,
    input,
    url,
    message,
    help: `to do without the network, fetch the file elsewhere (${digest.algorithm} ${digest.hex}) and put it at ${partial}${have}, or write \`${input}: { path: … }\` instead of the url`,
  };
}
