import assert from 'node:assert/strict';
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { giveWeights } from '../../bench/parity/measure.ts';
import { microNetworks, SIZE } from '../../bench/parity/micro-networks.ts';
import { images, weightValues } from '../../bench/parity/numbers.ts';
import { openEngine } from '../../stages/engines/engine.ts';
import { loadModel, saveModel } from '../../stages/learning/saved-model.ts';
import { writeTensors } from '../../stages/learning/weights.ts';
import { openKerasFile } from '../../stages/weights/keras-file.ts';
import { matchWeights } from '../../stages/weights/match-weights.ts';
import { type FrontDoor, openFrontDoor } from '../rig/front-door.ts';

const networks = microNetworks();
const classes = ['a', 'b', 'c'];
let door: FrontDoor;
before(async () => {
  const engine = await openEngine({ want: 'cpu' });
  door = openFrontDoor({
    'pipeline.yaml': `
stages:
  train:
    matrix: { net: [vgg16, custom-cnn] }
    command: [cp, -r, "\${inputs.from}", "\${outputs.model}"]
    sources: []
    inputs: { from: { path: "models/\${net}" } }
    outputs: [model]
  other: { command: [touch, "\${outputs.x}"], sources: [], outputs: [x] }
`,
  });
  for (const [name, network] of Object.entries(networks)) {
    const weights = giveWeights(engine, network, weightValues);
    const file = join(door.root, `${name}.bin`);
    writeTensors(file, weights.values());
    const about = { name, paper: 'p', preprocessing: 'q', size: SIZE, classes, epoch: { best: 1, last: 1 } };
    await saveModel(join(door.root, 'models', name), { ...about, network }, { best: file, last: file });
    engine.tf.dispose([...weights.values()]);
  }
});
after(() => door.remove());

const exported = async (model: string, to: string, format: string) => {
  const { code, stderr, stdout } = await door.bloodline('model', 'export', model, to, '--format', format);
  assert.equal(code, 0, stderr);
  return stdout;
};

for (const [name, network] of Object.entries(networks)) {
  test(`${name} as tfjs: tf.loadLayersModel reads it and predicts the same`, async (t) => {
    await exported(`models/${name}`, `out/${name}-tfjs`, 'tfjs');
    const at = join(door.root, 'out', `${name}-tfjs`);
    const model = JSON.parse(readFileSync(join(at, 'model.json'), 'utf8'));
    assert.deepEqual(model.userDefinedMetadata.classes, classes);
    const bytes = readFileSync(join(at, 'weights.bin'));
    const pixels = images(2, SIZE);
    for (const want of ['cpu', 'wasm'] as const)
      await t.test(want, async () => {
        const engine = await openEngine({ want });
        const { tf } = engine;
        const loaded = await tf.loadLayersModel({
          load: async () => ({
            modelTopology: model.modelTopology,
            weightSpecs: model.weightsManifest[0].weights,
            weightData: new Uint8Array(bytes).buffer,
          }),
        });
        const theirs = tf.tidy(() =>
          (
            loaded.predict(tf.tensor4d(Float32Array.from(pixels), [2, SIZE, SIZE, 3])) as ReturnType<
              typeof tf.tensor
            >
          ).dataSync(),
        );
        loaded.dispose();
        const ours = await loadModel(join(door.root, 'models', name), engine);
        const probabilities = ours.predict(pixels);
        ours.dispose();
        assert.equal(theirs.length, probabilities.length);
        for (const [i, p] of probabilities.entries())
          assert.ok(Math.abs(p - theirs[i]!) < 1e-5, `${p} and ${theirs[i]}`);
      });
  });

  // That Keras itself predicts the same is checked by bench/parity/check-export.py.
  test(`${name} as keras-h5: all its weights are in it, and layers of Keras in order`, async () => {
    await exported(`models/${name}`, `out/${name}`, 'keras-h5');
    const at = join(door.root, 'out', name);
    const stored = await openKerasFile(join(at, 'model.h5'));
    // VGG16's channels are put into order by a convolution of one pixel, which is no layer of the network.
    const own = { ...stored, layers: stored.layers.filter((layer) => layer.name !== 'preprocessing') };
    const { values } = matchWeights(network, own, 'whole');
    stored.close();
    for (const [weight, read] of values)
      assert.deepEqual(read, weightValues(weight, shapeOf(at, weight, read)));
    assert.deepEqual(JSON.parse(readFileSync(join(at, 'classes.json'), 'utf8')).classes, classes);
  });
}

/** `weightValues` wants a shape; it is in the model's own list. */
function shapeOf(at: string, weight: string, read: Float32Array): readonly number[] {
  const list = join(at, '../../models', at.split('/').at(-1)!, 'weights.json');
  const entries = JSON.parse(readFileSync(list, 'utf8')) as { name: string; shape: number[] }[];
  const { shape } = entries.find(({ name }) => name === weight)!;
  assert.equal(
    shape.reduce((a, b) => a * b, 1),
    read.length,
  );
  return shape;
}

test('a stage’s newest model is exported by the stage’s name', async () => {
  assert.equal((await door.run()).code, 0);
  await exported('train@vgg16', 'by-name', 'keras-h5');
  assert.deepEqual(readdirSync(join(door.root, 'by-name')), ['classes.json', 'model.h5']);
  const refused = async (model: string) => (await door.bloodline('model', 'export', model, 'never')).stderr;
  assert.match(
    await refused('train'),
    /train made several models\n +name one: train@vgg16, train@custom-cnn/,
  );
  assert.match(await refused('other'), /other makes no model/);
  assert.match(await refused('trian'), /there is no model "trian"[\s\S]*train@vgg16/);
  assert.match(await refused('models'), /there is no trained model in models/);
});

test('what cannot be exported is refused in a sentence, and nothing is written', async () => {
  const refused = async (...args: string[]) => {
    const { code, stderr } = await door.bloodline('model', 'export', ...args);
    assert.equal(code, 2, stderr);
    return stderr;
  };
  const name = 'models/custom-cnn';
  assert.match(
    await refused(name, 'x', '--format', 'onnx'),
    /no well-kept writer of ONNX .*\n +Export as keras-h5/,
  );
  assert.match(
    await refused(name, 'x', '--format', 'pb'),
    /Expected the format keras-h5 or tfjs or bundle, got "pb"/,
  );
  assert.match(await refused(name, 'models'), /models is there and not an empty folder/);
  cpSync(join(door.root, name), join(door.root, 'mixed'), { recursive: true });
  const other = readFileSync(join(door.root, name, 'weights.bin'));
  other[5] = other[5]! ^ 1;
  writeFileSync(join(door.root, 'mixed/weights.bin'), other);
  assert.match(
    await refused('mixed', 'x'),
    /^weights\.bin has the sha256 .*: it belongs to another model\.\n/,
  );
  assert.equal(existsSync(join(door.root, 'x')), false);
  assert.deepEqual(
    readdirSync(door.root).filter((each) => each.startsWith('.x')),
    [],
  );
});
