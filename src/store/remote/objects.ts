import type { Readable } from 'node:stream';

/**
 * The other side of a shared store: named bytes, written once. A directory and S3 are such; what names and bytes mean
 * (results, packs, files) is known above.
 *
 * Every method ends after a while: with what was asked for, or with a `RemoteTrouble`.
 */
export interface Objects {
  /** Names of all objects below `folder`, which ends in `/`, at any depth. */
  list(folder: string): Promise<readonly string[]>;
  /** `null` where there is no such object. */
  size(name: string): Promise<number | null>;
  /** The bytes from `from` on; `null` where there is no such object. */
  read(name: string, from?: number): Promise<AsyncIterable<Uint8Array> | null>;
  /** Of several who write one name at once only one does, unless told to `replace`. */
  put(name: string, bytes: Uint8Array, how?: { readonly replace?: boolean }): Promise<'put' | 'there'>;
  /** A file of any size; one that was cut off is gone on with. Throws `SourceDamaged` where its bytes do not fit. */
  putFile(file: SentFile): Promise<void>;
  close(): void;
}

export interface SentFile {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly onBytes: (count: number) => void;
}

/** A remote did not do what it was asked: it is down, slow, full, or does not let us. */
export class RemoteTrouble extends Error {}

/** A file of our own store does not have the bytes that its name says. */
export class SourceDamaged extends Error {}

/** How long one is waited for. */
export interface Patience {
  /** Until an answer begins. */
  readonly answerMs: number;
  /** While bytes come or go: without any. */
  readonly stallMs: number;
}

/** The result of `work`, or `RemoteTrouble` where it takes too long. `work` may go on unseen: its outcome is dropped. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new RemoteTrouble(`no answer within ${ms / 1000} s`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}

/** A stream's bytes; it fails with `RemoteTrouble` alone, also where it is waited for too long. */
export async function* bytesOf(stream: Readable, stallMs: number): AsyncIterable<Uint8Array> {
  // Whoever takes the bytes may be slow: only the time in which we wait counts.
  let waits = true;
  const timer = setTimeout(() => {
    if (waits) stream.destroy(new RemoteTrouble(`no bytes came for ${stallMs / 1000} s`));
  }, stallMs);
  try {
    for await (const chunk of stream) {
      waits = false;
      yield chunk;
      waits = true;
      timer.refresh();
    }
  } catch (error) {
    throw asTrouble(error);
  } finally {
    clearTimeout(timer);
    stream.destroy();
  }
}

export const asTrouble = (error: unknown): RemoteTrouble =>
  error instanceof RemoteTrouble ? error : new RemoteTrouble((error as Error).message, { cause: error });
