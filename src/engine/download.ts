import {
  closeSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { megabytes } from './addon.ts';
import { sha256Of } from './manifest.ts';

/**
 * Fetches a file by its address. What an earlier try left in `to`.part is gone on with, so that an install which was
 * interrupted does not begin anew. `to` is there only with the right bytes.
 * @returns what went wrong, or null.
 * @throws what the disk says (ENOSPC …).
 */
export async function download(
  { url, sha256 }: { readonly url: string; readonly sha256: string },
  to: string,
  onStep: (step: string) => void,
  signal: AbortSignal,
): Promise<string | null> {
  mkdirSync(dirname(to), { recursive: true });
  const part = `${to}.part`;
  let from = 0;
  try {
    const have = existsSync(part) ? statSync(part).size : 0;
    const answer = await fetch(url, { signal, headers: have > 0 ? { range: `bytes=${have}-` } : {} });
    if (answer.status === 416) {
      rmSync(part, { force: true });
      return `${url} is shorter than what was there of it; try again`;
    }
    if (!answer.ok || answer.body === null) return `${url} answered ${answer.status} ${answer.statusText}`;
    from = answer.status === 206 ? have : 0;
    await receive(answer, { url, part, from }, onStep);
  } catch (error) {
    const { code, message, cause } = error as NodeJS.ErrnoException & { cause?: Error };
    if (code !== undefined && /^(ENOSPC|EDQUOT|EROFS|EACCES|EIO)$/.test(code)) throw error;
    return `${url} could not be fetched: ${cause?.message || message}`;
  }
  const digest = await sha256Of(part);
  if (digest === sha256) {
    renameSync(part, to);
    return null;
  }
  const page = isWebPage(part);
  rmSync(part, { force: true });
  // Its beginning may have been of another file.
  if (from > 0 && !signal.aborted) return download({ url, sha256 }, to, onStep, signal);
  return page
    ? `${url} answered with a web page and not with the file: a proxy or a login page stands between`
    : `${url} has sha256 ${digest}, expected ${sha256}; it was not used`;
}

async function receive(
  answer: Response,
  { url, part, from }: { readonly url: string; readonly part: string; readonly from: number },
  onStep: (step: string) => void,
): Promise<void> {
  const length = Number(answer.headers.get('content-length') ?? 0);
  const total = length > 0 ? from + length : 0;
  const of = total > 0 ? ` of ${megabytes(total)}` : '';
  onStep(from > 0 ? `goes on with ${url} at ${megabytes(from)}${of}` : `fetches ${url}${of}`);
  let [done, said] = [from, from];
  const counted = async function* (source: AsyncIterable<Uint8Array>) {
    for await (const chunk of source) {
      done += chunk.length;
      if (done - said > 2e7) {
        said = done;
        onStep(`fetches ${new URL(url).pathname.split('/').at(-1)}: ${megabytes(done)}${of}`);
      }
      yield chunk;
    }
  };
  await pipeline(
    Readable.fromWeb(answer.body as import('node:stream/web').ReadableStream),
    counted,
    createWriteStream(part, { flags: from > 0 ? 'a' : 'w' }),
  );
  if (total > 0 && done < total)
    throw new Error(`the server stopped after ${done} of ${total} bytes; what came is kept`);
}

/** Whether a file begins as HTML does: neither a zip nor a gzip archive begins with `<`. */
export function isWebPage(file: string): boolean {
  const begin = Buffer.alloc(64);
  const open = openSync(file, 'r');
  try {
    return begin.subarray(0, readSync(open, begin)).toString('latin1').trimStart().startsWith('<');
  } finally {
    closeSync(open);
  }
}
