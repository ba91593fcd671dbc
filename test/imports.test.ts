import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

const sources = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));

/** Specifiers of all imports in a file, type imports and dynamic ones too. */
const imports = (file: string): string[] =>
  [
    ...readFileSync(join(root, file), 'utf8').matchAll(/(?:\bfrom|\bimport|\bimport\()\s*['"]([^'"]+)['"]/g),
  ].map((match) => match[1]!);

/** The file below the root that a relative specifier means, or null for a package. */
const target = (file: string, specifier: string): string | null =>
  specifier.startsWith('.') ? relative(root, resolve(root, dirname(file), specifier)) : null;

// What each folder of src may import. `json`, `digest`, `failure` and `events` lie at the bottom, for all.
const allowed: Readonly<Record<string, readonly string[]>> = {
  stage: [],
  engine: [],
  difference: [],
  pipeline: ['stage'],
  store: ['stage', 'pipeline'],
  plan: ['stage', 'pipeline', 'store'],
  log: ['stage', 'pipeline', 'store', 'plan'],
  report: ['stage', 'pipeline', 'store', 'plan', 'log'],
  run: ['stage', 'engine', 'difference', 'pipeline', 'store', 'plan'],
  schedule: ['stage', 'pipeline', 'store', 'log'],
  verbs: ['stage', 'engine', 'difference', 'pipeline', 'store', 'plan', 'log', 'report', 'run', 'schedule'],
};

test('src imports in one direction and knows no stage', () => {
  const wrong: string[] = [];
  for (const file of sources('src')) {
    const folder = file.split('/').length > 2 ? file.split('/')[1]! : null;
    for (const specifier of imports(file)) {
      const to = target(file, specifier);
      if (to === null) continue;
      const parts = to.split('/');
      if (parts[0] !== 'src') wrong.push(`${file} imports ${to}, outside src`);
      else if (folder && parts.length > 2 && parts[1] !== folder && !allowed[folder]?.includes(parts[1]!))
        wrong.push(`${file} imports ${to}: ${folder} may import ${allowed[folder]?.join(', ') || 'nothing'}`);
      else if (folder && parts[1] === 'cli.ts') wrong.push(`${file} imports the command line`);
    }
  }
  assert.deepEqual(wrong, []);
});

test('stages import the contract, packages and their own shared folders only', () => {
  const wrong: string[] = [];
  for (const file of sources('stages')) {
    for (const specifier of imports(file)) {
      const to = target(file, specifier);
      if (to === null) {
        if (specifier.startsWith('bloodline-ml') && specifier !== 'bloodline-ml/stage')
          wrong.push(`${file} imports ${specifier}`);
        continue;
      }
      if (!/^stages\/(datasets|models|imaging|engines|learning|weights|judging|tools)\//.test(to))
        wrong.push(`${file} imports ${to}`);
    }
  }
  assert.deepEqual(wrong, []);
});

// Math.pow and ** round differently on Node 24 and up than on 20 and 22, integer powers too; Math.random and the
// clock give other artifacts each time; localeCompare depends on the machine's language.
const forbidden: readonly (readonly [RegExp, string])[] = [
  [/Math\.pow\b/, 'Math.pow'],
  [/[\w)\]]\s*\*\*=?\s*[\w(]/, '**'],
  [/Math\.random\b/, 'Math.random'],
  [/Date\.now\b|new Date\b/, 'the date'],
  [/\.localeCompare\b|toLocale\w*String\b|Intl\./, 'the locale'],
];

test('code that makes artifacts uses nothing whose result is the machine’s choice', () => {
  const wrong: string[] = [];
  for (const file of sources('stages')) {
    const lines = readFileSync(join(root, file), 'utf8').split('\n');
    lines.forEach((line, index) => {
      const code = line.replace(/^\s*(\/\/|\/?\*).*$/, '').replace(/\s\/\/ .*$/, '');
      for (const [pattern, what] of forbidden)
        if (pattern.test(code)) wrong.push(`${file}:${index + 1} uses ${what}: ${line.trim()}`);
    });
  }
  assert.deepEqual(wrong, []);
});
