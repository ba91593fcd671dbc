import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, it } from 'node:test';
import { matchFiles } from '../../src/plan/glob.ts';

let root: string;
before(() => {
  root = mkdtempSync(join(tmpdir(), 'bloodline-glob-'));
  for (const path of [
    'a.py',
    'b.PY',
    '.env',
    'lib/c.py',
    'lib/deep/er/d.py',
    'lib/e+(1).txt',
    'node_modules/f/f.py',
    'lib/.git/g.py',
  ]) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), '');
  }
  symlinkSync('..', join(root, 'lib', 'circle'));
});
after(() => rmSync(root, { recursive: true, force: true }));

for (const [glob, expected] of [
  ['a.py', ['a.py']],
  ['./a.py', ['a.py']],
  ['nothing.py', []],
  ['*.py', ['a.py']],
  ['**/*.py', ['a.py', 'lib/c.py', 'lib/deep/er/d.py']],
  ['lib/**', ['lib/c.py', 'lib/deep/er/d.py', 'lib/e+(1).txt']],
  ['lib/**/*.{py,txt}', ['lib/c.py', 'lib/deep/er/d.py', 'lib/e+(1).txt']],
  ['lib', ['lib/c.py', 'lib/deep/er/d.py', 'lib/e+(1).txt']],
  ['lib/*/er/?.py', ['lib/deep/er/d.py']],
  ['[!b].py', ['a.py']],
  ['[ab].??', ['a.py', 'b.PY']],
  ['lib/e+(1).*', ['lib/e+(1).txt']],
  ['.env', ['.env']],
  ['node_modules/f/*.py', ['node_modules/f/f.py']],
] as const) {
  it(`${glob} names ${expected.join(', ') || 'nothing'}`, () => {
    assert.deepEqual(
      matchFiles(root, glob).map(({ name }) => name),
      expected,
    );
  });
}
