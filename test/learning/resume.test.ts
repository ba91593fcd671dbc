import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { EngineName } from '../../stages/engines/engine.ts';
import { LIGHT } from '../../stages/learning/augment.ts';
import type { Training } from '../../stages/learning/loop.ts';
import { PLAIN, type Recipe } from '../../stages/learning/recipe.ts';
import { nativeFolder } from '../native-engine.ts';
import { stageFolder } from '../stage-harness.ts';
import { microData } from './micro.ts';

const folder = stageFolder();
after(() => folder.remove());
await microData(folder.path, { count: 40, size: 9, classes: 3 });
const child = fileURLToPath(new URL('./train-child.js', import.meta.url));

// 28 training cells in 4 steps an epoch.
const base: Recipe = { ...PLAIN, epochs: 4, batch: 7, learningRate: 1e-2, seed: 11 };
const recipes: Readonly<Record<string, Recipe>> = {
  'adamw, running means, clipping, a plateau, class weights, augmentation': {
    ...base,
    optimizer: 'adamw',
    ema: 0.9,
    clipNorm: 0.5,
    schedule: 'plateau',
    decayEvery: 1,
    classWeights: [1, 2, 0.5],
    augment: LIGHT,
    patience: 3,
  },
  'head first on features, then all, with sgd and running means': {
    ...base,
    optimizer: 'sgd',
    ema: 0.8,
    headEpochs: 2,
    thawedRate: 0.5,
    schedule: 'cosine',
    warmup: 0.25,
  },
  'microbatches, mixup, smoothing, frozen until a layer': {
    ...base,
    microbatch: 3,
    mixup: 0.4,
    labelSmoothing: 0.1,
    schedule: 'step',
    decayEvery: 2,
    freeze: { until: 'stem_bn' },
  },
};

function attempt(engine: EngineName, recipe: Recipe, checkpoint: string, die: object = {}): Training | null {
  const told = JSON.stringify({ folder: folder.path, checkpoint, engine, recipe, die });
  const done = spawnSync(process.execPath, [child, told], { encoding: 'utf8' });
  if (done.signal === 'SIGKILL') return null;
  assert.equal(done.status, 0, done.stderr);
  return JSON.parse(done.stdout) as Training;
}

const engines: readonly [EngineName, string | false][] = [
  ['wasm', false],
  ['native', nativeFolder() ? false : 'the native engine is not installed: `bloodline engine install`'],
];
for (const [engine, skip] of engines)
  for (const [name, recipe] of Object.entries(recipes))
    test(`killed again and again, a training ends in the same bytes on ${engine}: ${name}`, { skip }, () => {
      const place = (of: string): string => {
        const path = join(folder.path, `${engine} ${name} ${of}`.replaceAll(/\W+/g, '-'));
        mkdirSync(path, { recursive: true });
        return path;
      };
      const whole = attempt(engine, recipe, place('whole'))!;
      // In the first epoch; while the first checkpoint is written; in the second epoch; while its checkpoint is; again.
      const all = [{ step: 3 }, { write: 30 }, { step: 6 }, { write: 25 }, { step: 2 }];
      const deaths = engine === 'native' ? all.slice(2, 4) : all; // a native process takes long to start
      const broken = place('broken');
      const killed = deaths.filter((die) => attempt(engine, recipe, broken, die) === null);
      assert.ok(killed.length === deaths.length, `only ${JSON.stringify(killed)} killed it`);
      const resumed = attempt(engine, recipe, broken)!;
      assert.ok(resumed.resumed > 0, 'it began anew');
      assert.deepEqual(resumed.history, whole.history);
      assert.equal(resumed.best, whole.best);
      for (const file of ['bestFile', 'lastFile'] as const)
        assert.ok(readFileSync(resumed[file]).equals(readFileSync(whole[file])), `${file} differs`);
    });

test('a checkpoint of another engine is never gone on from', () => {
  const checkpoint = join(folder.path, 'mixed');
  mkdirSync(checkpoint);
  const first = attempt('cpu', { ...base, epochs: 2 }, checkpoint, { step: 6 });
  assert.equal(first, null);
  const second = attempt('wasm', { ...base, epochs: 2 }, checkpoint)!;
  assert.equal(second.resumed, 0);
});
