import { closeSync, openSync, readFileSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type NpyHead, npyHead, parseNpyHead } from './npy.ts';

/** `pixels.json`: what `pixels.npy` holds. */
export interface PixelsDescription {
  /** Side of each square, pixels. */
  readonly size: number;
  readonly count: number;
  readonly channels: 3;
  readonly colour: 'RGB';
  /** What brings 0..255 to 0..1; applied on the device, not here. */
  readonly scale: number;
  /** Row i of the array shows sample `ids[i]`. */
  readonly ids: readonly string[];
}

/** Begins `pixels.npy` (uint8, count × size × size × 3), whose rows are written afterwards, and writes `pixels.json`. */
export async function beginPixels(folder: string, size: number, ids: readonly string[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  const description: PixelsDescription = {
    size,
    count: ids.length,
    channels: 3,
    colour: 'RGB',
    scale: 1 / 255,
    ids,
  };
  writeFileSync(join(folder, 'pixels.json'), `${JSON.stringify(description)}\n`);
  writeFileSync(join(folder, 'pixels.npy'), npyHead('|u1', [ids.length, size, size, 3]), { flag: 'wx' });
}

/** Writes rows of `pixels.npy`, in any order and from as many threads as there are. Must be closed. */
export class PixelsWriter {
  readonly #file: number;
  readonly #start: number;
  readonly #rowBytes: number;

  private constructor(file: number, start: number, rowBytes: number) {
    this.#file = file;
    this.#start = start;
    this.#rowBytes = rowBytes;
  }

  static async create(folder: string, size: number, ids: readonly string[]): Promise<PixelsWriter> {
    await beginPixels(folder, size, ids);
    return PixelsWriter.begun(folder, size);
  }

  /** @param folder in which `beginPixels` was called with this size. */
  static begun(folder: string, size: number): PixelsWriter {
    const file = openSync(join(folder, 'pixels.npy'), 'r+');
    return new PixelsWriter(file, headOf(file).offset, size * size * 3);
  }

  write(row: number, pixels: Uint8Array): void {
    if (pixels.length !== this.#rowBytes)
      throw new Error(`row ${row} has ${pixels.length} bytes, not ${this.#rowBytes}`);
    const at = this.#start + row * this.#rowBytes;
    for (let done = 0; done < pixels.length; )
      done += writeSync(this.#file, pixels, done, pixels.length - done, at + done);
  }

  close(): void {
    closeSync(this.#file);
  }
}

function headOf(file: number): NpyHead {
  const bytes = Buffer.alloc(256);
  return parseNpyHead(bytes.subarray(0, readSync(file, bytes, 0, bytes.length, 0)));
}

/** Reads rows of `pixels.npy` from disk, so that nothing large is held. Must be closed. */
export class PixelsReader {
  readonly description: PixelsDescription;
  readonly rowBytes: number;
  readonly #file: number;
  readonly #start: number;

  /** Throws where the folder holds no pixels, or head and description differ. */
  constructor(folder: string) {
    this.description = JSON.parse(readFileSync(join(folder, 'pixels.json'), 'utf8')) as PixelsDescription;
    this.#file = openSync(join(folder, 'pixels.npy'), 'r');
    const head = headOf(this.#file);
    const { count, size } = this.description;
    if (head.descr !== '|u1' || head.shape.join() !== [count, size, size, 3].join())
      throw new Error(`pixels.npy holds ${head.descr} ${head.shape.join('×')}, pixels.json says otherwise`);
    this.#start = head.offset;
    this.rowBytes = size * size * 3;
  }

  /** Copies the rows, in the order given, into `into` (at least rows.length × rowBytes bytes). */
  read(rows: ArrayLike<number>, into: Uint8Array): void {
    for (let i = 0; i < rows.length; i++) {
      const from = this.#start + rows[i]! * this.rowBytes;
      for (let done = 0; done < this.rowBytes; ) {
        const at = i * this.rowBytes + done;
        const got = readSync(this.#file, into, at, this.rowBytes - done, from + done);
        if (got === 0) throw new Error(`pixels.npy ends before row ${rows[i]}`);
        done += got;
      }
    }
  }

  close(): void {
    closeSync(this.#file);
  }
}
