/**
 * Twelve edits of the real pipeline by the real command, with real training: a table of what each made run again.
 * `test/plan/twelve-edits.test.ts` holds the same list without training.
 *
 *     npm run check:edits [-- BCCD-FOLDER]
 *
 * Each edit is made in a copy of the checkout whose store holds a complete run, and taken back after it.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { parse, stringify } from 'yaml';
import type { RunEvent } from '../../src/events.ts';

const checkout = resolve(fileURLToPath(new URL('../../..', import.meta.url)));
const source = resolve(
  process.argv[2] ?? join(process.env.BLOODLINE_TEST_DATA ?? join(checkout, '../shared/data'), 'bccd'),
);
if (!existsSync(source)) {
  console.error(`There is no folder ${source}: give that of the BCCD set.`);
  process.exit(2);
}
const FIELDS = 60;
const MODELS = ['custom-cnn', 'efficientnet-b4', 'vgg16'];
const SMALL = ['size=32', 'epochs=1', 'perClass=60', 'batch=16', 'source=data', `models=[${MODELS}]`];

const project = mkdtempSync(join(tmpdir(), 'bloodline-edits-'));
const at = (...path: string[]): string => join(project, ...path);
for (const name of [
  'bin',
  'dist',
  'stages',
  'src',
  'schemas',
  'pipeline.yaml',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
])
  cpSync(join(checkout, name), at(name), { recursive: true });
symlinkSync(join(checkout, 'node_modules'), at('node_modules'));
const images: string[] = [];
for (const part of readdirSync(source, { recursive: true, encoding: 'utf8' }).sort()) {
  const [, number] = /(?:^|\/)BloodImage_00(\d+)\.(?:jpg|xml)$/.exec(part) ?? [];
  if (number === undefined || Number(number) >= FIELDS) continue;
  mkdirSync(at('data', part, '..'), { recursive: true });
  copyFileSync(join(source, part), at('data', part));
  if (part.endsWith('.jpg')) images.push(part);
}
assert.ok(images.length > 0, `${source} holds no BloodImage_*.jpg`);
const image = images[5]!;
const annotation = readdirSync(at('data'), { recursive: true, encoding: 'utf8' }).find((file) =>
  file.endsWith(image.replace(/^.*\//, '').replace('.jpg', '.xml')),
)!;

/** Ids of the stages that ran. */
function run(params: readonly string[] = []): readonly string[] {
  const args = [
    'run',
    '--profile',
    'bccd',
    '--json',
    ...[...SMALL, ...params].flatMap((param) => ['--param', param]),
  ];
  const done = spawnSync(process.execPath, [at('bin/bloodline.js'), ...args], {
    cwd: project,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, BLOODLINE_STORE: at('store') },
  });
  assert.equal(done.status, 0, `${done.stderr}\n${done.stdout.slice(-2000)}`);
  const last = JSON.parse(done.stdout.trimEnd().split('\n').at(-1)!) as RunEvent;
  assert.equal(last.type, 'run-finished');
  return last.ran;
}

type Edit = () => { readonly undo: () => void; readonly params?: readonly string[] };
const text = (file: string, change: (text: string) => string): ReturnType<Edit> => {
  const before = readFileSync(at(file), 'utf8');
  const edited = change(before);
  assert.notEqual(edited, before, `the edit of ${file} no longer fits the file`);
  writeFileSync(at(file), edited);
  return { undo: () => writeFileSync(at(file), before) };
};
const nothing = (): void => {};
const reversed = (node: unknown): unknown =>
  node !== null && typeof node === 'object' && !Array.isArray(node)
    ? Object.fromEntries(
        Object.entries(node)
          .reverse()
          .map(([name, below]) => [name, reversed(below)]),
      )
    : node;

const mine = (constant: string): ReturnType<Edit> => {
  writeFileSync(
    at('stages/models/mine.ts'),
    readFileSync(at('stages/models/custom-cnn.ts'), 'utf8') + constant,
  );
  return { undo: () => rmSync(at('stages/models/mine.ts')), params: [`models=[${MODELS},mine]`] };
};
const brighter = await sharp(at('data', image)).modulate({ brightness: 1.1 }).jpeg().toBuffer();

const edits: Record<string, Edit> = {
  'a comment in train-per-model': () =>
    text('stages/train-per-model.ts', (file) => `${file}\n// A thought.\n`),
  'a constant in train-per-model': () =>
    text('stages/train-per-model.ts', (file) => `${file}\nObject.assign(globalThis, { patience: '7' });\n`),
  'a constant in vgg16.ts': () =>
    text('stages/models/vgg16.ts', (file) => file.replace('[64, 2]', '[64, 1]')),
  'a helper that two stages reach': () =>
    text('stages/imaging/crew.ts', (file) => file.replace('WORTH_A_THREAD = 60', 'WORTH_A_THREAD = 61')),
  'another, and other pixels': () =>
    text('stages/imaging/crop.ts', (file) => file.replace(/MARGIN = 1\.\d+/, 'MARGIN = 1.7')),
  size: () => ({ undo: nothing, params: ['size=40'] }),
  'one model more, a copy of the CNN': () => mine(''),
  'one model more, another': () => mine('Object.assign(globalThis, { mine: true });\n'),
  'one image touched': () => {
    utimesSync(at('data', image), 1, 1);
    return { undo: nothing };
  },
  'one image changed': () => {
    const before = readFileSync(at('data', image));
    writeFileSync(at('data', image), brighter);
    return { undo: () => writeFileSync(at('data', image), before) };
  },
  'an annotation changed, same samples': () =>
    text(join('data', annotation), (file) => `${file}<!-- checked -->\n`),
  'sharp in the lock file': () =>
    text('package-lock.json', (file) => {
      const lock = JSON.parse(file);
      lock.packages['node_modules/sharp'].integrity = 'sha512-other';
      return JSON.stringify(lock);
    }),
  'the seed': () => text('pipeline.yaml', (file) => file.replace('seed: 42', 'seed: 43')),
  'the order of keys in the YAML': () => text('pipeline.yaml', (file) => stringify(reversed(parse(file)))),
};

try {
  console.log(`The first run: ${run().join(', ')}`);
  assert.deepEqual(run(), [], 'the second run is cached');
  for (const [name, edit] of Object.entries(edits)) {
    const { undo, params } = edit();
    const start = performance.now();
    const ran = run(params);
    console.log(
      `${name} (${((performance.now() - start) / 1000).toFixed(1)} s): ${ran.join(', ') || 'nothing'}`,
    );
    undo();
    assert.deepEqual(run(), [], `after "${name}" was taken back`);
  }
} finally {
  rmSync(project, { recursive: true, force: true });
}
