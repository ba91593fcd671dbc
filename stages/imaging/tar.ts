/**
 * Entries of a tar file (POSIX ustar, with a pax header where a name does not fit) whose every header field is
 * fixed: mode 0644, owner 0, time 0. The same files give the same bytes.
 */
const BLOCK = 512;

/** Two empty blocks end an archive. */
export const tarEnd = (): Uint8Array => new Uint8Array(2 * BLOCK);

/** What stands before the file's bytes. */
export function tarHead(name: string, size: number): Uint8Array {
  const bytes = Buffer.from(name, 'utf8');
  const plain = bytes.length <= 100 && bytes.length === name.length;
  if (plain) return header(bytes, size, '0');
  // A pax record counts its own length: "30 path=…\n".
  const tail = ` path=${name}\n`;
  let length = Buffer.byteLength(tail) + 1;
  while (String(length).length + Buffer.byteLength(tail) !== length) length++;
  const record = Buffer.from(`${length}${tail}`);
  const short = Buffer.from(name.replace(/[^\x20-\x7e]/g, '_').slice(-100), 'ascii');
  return Buffer.concat([
    header(Buffer.from('pax'), record.length, 'x'),
    record,
    tarPadding(record.length),
    header(short, size, '0'),
  ]);
}

/** Zeros up to the next whole block. */
export const tarPadding = (size: number): Uint8Array => new Uint8Array((BLOCK - (size % BLOCK)) % BLOCK);

function header(name: Uint8Array, size: number, type: '0' | 'x'): Uint8Array {
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, digits: number): void => {
    block.write(value.toString(8).padStart(digits, '0'), at, 'ascii');
  };
  block.set(name, 0);
  octal(0o644, 100, 7);
  octal(0, 108, 7);
  octal(0, 116, 7);
  octal(size, 124, 11);
  octal(0, 136, 11);
  block.write(' '.repeat(8), 148, 'ascii'); // the checksum is taken over blanks in its own place
  block.write(type, 156, 'ascii');
  block.write('ustar\u000000', 257, 'latin1');
  let sum = 0;
  for (const byte of block) sum += byte;
  octal(sum, 148, 6);
  block[154] = 0;
  return block;
}
