import assert from 'node:assert/strict';
import { copyFileSync, cpSync, readFileSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';
import { loadPipeline } from '../../src/pipeline/load.ts';
import type { Pipeline } from '../../src/pipeline/pipeline.ts';
import { value } from '../store/contract.ts';
import { createProject, type Miss, type Project } from './project.ts';

/** The checkout: this file runs from `dist/test/plan/`. */
const CHECKOUT = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

const TRAIN = ['train-per-model@custom-cnn', 'train-per-model@efficientnet-b4', 'train-per-model@vgg16'];
const EVALUATE = TRAIN.map((id) => id.replace('train-per-model', 'evaluate'));
const BELOW_PIXELS = [...TRAIN, ...EVALUATE, 'compare'];

/** Bytes that depend on all that a stage was given, as those of a careful stage may. */
const other = (stage: string, output: string, { key }: Miss) => `${stage} ${output} ${key}`;
/** Bytes that come out the same whatever changed. */
const same = (stage: string, output: string) => `${stage} ${output}`;

/**
 * The real pipeline and the real stages, planned for real, with outputs written by the test: nothing is trained here.
 * Each edit starts from a store that holds a complete run of the files as they are.
 */
describe('what re-runs after an edit of the real pipeline', () => {
  let project: Project;
  before(async () => {
    project = await createProject();
    for (const path of ['stages', 'pipeline.yaml', 'package.json', 'package-lock.json']) {
      cpSync(join(CHECKOUT, path), join(project.root, path), { recursive: true });
    }
    project.write({ 'data/a/1.jpg': 'one', 'data/a/2.jpg': 'two', 'data/a/notes.xml': '<box/>' });
    assert.equal((await project.run(await load(), { make: same })).length, 11);
  });
  after(() => project.remove());

  const load = async (params: Record<string, number | string | readonly string[]> = {}): Promise<Pipeline> =>
    value(
      await loadPipeline(join(project.root, 'pipeline.yaml'), {
        profile: 'pbc',
        params: { source: 'data', ...params },
      }),
    );

  /** Makes an edit, gives what re-ran, takes the edit back. */
  const rerunAfter = async (
    edits: Readonly<Record<string, (text: string) => string>>,
    make: typeof other,
    params?: Parameters<typeof load>[0],
  ): Promise<readonly string[]> => {
    const texts = Object.keys(edits).map(
      (file) => [file, readFileSync(join(project.root, file), 'utf8')] as const,
    );
    for (const [file, text] of texts) {
      const edited = edits[file]!(text);
      assert.notEqual(edited, text, `the edit of ${file} no longer fits the file`);
      project.write({ [file]: edited });
    }
    try {
      return await project.run(await load(params), { make });
    } finally {
      project.write(Object.fromEntries(texts));
    }
  };
  const append = (text: string) => (file: string) => `${file}\n${text}\n`;
  const replace = (from: string | RegExp, to: string) => (file: string) => file.replace(from, to);

  it('a comment in train-per-model: nothing', async () => {
    assert.deepEqual(await rerunAfter({ 'stages/train-per-model.ts': append('// A thought.') }, other), []);
  });

  it('a constant in train-per-model: training, and what is below it', async () => {
    const edit = { 'stages/train-per-model.ts': append("Object.assign(globalThis, { patience: '7' });") };
    assert.deepEqual(await rerunAfter(edit, other), BELOW_PIXELS);
  });

  it('a constant in vgg16.ts: VGG16 only', async () => {
    const edit = { 'stages/models/vgg16.ts': replace('[64, 2]', '[64, 3]') };
    assert.deepEqual(await rerunAfter(edit, other), [TRAIN[2], EVALUATE[2], 'compare']);
  });

  it('a helper that two stages reach: these two', async () => {
    const edit = { 'stages/imaging/crew.ts': replace('WORTH_A_THREAD = 60', 'WORTH_A_THREAD = 61') };
    assert.deepEqual(await rerunAfter(edit, same), ['ingest', 'resize-normalize']);
  });

  it('size: rendering, and what is below it', async () => {
    assert.deepEqual(await rerunAfter({}, other, { size: 96 }), ['resize-normalize', ...BELOW_PIXELS]);
  });

  it('one model more: this one, and the comparison', async () => {
    copyFileSync(
      join(project.root, 'stages/models/custom-cnn.ts'),
      join(project.root, 'stages/models/mine.ts'),
    );
    const models = ['custom-cnn', 'efficientnet-b4', 'vgg16', 'mine'];
    // Its text is that of the custom CNN, and so is its key: what that one learnt is used.
    assert.deepEqual(await rerunAfter({}, other, { models }), ['compare']);
    const edit = { 'stages/models/mine.ts': append('Object.assign(globalThis, { mine: true });') };
    assert.deepEqual(await rerunAfter(edit, other, { models }), [
      'train-per-model@mine',
      'evaluate@mine',
      'compare',
    ]);
  });

  it('one image touched: nothing', async () => {
    utimesSync(join(project.root, 'data/a/1.jpg'), 1, 1);
    assert.deepEqual(await rerunAfter({}, other), []);
  });

  it('one image changed: everything that comes from it', async () => {
    const edit = { 'data/a/1.jpg': replace('one', 'another') };
    const make: typeof other = (stage, output, miss) =>
      (output === 'samples' ? same : other)(stage, output, miss);
    const ran = await rerunAfter(edit, make);
    // split reads samples only, and they are as before.
    assert.deepEqual(ran, ['ingest', 'balance-augment', 'resize-normalize', ...BELOW_PIXELS]);
  });

  it('an annotation changed that leads to the same samples: ingest only', async () => {
    assert.deepEqual(await rerunAfter({ 'data/a/notes.xml': append('<!-- checked -->') }, same), ['ingest']);
  });

  it("sharp's entry in the lock file: what decodes images", async () => {
    const edit = {
      'package-lock.json': (text: string) => {
        const lock = JSON.parse(text);
        lock.packages['node_modules/sharp'].integrity = 'sha512-other';
        return JSON.stringify(lock);
      },
    };
    assert.deepEqual(await rerunAfter(edit, same), [
      'ingest',
      'balance-augment',
      'resize-normalize',
      'compare',
    ]);
  });

  it('the seed: what draws', async () => {
    const edit = { 'pipeline.yaml': replace('seed: 42', 'seed: 43') };
    assert.deepEqual(await rerunAfter(edit, same), ['balance-augment', 'split', ...TRAIN]);
  });

  it('the order of keys in the YAML: nothing', async () => {
    const turn = (node: unknown): unknown =>
      node !== null && typeof node === 'object' && !Array.isArray(node)
        ? Object.fromEntries(
            Object.entries(node)
              .reverse()
              .map(([name, below]) => [name, turn(below)]),
          )
        : node;
    const edit = { 'pipeline.yaml': (text: string) => stringify(turn(parse(text))) };
    assert.deepEqual(await rerunAfter(edit, other), []);
  });
});
