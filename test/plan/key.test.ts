import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, renameSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { canonicalJson } from '../../src/json.ts';
import { stageSeed } from '../../src/plan/seed.ts';
import { createProject, type Miss, type Project } from './project.ts';

/** A small copy of the real pipeline's shape: two readers of one helper, models as modules, a matrix, a fan-in. */
const FILES = {
  'package.json': '{ "type": "module" }',
  'package-lock.json': JSON.stringify({
    lockfileVersion: 3,
    packages: {
      '': {},
      'node_modules/sharp': { version: '0.35.5', integrity: 'sha512-A', dependencies: { color: '1' } },
      'node_modules/color': { version: '1.0.0', integrity: 'sha512-B' },
      'node_modules/unused': { version: '1.0.0', integrity: 'sha512-C' },
      'node_modules/@tensorflow/tfjs-node-gpu': { version: '4.22.0', integrity: 'sha512-D' },
    },
  }),
  'node_modules/sharp/package.json': '{ "version": "0.35.5", "type": "module", "exports": "./index.js" }',
  'node_modules/sharp/index.js': 'export default 1;',
  'node_modules/bloodline-ml/package.json': '{ "type": "module", "exports": { "./stage": "./stage.js" } }',
  'node_modules/bloodline-ml/stage.js': 'export class StageError extends Error {}',
  'data/a.txt': 'A',
  'data/sub/b.txt': 'B',
  'stages/shared/crop.ts': 'export const crop = (x: number): number => x * 1.2;\nexport const unused = 1;\n',
  'stages/ingest.ts': `
    // Reads.
    import sharp from 'sharp';
    import { crop } from './shared/crop.ts';
    export const inputs = { source: 'required' } as const, outputs = ['samples'] as const;
    export const params = { limit: { type: 'integer', default: 7, description: 'How many.' } } as const;
    export default async function run() { return [sharp, crop(1)]; }`,
  'stages/split.ts': `
    import { crop } from './shared/crop.ts';
    export const inputs = { samples: 'required', extra: 'optional' } as const, outputs = ['assignment'] as const;
    export const draws = true;
    export const params = {} as const;
    export default async function run() { return crop(2); }`,
  'stages/train.ts': `
    import { StageError } from 'bloodline-ml/stage';
    export const inputs = { split: 'required' } as const, outputs = ['model', 'curves'] as const;
    export const draws = true;
    export const params = {
      model: { type: 'string', format: 'module', description: 'The network.' },
      epochs: { type: 'integer', unit: 'epochs', default: 100, description: 'How long.' },
      rate: { type: 'number', default: 0.001, description: 'Step.' },
    } as const;
    export default async function run() { await import('@tensorflow/tfjs-node-gpu'); if (!run) throw new StageError('no'); }`,
  'stages/compare.ts': `
    export const inputs = { models: 'required' } as const, outputs = ['page'] as const;
    export const params = {} as const;
    export default async function run() {}`,
  'models/layers.ts': 'export const conv = (n: number): string => `conv ${n}`;\n',
  'models/vgg16.ts': "import { conv } from './layers.ts';\nexport const net = () => [conv(64)];\n",
  'models/cnn.ts': 'export const net = () => [3, 32];\n',
};

const STAGES = {
  ingest: { run: 'stages/ingest.ts', inputs: { source: { path: 'data' } } },
  split: { run: 'stages/split.ts', inputs: { samples: 'ingest.samples' } },
  'train@cnn': {
    run: 'stages/train.ts',
    inputs: { split: 'split.assignment' },
    params: { model: 'models/cnn.ts' },
  },
  'train@vgg16': {
    run: 'stages/train.ts',
    inputs: { split: 'split.assignment' },
    params: { model: 'models/vgg16.ts', epochs: 5 },
  },
  compare: { run: 'stages/compare.ts', inputs: { models: 'train@cnn.model + train@vgg16.model' } },
};

/** Outputs depend on all of the key, as those of a real stage might. */
const make = (stage: string, output: string, { key }: Miss) => `${stage} ${output} ${key}`;

describe('what re-runs after an edit', () => {
  let project: Project;
  beforeEach(async () => {
    project = await createProject(FILES);
    const ran = await project.run(project.pipeline(STAGES), { make });
    assert.deepEqual(ran, ['ingest', 'split', 'train@cnn', 'train@vgg16', 'compare']);
  });
  afterEach(() => project.remove());

  const rerun = (stages: object = STAGES, seed?: number) =>
    project.run(project.pipeline(stages as typeof STAGES, seed), { make });
  const edit = (file: keyof typeof FILES, from: string, to: string) => {
    const text = readFileSync(join(project.root, file), 'utf8');
    assert.ok(text.includes(from));
    project.write({ [file]: text.replace(from, to) });
  };

  it('nothing, after no edit', async () => assert.deepEqual(await rerun(), []));

  it('nothing, after comments, white space, types and unused exports', async () => {
    edit('stages/ingest.ts', '// Reads.', '// Reads everything.\n\n\n/* really */');
    edit('stages/split.ts', 'return crop(2)', '/** twice */\n        return   crop( 2 )');
    edit('stages/shared/crop.ts', 'unused = 1', 'unused = 2');
    edit('models/cnn.ts', 'export const net = ()', 'export const net = (): number[]');
    assert.deepEqual(await rerun(), []);
  });

  it("nothing, after a better description of a parameter, and its default's being written out", async () => {
    edit('stages/train.ts', 'How long.', 'How long, in epochs over the training part.');
    const stages = {
      ...STAGES,
      'train@cnn': { ...STAGES['train@cnn'], params: { rate: 0.001, model: 'models/cnn.ts' } },
    };
    assert.deepEqual(await rerun(stages), []);
  });

  it('exactly the stages that reach a helper', async () => {
    edit('stages/shared/crop.ts', '1.2', '1.3');
    assert.deepEqual(await project.plan(project.pipeline(STAGES)), {
      ingest: 'code',
      split: 'code, depends-on "ingest"',
      'train@cnn': 'depends-on "split"',
      'train@vgg16': 'depends-on "split"',
      compare: 'depends-on "train@cnn", depends-on "train@vgg16"',
    });
    // Early cut-off: ingest and split run again to the same bytes, and nothing below them runs.
    const before = Object.keys(STAGES).map((id) => project.store.recordsOf(id, 1)[0]!);
    const same = (stage: string, output: string) =>
      make(stage, output, { key: before.find((record) => record.stage === stage)!.key } as Miss);
    assert.deepEqual(await project.run(project.pipeline(STAGES), { make: same }), ['ingest', 'split']);
  });

  it('the one instance whose module changed, itself or through what it imports', async () => {
    edit('models/vgg16.ts', '64', '65');
    assert.equal((await project.plan(project.pipeline(STAGES)))['train@vgg16'], 'module "model"');
    assert.deepEqual(await rerun(), ['train@vgg16', 'compare']);
    edit('models/layers.ts', 'conv ${n}', 'convolution ${n}');
    assert.deepEqual(await rerun(), ['train@vgg16', 'compare']);
  });

  it('nothing, after a module moved elsewhere', async () => {
    mkdirSync(join(project.root, 'networks'));
    renameSync(join(project.root, 'models', 'cnn.ts'), join(project.root, 'networks', 'small.ts'));
    const stages = {
      ...STAGES,
      'train@cnn': { ...STAGES['train@cnn'], params: { model: 'networks/small.ts' } },
    };
    assert.deepEqual(await rerun(stages), []);
  });

  it('the stage whose parameter changed, and says from what to what', async () => {
    const stages = {
      ...STAGES,
      'train@cnn': { ...STAGES['train@cnn'], params: { model: 'models/cnn.ts', epochs: 3 } },
    };
    assert.equal((await project.plan(project.pipeline(stages)))['train@cnn'], 'param "epochs" 100 3');
    assert.deepEqual(await rerun(stages), ['train@cnn', 'compare']);
    assert.deepEqual(await rerun(), [], 'and back again, nothing');
  });

  it('nothing, after another order of keys and stages', async () => {
    const { 'train@vgg16': vgg, ingest, ...rest } = STAGES;
    const { params, inputs, run } = vgg;
    const turned = { epochs: params.epochs, model: params.model };
    assert.deepEqual(await rerun({ ingest, ...rest, 'train@vgg16': { params: turned, inputs, run } }), []);
  });

  it('nothing, after an input was touched or renamed; what reads it, after it changed', async () => {
    utimesSync(join(project.root, 'data', 'a.txt'), 1, 1);
    renameSync(join(project.root, 'data'), join(project.root, 'elsewhere'));
    const stages = { ...STAGES, ingest: { ...STAGES.ingest, inputs: { source: { path: 'elsewhere' } } } };
    assert.deepEqual(await rerun(stages), []);
    project.write({ 'elsewhere/sub/b.txt': 'b' });
    assert.equal((await project.plan(project.pipeline(stages)))['ingest'], 'input "source"');
    rmSync(join(project.root, 'elsewhere', 'sub'), { recursive: true });
    assert.equal((await project.plan(project.pipeline(stages)))['ingest'], 'input "source"');
  });

  it('what reaches a package, after it or what it needs changed in the lock file', async () => {
    edit('package-lock.json', '"integrity":"sha512-C"', '"integrity":"sha512-X"');
    edit('package-lock.json', '"integrity":"sha512-D"', '"integrity":"sha512-X"');
    assert.deepEqual(await rerun(), [], 'nobody uses the one, and the other is an engine');
    edit(
      'package-lock.json',
      '"version":"0.35.5","integrity":"sha512-A"',
      '"version":"0.35.6","integrity":"sha512-X"',
    );
    assert.equal(
      (await project.plan(project.pipeline(STAGES)))['ingest'],
      'package "sharp" "0.35.5" "0.35.6"',
    );
    edit('package-lock.json', '"0.35.6","integrity":"sha512-X"', '"0.35.5","integrity":"sha512-A"');
    edit('package-lock.json', '"integrity":"sha512-B"', '"integrity":"sha512-X"');
    assert.match(
      (await project.plan(project.pipeline(STAGES)))['ingest']!,
      /^package "sharp" "0.35.5 \w{8}" "0.35.5 \w{8}"$/,
    );
    const [first] = await rerun();
    assert.equal(first, 'ingest');
  });

  it('what draws, after another seed', async () => {
    assert.deepEqual(await project.plan(project.pipeline(STAGES, 43)), {
      ingest: 'hit',
      split: `seed ${stageSeed(42, 'split')} ${stageSeed(43, 'split')}`,
      'train@cnn': `seed ${stageSeed(42, 'train')} ${stageSeed(43, 'train')}, depends-on "split"`,
      'train@vgg16': `seed ${stageSeed(42, 'train')} ${stageSeed(43, 'train')}, depends-on "split"`,
      compare: 'depends-on "train@cnn", depends-on "train@vgg16"',
    });
  });

  it('only what is new, after another coordinate', async () => {
    const { compare: _, ...above } = STAGES;
    const more = {
      ...above,
      'train@new': { ...STAGES['train@cnn'], params: { model: 'models/cnn.ts', epochs: 9 } },
      compare: {
        run: 'stages/compare.ts',
        inputs: { models: 'train@cnn.model + train@vgg16.model + train@new.model' },
      },
    };
    assert.deepEqual(await rerun(more), ['train@new', 'compare']);
  });

  it('what is forced, and below it only what then differs', async () => {
    const pipeline = project.pipeline(STAGES);
    assert.equal((await project.plan(pipeline, { forced: ['split'] }))['split'], 'forced');
    assert.deepEqual(await project.run(pipeline, { make, forced: ['split'] }), ['split']);
  });

  it('the stage whose artifact is damaged or gone, and only that one', async () => {
    const [record] = project.store.recordsOf('split', 1);
    const artifact = record!.outputs['assignment']!;
    rmSync(join(project.root, 'artifacts', 'blobs', artifact.digest.slice(0, 2), artifact.digest.slice(2)));
    const plan = await project.plan(project.pipeline(STAGES));
    assert.equal(plan['split'], 'artifact-gone "assignment"');
    assert.deepEqual(await rerun(), ['split']);
    assert.deepEqual(await rerun(), []);
  });

  it('nothing, in a checkout elsewhere that shares the store', async () => {
    const other = await createProject(FILES);
    try {
      const keys = async (one: Project) => {
        const found: string[] = [];
        const record = (stage: string, output: string, miss: Miss) => {
          found.push(miss.key);
          return `${stage} ${output}`;
        };
        await one.run(one.pipeline(STAGES), { make: record, forced: Object.keys(STAGES) });
        return found;
      };
      assert.deepEqual(await keys(other), await keys(project));
    } finally {
      other.remove();
    }
  });
});

describe('canonical JSON', () => {
  it('sorts by code unit, leaves undefined out, and refuses what JSON would change', () => {
    assert.equal(
      canonicalJson({ b: 1, a: [true, null], Z: { y: 'é', x: undefined }, ä: 1e21 }),
      '{"Z":{"y":"é"},"a":[true,null],"b":1,"ä":1e+21}',
    );
    assert.equal(canonicalJson(JSON.parse('{"__proto__":1,"10":2,"9":3}')), '{"10":2,"9":3,"__proto__":1}');
    assert.equal(canonicalJson(-0), '0');
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, () => 1, undefined, 1n, Symbol('s')]) {
      assert.throws(() => canonicalJson(bad), TypeError);
    }
  });
});
