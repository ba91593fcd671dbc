import { createHash } from 'node:crypto';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { type FileHandle, mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jsonLines, readJsonLines } from './samples.ts';
import { tarEnd, tarHead, tarPadding } from './tar.ts';

/** Where an image's bytes lie: a line of `index.jsonl`. */
export interface IndexEntry {
  readonly path: string;
  readonly shard: string;
  /** Of its first byte in the shard, not of its header. */
  readonly offset: number;
  readonly size: number;
  readonly sha256: string;
}

/** A new shard is begun when the last has reached this many bytes. */
const SHARD_BYTES = 64 * 1024 * 1024;

/** Writes image files, bytes unchanged, into tar shards `00000.tar`… of a folder. Must be closed. */
export class ShardWriter {
  readonly #folder: string;
  readonly #index: IndexEntry[] = [];
  #file: number | null = null;
  #offset = 0;
  #shards = 0;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async create(folder: string): Promise<ShardWriter> {
    await mkdir(folder, { recursive: true });
    return new ShardWriter(folder);
  }

  add(path: string, bytes: Uint8Array): void {
    if (this.#file !== null && this.#offset >= SHARD_BYTES) this.#end();
    if (this.#file === null) {
      this.#file = openSync(join(this.#folder, shardName(this.#shards)), 'wx');
      this.#offset = 0;
      this.#shards++;
    }
    this.#write(tarHead(path, bytes.length));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const shard = shardName(this.#shards - 1);
    this.#index.push({ path, shard, offset: this.#offset, size: bytes.length, sha256 });
    this.#write(bytes);
    this.#write(tarPadding(bytes.length));
  }

  /** Ends the last shard and writes the index, in the order of `add`. */
  async close(): Promise<void> {
    this.#end();
    await writeFile(join(this.#folder, 'index.jsonl'), jsonLines(this.#index));
  }

  #write(bytes: Uint8Array): void {
    writeFileSync(this.#file!, bytes);
    this.#offset += bytes.length;
  }

  #end(): void {
    if (this.#file === null) return;
    this.#write(tarEnd());
    closeSync(this.#file);
    this.#file = null;
  }
}

const shardName = (number: number): string => `${String(number).padStart(5, '0')}.tar`;

/** Reads single images out of shards: one positioned read each. Must be closed. */
export class ShardReader {
  readonly #folder: string;
  readonly #index: ReadonlyMap<string, IndexEntry>;
  readonly #files = new Map<string, Promise<FileHandle>>();

  constructor(folder: string) {
    this.#folder = folder;
    const entries = readJsonLines<IndexEntry>(join(folder, 'index.jsonl'));
    this.#index = new Map(entries.map((entry) => [entry.path, entry]));
  }

  /** Paths in the order in which their bytes lie. */
  get paths(): string[] {
    return [...this.#index.keys()];
  }

  /** Throws where there is no such image, or the shard ends too early. */
  async read(path: string): Promise<Buffer> {
    const entry = this.#index.get(path);
    if (!entry) throw new Error(`no image ${JSON.stringify(path)} in ${this.#folder}`);
    let file = this.#files.get(entry.shard);
    if (!file) {
      file = open(join(this.#folder, entry.shard));
      this.#files.set(entry.shard, file);
    }
    const bytes = Buffer.allocUnsafe(entry.size);
    const { bytesRead } = await (await file).read(bytes, 0, entry.size, entry.offset);
    if (bytesRead !== entry.size) throw new Error(`${entry.shard} ends inside ${JSON.stringify(path)}`);
    return bytes;
  }

  async close(): Promise<void> {
    for (const file of this.#files.values()) await (await file).close();
    this.#files.clear();
  }
}
