/** A checksum of 32 bits by its polynomial, the lowest power first. */
function checksum(polynomial: number): (bytes: Uint8Array) => number {
  const table = Uint32Array.from({ length: 256 }, (_, byte) => {
    let rest = byte;
    for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ polynomial : rest >>> 1;
    return rest;
  });
  return (bytes) => {
    let sum = 0xffffffff;
    for (const byte of bytes) sum = table[(sum ^ byte) & 0xff]! ^ (sum >>> 8);
    return (sum ^ 0xffffffff) >>> 0;
  };
}

/** The checksum of PNG and zip (node:zlib has it only from Node 22 on). */
export const crc32 = checksum(0xedb88320);
/** That of TFRecords (Castagnoli). */
export const crc32c = checksum(0x82f63b78);
