import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createProject } from './project.ts';

// Each bad/NAME.yaml beside bad/NAME.txt, all that is printed about it. BLOODLINE_WRITE_EXPECTED=1 writes the texts anew:
// then read the diff.
const folder = resolve(dirname(fileURLToPath(import.meta.url)), '../../../test/pipeline/bad');

describe('bad pipeline files', () => {
  const project = createProject();
  after(() => project.remove());
  for (const name of readdirSync(folder).filter((each) => each.endsWith('.yaml'))) {
    test(name.replace('.yaml', '').replaceAll('-', ' '), () => {
      const printed = project.problems(readFileSync(join(folder, name), 'utf8'));
      const expected = join(folder, name.replace('.yaml', '.txt'));
      if (process.env.BLOODLINE_WRITE_EXPECTED === '1') writeFileSync(expected, printed);
      assert.equal(printed, readFileSync(expected, 'utf8'));
    });
  }
});

describe('a megabyte of nonsense is refused in a moment, with a bounded answer', () => {
  const project = createProject();
  after(() => project.remove());
  const nonsense: Readonly<Record<string, string>> = {
    'opening brackets': '['.repeat(1e6),
    'lines that break YAML': ': ] ${x} - {\n'.repeat(8e4),
    'unknown keys': Array.from({ length: 7e4 }, (_, index) => `k${index}: 1\n`).join(''),
    'unknown stages': `stages:\n${Array.from({ length: 15_000 }, (_, index) => `  s${index}: { run: stages/split.ts, inputs: { a: b${index}.c } }\n`).join('')}`,
    'bytes of a picture': Array.from({ length: 1e6 }, (_, index) =>
      String.fromCharCode((index * 7919) % 256),
    ).join(''),
    letters: 'lorem ipsum\n'.repeat(8e4),
    'lists in lists': '['.repeat(15_000),
  };
  for (const [name, text] of Object.entries(nonsense)) {
    test(name, () => {
      const begin = performance.now();
      const printed = project.problems(text);
      assert.match(printed, /^pipeline\.yaml:\d+:\d+: error: /);
      assert.ok(printed.length < 30_000, `${printed.length} characters were printed`);
      assert.ok(performance.now() - begin < 30_000, 'it took too long');
    });
  }
});
