/** Numbers in NumPy's .npy form, version 1.0 (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html). */
const MAGIC = '\x93NUMPY';

export interface NpyHead {
  /** NumPy's name of the type: `|u1`, `<i8`, `<f4`… */
  readonly descr: string;
  readonly shape: readonly number[];
  readonly fortranOrder: boolean;
  /** Bytes before the first number. */
  readonly offset: number;
}

/** The head of an array in C order, padded so that the numbers start at a multiple of 64 bytes. */
export function npyHead(descr: string, shape: readonly number[]): Uint8Array {
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${tuple}), }`;
  const length = Math.ceil((10 + text.length + 1) / 64) * 64 - 10;
  const head = Buffer.alloc(10 + length, ' ');
  head.write(MAGIC, 0, 'latin1');
  head.set([1, 0], 6);
  head.writeUInt16LE(length, 8);
  head.write(text, 10, 'latin1');
  head.write('\n', 9 + length, 'latin1');
  return head;
}

/** Reads the head of an array from its first bytes (a few hundred are enough). Throws an Error on anything else. */
export function parseNpyHead(bytes: Uint8Array): NpyHead {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.length < 12 || view.toString('latin1', 0, 6) !== MAGIC) throw new Error('not a .npy file');
  const wide = view[6]! >= 2;
  const length = wide ? view.readUInt32LE(8) : view.readUInt16LE(8);
  const offset = (wide ? 12 : 10) + length;
  if (offset > view.length) throw new Error('the .npy head is cut short');
  const text = view.toString('latin1', wide ? 12 : 10, offset);
  const descr = /'descr':\s*'([^']+)'/.exec(text)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  const shape = /'shape':\s*\(([^)]*)\)/.exec(text)?.[1];
  if (descr === undefined || order === undefined || shape === undefined)
    throw new Error(`a .npy head that is not understood: ${text.trim()}`);
  const sizes = shape.split(',').filter((part) => part.trim() !== '');
  return { descr, shape: sizes.map(Number), fortranOrder: order === 'True', offset };
}
