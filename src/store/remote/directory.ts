import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { link, mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import {
  asTrouble,
  bytesOf,
  type Objects,
  type Patience,
  RemoteTrouble,
  SourceDamaged,
  within,
} from './objects.ts';

/** Which folders are remotes: a mistyped path, or a share that is not mounted, is not taken for an empty one. */
const MARK = 'bloodline-remote';
const MARK_TEXT = 'A shared store of bloodline: see docs/remotes.md.\n';

/** Makes a folder a remote. */
export async function makeDirectoryRemote(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, MARK), MARK_TEXT);
}

/**
 * A folder, on a disk or a network file system. Objects come to their names by hard link (or by rename where there are
 * none), so that none is ever seen half.
 */
export async function openDirectory(folder: string, patience: Patience): Promise<Objects> {
  await probe(join(folder, MARK), patience.answerMs);
  const quick = <T>(work: Promise<T>): Promise<T> => within(patience.answerMs, work.catch(refuse));
  const temporary = (): string => join(folder, 'tmp', randomUUID());

  async function moveTo(from: string, name: string, replace: boolean): Promise<'put' | 'there'> {
    const to = join(folder, name);
    await mkdir(dirname(to), { recursive: true });
    if (replace) {
      await rename(from, to);
      return 'put';
    }
    try {
      await link(from, to);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST') return 'there';
      if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error;
      await rename(from, to);
    } finally {
      await rm(from, { force: true });
    }
    return 'put';
  }

  return {
    list: (below) =>
      quick(
        readdir(join(folder, below), { recursive: true, withFileTypes: true }).then(
          (entries) =>
            entries
              .filter((entry) => entry.isFile())
              .map((entry) => relative(folder, join(entry.parentPath, entry.name))),
          (error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? [] : Promise.reject(error)),
        ),
      ),
    size: (name) => quick(stat(join(folder, name)).then(({ size }) => size, absent)),
    async read(name, from = 0) {
      const file = await quick(open(join(folder, name)).catch(absent));
      if (file === null) return null;
      return bytesOf(file.createReadStream({ start: from, highWaterMark: 1 << 20 }), patience.stallMs);
    },
    put: (name, bytes, { replace = false } = {}) =>
      quick(
        (async () => {
          const from = temporary();
          await mkdir(dirname(from), { recursive: true });
          await writeFile(from, bytes);
          return moveTo(from, name, replace);
        })(),
      ),
    async putFile({ name, path, sha256, onBytes }) {
      const from = temporary();
      await quick(mkdir(dirname(from), { recursive: true }));
      const file = await quick(open(from, 'wx'));
      try {
        const hash = createHash('sha256');
        for await (const chunk of createReadStream(path, {
          highWaterMark: 1 << 20,
        }) as AsyncIterable<Buffer>) {
          hash.update(chunk);
          await within(patience.stallMs, file.writeFile(chunk).catch(refuse));
          onBytes(chunk.length);
        }
        await quick(file.close());
        if (hash.digest('hex') !== sha256) throw new SourceDamaged(path);
        await quick(moveTo(from, name, true));
      } finally {
        await quick(file.close().catch(() => undefined));
        await quick(rm(from, { force: true }));
      }
    },
    close() {},
  };
}

/**
 * Reads the mark in a process of its own: what asks a dead network file system hangs for ever and cannot be ended, and
 * that must not be us.
 */
async function probe(mark: string, ms: number): Promise<void> {
  const child = spawn('cat', [mark], { stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    text += more;
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve());
  });
  try {
    await within(ms, ended);
  } finally {
    child.kill('SIGKILL');
    child.stdout.destroy();
    child.unref();
  }
  if (text !== MARK_TEXT)
    throw new RemoteTrouble(
      `${dirname(mark)} is not there, or is no remote; \`bloodline remote init\` makes it one`,
    );
}

const absent = (error: NodeJS.ErrnoException): null | Promise<never> =>
  error.code === 'ENOENT' || error.code === 'ENOTDIR' ? null : Promise.reject(error);

const refuse = (error: unknown): never => {
  throw asTrouble(error);
};
