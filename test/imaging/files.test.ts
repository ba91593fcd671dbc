import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { unpackTar } from 'modern-tar';
import { npyHead, parseNpyHead } from '../../stages/imaging/npy.ts';
import { PixelsReader, PixelsWriter } from '../../stages/imaging/pixels.ts';
import { ShardReader, ShardWriter } from '../../stages/imaging/shards.ts';
import { stageFolder } from '../stage-harness.ts';

test('shards are plain tar files, and the index finds each image by one read', async () => {
  const folder = stageFolder();
  try {
    const files = new Map<string, Buffer>([
      ['a.png', Buffer.from('first')],
      ['klasse/über 🩸.png', Buffer.alloc(512, 7)],
      [`${'long/'.repeat(30)}name.png`, Buffer.from('deep')],
      ['empty.png', Buffer.alloc(0)],
    ]);
    const path = join(folder.path, 'images');
    const writer = await ShardWriter.create(path);
    for (const [name, bytes] of files) writer.add(name, bytes);
    await writer.close();

    const entries = await unpackTar(readFileSync(join(path, '00000.tar')));
    assert.deepEqual(
      entries.map(({ header }) => header.name),
      [...files.keys()],
    );
    for (const { header, data } of entries) assert.deepEqual(Buffer.from(data ?? []), files.get(header.name));

    const reader = new ShardReader(path);
    for (const [name, bytes] of [...files].reverse()) assert.deepEqual(await reader.read(name), bytes);
    await assert.rejects(reader.read('missing.png'), /no image "missing.png"/);
    await reader.close();
  } finally {
    folder.remove();
  }
});

test('the head of an array is NumPy’s, to the byte', () => {
  // numpy.save of zeros((2, 3), uint8): 128 bytes before the numbers.
  const head = Buffer.from(npyHead('|u1', [2, 3]));
  const text = "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), }";
  assert.equal(head.toString('latin1'), `\x93NUMPY\x01\x00\x76\x00${text.padEnd(117)}\n`);
  assert.deepEqual(parseNpyHead(head), { descr: '|u1', shape: [2, 3], fortranOrder: false, offset: 128 });
  assert.deepEqual(parseNpyHead(npyHead('<i8', [5])).shape, [5]);
  assert.throws(() => parseNpyHead(Buffer.from('not an array at all')), /not a .npy file/);
});

test('pixels are written in any order and read by row', async () => {
  const folder = stageFolder();
  try {
    const path = join(folder.path, 'pixels');
    const writer = await PixelsWriter.create(path, 2, ['a', 'b', 'c']);
    for (const row of [2, 0, 1]) writer.write(row, new Uint8Array(12).fill(row + 1));
    assert.throws(() => writer.write(0, new Uint8Array(11)), /row 0 has 11 bytes, not 12/);
    writer.close();
    const reader = new PixelsReader(path);
    assert.deepEqual(reader.description.ids, ['a', 'b', 'c']);
    const into = new Uint8Array(24);
    reader.read([1, 2], into);
    assert.deepEqual([...into], [...new Array(12).fill(2), ...new Array(12).fill(3)]);
    assert.throws(() => reader.read([3], into), /ends before row 3/);
    reader.close();
    writeFileSync(join(path, 'pixels.npy'), npyHead('|u1', [9, 2, 2, 3]));
    assert.throws(() => new PixelsReader(path), /pixels.json says otherwise/);
  } finally {
    folder.remove();
  }
});
