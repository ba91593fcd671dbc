import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { artifactDifferences } from '../../src/difference/artifact-difference.ts';
import { fileDifference } from '../../src/difference/file-difference.ts';
import { jsonDifference } from '../../src/difference/json-difference.ts';
import { otherCircumstances } from '../../src/run/circumstances.ts';

const folder = mkdtempSync(join(tmpdir(), 'bloodline-difference-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** What two files of these bytes differ in. */
function differ(was: string | Uint8Array, is: string | Uint8Array) {
  const files = [join(folder, 'was'), join(folder, 'is')] as const;
  writeFileSync(files[0], was);
  writeFileSync(files[1], is);
  return fileDifference(...files);
}

function npy(type: string, shape: string, values: Uint8Array, fortran = 'False'): Uint8Array {
  const dict = `{'descr': '${type}', 'fortran_order': ${fortran}, 'shape': ${shape}, }`.padEnd(117);
  const header = Buffer.from(`\x93NUMPY\x01\x00\x00\x00${dict}\n`, 'latin1');
  header.writeUInt16LE(118, 8);
  return Buffer.concat([header, values]);
}

test('the element of an array, by its index, in every type', () => {
  const bytes = (array: { buffer: ArrayBuffer }): Uint8Array => new Uint8Array(array.buffer);
  const cases = [
    ['<f4', bytes(Float32Array.of(0, 0.5)), bytes(Float32Array.of(0, 0.25)), 0.5, 0.25],
    ['<f8', bytes(Float64Array.of(1, 2)), bytes(Float64Array.of(1, 3)), 2, 3],
    ['|u1', Uint8Array.of(7, 200), Uint8Array.of(7, 201), 200, 201],
    ['<i2', bytes(Int16Array.of(0, -2)), bytes(Int16Array.of(0, 2)), -2, 2],
    ['>i4', Uint8Array.of(0, 0, 0, 0, 0, 0, 1, 0), Uint8Array.of(0, 0, 0, 0, 0, 0, 1, 1), 256, 257],
    ['<i8', bytes(BigInt64Array.of(0n, -9n)), bytes(BigInt64Array.of(0n, 9n)), '-9', '9'],
  ] as const;
  for (const [type, before, after, was, is] of cases)
    assert.deepEqual(differ(npy(type, '(1, 2)', before), npy(type, '(1, 2)', after)), {
      what: 'array',
      array: null,
      index: [0, 1],
      was,
      is,
    });
});

test('the last element beyond a megabyte, and an array that ends early', () => {
  const values = new Uint8Array(3 * 500 * 1000);
  const other = values.slice();
  other[other.length - 1] = 1;
  const whole = npy('|u1', '(3, 500, 1000)', values);
  const found = differ(whole, npy('|u1', '(3, 500, 1000)', other));
  assert.deepEqual(found, { what: 'array', array: null, index: [2, 499, 999], was: 0, is: 1 });
  const short = differ(whole, whole.subarray(0, whole.length - 1));
  assert.deepEqual(short, { what: 'array', array: null, index: [2, 499, 999], was: 0, is: 'the file ends' });
});

test('arrays of other shapes, of unknown types and in another order are compared by bytes', () => {
  const values = Uint8Array.of(1, 2);
  for (const [a, b] of [
    [npy('|u1', '(2,)', values), npy('|u1', '(1,2)', values)],
    [npy('<c8', '(2,)', values), npy('<c8', '(2,)', Uint8Array.of(1, 3))],
    [npy('|u1', '(2,)', values, 'True'), npy('|u1', '(2,)', Uint8Array.of(1, 3), 'True')],
  ] as const)
    assert.equal(differ(a, b)?.what, 'byte');
});

test('places in JSON; the same values in another text differ in a line', () => {
  assert.equal(jsonDifference({ a: [1, { b: null }] }, { a: [1, { b: null }] }), null);
  assert.deepEqual(jsonDifference({ a: [1, { b: 2 }] }, { a: [1, { b: 3 }] }), {
    path: 'a[1].b',
    was: 2,
    is: 3,
  });
  assert.deepEqual(jsonDifference({ a: 1 }, { a: 1, c: 2 }), { path: 'c', was: undefined, is: 2 });
  assert.deepEqual(jsonDifference([1], []), { path: '[0]', was: 1, is: undefined });
  assert.deepEqual(jsonDifference([], {}), { path: '', was: [], is: {} });
  assert.deepEqual(differ('{"a":1}', '{"a":1}\n'), { what: 'line', line: 2, was: '', is: '' });
  assert.deepEqual(differ('{"a":1}\n{"a":2}\n', '{"a":1}\n{"a":3}\n'), {
    what: 'line',
    line: 2,
    was: '{"a":2}',
    is: '{"a":3}',
  });
  assert.equal(differ('same', 'same'), null);
  assert.deepEqual(differ(Uint8Array.of(0, 1), Uint8Array.of(0)), {
    what: 'byte',
    byte: 1,
    was: 1,
    is: null,
  });
});

test('files that are gone, that are new, and empty folders', () => {
  const [was, is] = [join(folder, 'a'), join(folder, 'b')];
  for (const [root, names] of [
    [was, ['x/old', 'both']],
    [is, ['x/new', 'both']],
  ] as const)
    for (const name of names) {
      mkdirSync(join(root, 'x'), { recursive: true });
      writeFileSync(join(root, name), '');
    }
  mkdirSync(join(is, 'empty'));
  assert.deepEqual(artifactDifferences(was, is), [
    { file: 'empty/', what: 'new' },
    { file: 'x/new', what: 'new' },
    { file: 'x/old', what: 'gone' },
  ]);
});

test('only facts that decide bytes are circumstances', () => {
  const facts = { engine: 'native', device: 'cpu', node: 'v20', 'images/s': 3 };
  assert.deepEqual(otherCircumstances(facts, { ...facts, node: 'v24', 'images/s': 4 }), []);
  assert.deepEqual(otherCircumstances(facts, { ...facts, engine: 'wasm', device: 'gpu', gpu: 'T4' }), [
    { fact: 'engine', was: 'native', is: 'wasm' },
    { fact: 'device', was: 'cpu', is: 'gpu' },
    { fact: 'gpu', was: null, is: 'T4' },
  ]);
});
