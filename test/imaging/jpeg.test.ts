import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import { decode, decodeBySharp } from '../../stages/imaging/decode.ts';
import { decodeJpeg } from '../../stages/imaging/jpeg.ts';
import { random } from '../../stages/imaging/random.ts';

/** Blots and noise, so that blocks of every kind occur: flat, smooth, busy, saturated. */
function raw(width: number, height: number, seed: number) {
  const draw = random(seed, 'jpeg');
  const data = Buffer.alloc(width * height * 3);
  const calm = draw.uniform(0, 1) * height;
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < 3; c++, at++)
        data[at] =
          y < calm ? Math.min(255, 4 * (x % 80) + 30 * c) : draw.integer(256) > 128 ? 255 : draw.integer(256);
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** Byte for byte what sharp makes of it; the place of the first difference is named. */
async function assertSame(bytes: Buffer, what: string): Promise<void> {
  const own = decodeJpeg(bytes);
  assert.ok(own, `${what}: not decoded by us`);
  const sharps = await decodeBySharp(bytes);
  assert.deepEqual([own.width, own.height], [sharps.width, sharps.height], what);
  const differs = own.data.findIndex((value, at) => value !== sharps.data[at]);
  assert.equal(differs, -1, `${what}: byte ${differs} is ${own.data[differs]}, not ${sharps.data[differs]}`);
}

test('common JPEGs are decoded to the bytes that sharp gives', async () => {
  let seed = 0;
  for (const [width, height] of [
    [8, 8],
    [16, 16],
    [5, 3],
    [37, 61],
    [48, 1],
    [130, 70],
    [257, 99],
  ] as const)
    for (const quality of [1, 30, 75, 95, 100])
      for (const chromaSubsampling of ['4:4:4', '4:2:0']) {
        const bytes = await raw(width, height, seed++)
          .jpeg({ quality, chromaSubsampling, optimiseCoding: seed % 2 === 0 })
          .toBuffer();
        await assertSame(bytes, `${width}×${height}, quality ${quality}, ${chromaSubsampling}`);
      }
  await assertSame(await raw(70, 45, 99).greyscale().jpeg({ quality: 90 }).toBuffer(), 'grey');
});

/** 21 × 9, chroma half as wide as luma and as high (4:2:2), which sharp does not write; by Pillow, quality 70. */
const HALF_AS_WIDE =
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAoHBwgHBgoICAgLCgoLDhgQDg0NDh0VFhEYIx8lJCIfIiEmKzcvJik0KSEiMEExNDk7' +
  'Pj4+JS5ESUM8SDc9Pjv/2wBDAQoLCw4NDhwQEBw7KCIoOzs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7' +
  'Ozs7Ozs7Ozv/wAARCAAJABUDASEAAhEBAxEB/8QAFwABAQEBAAAAAAAAAAAAAAAABQAEB//EACMQAAAFAgYDAAAAAAAAAAAAAAAB' +
  'AgMEBkEFERIjMaEVITL/xAAWAQEBAQAAAAAAAAAAAAAAAAAGBQf/xAAkEQABAwEHBQAAAAAAAAAAAAABAAIDBQQRITEyQ8EGYXGB' +
  'gv/aAAwDAQACEQMRAD8ALiUnxt9ByJSfG30EtVqGeKk0+qZYrb4nDYqzZkTIrLqctSHHkpUV/ZGYgKdPO43hpu8FN4rRaXMDmscQ' +
  'exSsSw5FEsGkG765Qfozc+eUwx8CEWTWVrLNIX//2Q==';

test('half as wide only, with libjpeg’s other upsampling', async () => {
  await assertSame(Buffer.from(HALF_AS_WIDE, 'base64'), '4:2:2');
  // A 4:2:0 file that is said to be 4:2:2 has too many blocks: refused, not misread.
  const bytes = await raw(64, 64, 5).jpeg({ quality: 85, chromaSubsampling: '4:2:0' }).toBuffer();
  const frame = bytes.indexOf(Buffer.from([0xff, 0xc0]));
  assert.equal(bytes[frame + 11], 0x22);
  bytes[frame + 11] = 0x21;
  assert.equal(decodeJpeg(bytes), null);
});

test('real files of both kinds: microscope and camera', async (t) => {
  const data = process.env['BLOODLINE_TEST_DATA'] ?? join(import.meta.dirname, '../../../../shared/data');
  if (!existsSync(data)) return t.skip('no shared/data');
  for (const folder of ['pbc8', 'bccd']) {
    const files = readdirSync(join(data, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.jpg'))
      .sort();
    for (const [i, file] of files.entries())
      if (i % 60 === 0) await assertSame(readFileSync(join(data, folder, file)), file);
  }
});

test('what is cut short or flipped is never taken for whole', async () => {
  for (const progressive of [false, true]) {
    const whole = await raw(200, 150, 7).jpeg({ quality: 80, progressive }).toBuffer();
    for (const part of [0.1, 0.5, 0.9, 0.99]) {
      const bytes = whole.subarray(0, Math.floor(whole.length * part));
      assert.equal(decodeJpeg(bytes), null);
      await assert.rejects(
        decode(bytes),
        /a JPEG file that is cut short or damaged/,
        `${progressive} ${part}`,
      );
    }
  }
  // Any byte changed: either the same as sharp, or left to sharp.
  const whole = await raw(64, 48, 8).jpeg({ quality: 80 }).toBuffer();
  const draw = random(3, 'flip');
  for (let i = 0; i < 150; i++) {
    const bytes = Buffer.from(whole);
    bytes[draw.integer(bytes.length)] = draw.integer(256);
    const own = decodeJpeg(bytes);
    if (own === null) continue;
    assert.equal(own.data.length, own.width * own.height * 3);
    const sharps = await decodeBySharp(bytes).catch(() => null);
    if (sharps === null) continue; // it stops at warnings that we do not know of; what we give is whole
    assert.deepEqual([own.width, own.height], [sharps.width, sharps.height]);
  }
});

test('rarer kinds are left to sharp, and come out upright and in sRGB', async () => {
  const image = () => raw(60, 40, 9);
  const kinds: Record<string, Promise<Buffer>> = {
    progressive: image().jpeg({ progressive: true }).toBuffer(),
    'to be turned': image().withMetadata({ orientation: 6 }).jpeg().toBuffer(),
    'with a colour profile': image().withIccProfile('p3').jpeg().toBuffer(),
    CMYK: image().toColourspace('cmyk').jpeg().toBuffer(),
  };
  for (const [kind, bytes] of Object.entries(kinds)) {
    assert.equal(decodeJpeg(await bytes), null, kind);
    const turned = kind === 'to be turned';
    const { width, height } = await decode(await bytes);
    assert.deepEqual([width, height], turned ? [40, 60] : [60, 40], kind);
  }
  // Orientation 1 is upright.
  await assertSame(
    await image().withMetadata({ orientation: 1 }).jpeg().toBuffer().then(withoutProfile),
    'upright',
  );
});

/** sharp's `withMetadata` adds a colour profile beside the orientation. */
function withoutProfile(bytes: Buffer): Buffer {
  for (let at = 2; bytes[at] === 0xff && bytes[at + 1] !== 0xda; ) {
    const end = at + 2 + bytes.readUInt16BE(at + 2);
    if (bytes[at + 1] === 0xe2) return Buffer.concat([bytes.subarray(0, at), bytes.subarray(end)]);
    at = end;
  }
  return bytes;
}
