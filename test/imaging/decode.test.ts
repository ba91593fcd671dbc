import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { decode } from '../../stages/imaging/decode.ts';
import { encodePng } from '../../stages/imaging/png.ts';

// Left half red, right half blue, 40 × 20.
const picture = { width: 40, height: 20, data: new Uint8Array(40 * 20 * 3) };
for (let at = 0; at < 800; at++) picture.data.set(at % 40 < 20 ? [200, 30, 30] : [30, 30, 200], at * 3);
const image = () => sharp(Buffer.from(picture.data), { raw: { width: 40, height: 20, channels: 3 } });

const near = (
  got: ArrayLike<number>,
  at: number,
  wanted: readonly number[],
  tolerance: number,
  what: string,
) => {
  for (const [c, value] of wanted.entries())
    assert.ok(
      Math.abs(got[at * 3 + c]! - value) <= tolerance,
      `${what}: expected about ${wanted}, got ${got[at * 3]},${got[at * 3 + 1]},${got[at * 3 + 2]}`,
    );
};

test('our PNG is read back to the same pixels', async () => {
  assert.deepEqual(Buffer.from((await decode(encodePng(picture))).data), Buffer.from(picture.data));
});

test('every kind of image becomes upright 8-bit RGB', async () => {
  const kinds: Record<string, [Promise<Buffer>, number]> = {
    jpeg: [image().jpeg({ quality: 95 }).toBuffer(), 6],
    png: [image().png().toBuffer(), 0],
    'png with palette': [image().png({ palette: true }).toBuffer(), 3],
    'png with alpha': [image().ensureAlpha(0.5).png().toBuffer(), 0],
    'png of 16 bits': [image().toColourspace('rgb16').png().toBuffer(), 1],
    tiff: [image().tiff({ compression: 'lzw' }).toBuffer(), 0],
    'tiff, CMYK': [image().toColourspace('cmyk').tiff().toBuffer(), 70], // this blue cannot be printed
    webp: [image().webp({ lossless: true }).toBuffer(), 0],
    gif: [image().gif().toBuffer(), 6],
  };
  for (const [kind, [bytes, tolerance]] of Object.entries(kinds)) {
    const { width, height, data } = await decode(await bytes);
    assert.deepEqual([width, height, data.length], [40, 20, 2400], kind);
    near(data, 45, [200, 30, 30], tolerance, kind);
    near(data, 75, [30, 30, 200], tolerance, kind);
  }
});

test('grey is spread over three channels, also with alpha and with 16 bits', async () => {
  const grey = image().greyscale();
  for (const bytes of [
    await grey.clone().png().toBuffer(),
    await grey.clone().ensureAlpha(0.3).png().toBuffer(),
    await grey.clone().toColourspace('grey16').png().toBuffer(),
    await grey.clone().jpeg({ quality: 100 }).toBuffer(),
  ]) {
    const { data } = await decode(bytes);
    assert.equal(data.length, 2400);
    assert.ok(data[0] === data[1] && data[1] === data[2]);
  }
});

test('EXIF orientation is applied', async () => {
  // Orientation 6: the camera was turned; the stored left side is the upright top.
  const bytes = await image().withMetadata({ orientation: 6 }).png().toBuffer();
  const { width, height, data } = await decode(bytes);
  assert.deepEqual([width, height], [20, 40]);
  near(data, 0, [200, 30, 30], 0, 'top');
  near(data, 799, [30, 30, 200], 0, 'bottom');
});

test('what is cut short or no image at all is refused', async () => {
  const whole = await image().resize(400, 400).jpeg().toBuffer();
  await assert.rejects(
    decode(whole.subarray(0, whole.length / 2)),
    /a JPEG file that is cut short or damaged/,
  );
  await assert.rejects(decode(Buffer.from('hello')), /no image of a kind that is known/);
  await assert.rejects(decode(Buffer.alloc(0)), /an empty file/);
  const huge = Buffer.from(encodePng(picture));
  huge.writeUInt32BE(100_000, 16); // a width that its pixels do not fill: refused before memory is asked for
  await assert.rejects(decode(huge), /PNG file that is cut short|more than/);
});

/** A bitmap of 24 or 32 bits, rows from the bottom up or from the top down. */
function bmp(bits: 24 | 32, topDown: boolean): Buffer {
  const stride = Math.ceil((40 * bits) / 32) * 4;
  const file = Buffer.alloc(54 + stride * 20);
  file.write('BM', 0);
  file.writeUInt32LE(54, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(40, 18);
  file.writeInt32LE(topDown ? -20 : 20, 22);
  file.writeUInt16LE(bits, 28);
  for (let y = 0; y < 20; y++)
    for (let x = 0; x < 40; x++) {
      const [red, green, blue] = picture.data.subarray((y * 40 + x) * 3);
      file.set([blue!, green!, red!], 54 + (topDown ? y : 19 - y) * stride + (x * bits) / 8);
    }
  return file;
}

test('Windows bitmaps are read too', async () => {
  for (const bits of [24, 32] as const)
    for (const topDown of [false, true])
      assert.deepEqual(Buffer.from((await decode(bmp(bits, topDown))).data), Buffer.from(picture.data));
  await assert.rejects(decode(bmp(24, false).subarray(0, 900)), /BMP file that is cut short/);
  const packed = bmp(24, false);
  packed.writeUInt32LE(1, 30);
  await assert.rejects(decode(packed), /compression 1/);
});
