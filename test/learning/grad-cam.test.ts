import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import {
  giveModel,
  type KerasMaps,
  LABELS,
  largestDifference,
  SIZE,
} from '../../bench/parity/grad-cam-networks.ts';
import { microNetworks } from '../../bench/parity/micro-networks.ts';
import { type Engine, openEngine } from '../../stages/engines/engine.ts';
import { answering } from '../../stages/judging/embedding.ts';
import { gradCam } from '../../stages/judging/grad-cam.ts';
import { cutBehind, embeddingLayer, lastMap } from '../../stages/learning/cut.ts';
import { newGraph } from '../../stages/learning/graph.ts';
import { infer } from '../../stages/learning/infer.ts';
import * as efficientNet from '../../stages/models/efficientnet-b4.ts';
import * as vgg16 from '../../stages/models/vgg16.ts';
import { nativeFolder } from '../native-engine.ts';

// What Keras makes of these networks; bench/parity/write-grad-cam.ts makes it anew.
const keras = JSON.parse(
  readFileSync(new URL('../../../test/learning/keras/grad-cam.json', import.meta.url), 'utf8'),
) as KerasMaps;

for (const want of ['wasm', 'native'] as const)
  describe(`Grad-CAM, ${want}`, {
    skip: want === 'native' && nativeFolder() === null && 'the native engine is not installed',
  }, () => {
    let engine: Engine;
    before(async () => {
      engine = await openEngine({ want });
    });
    for (const [name, network] of Object.entries(microNetworks()))
      test(`${name} gives Keras’s map, and another one with other weights`, () => {
        const { loaded, images } = giveModel(engine, network, SIZE);
        assert.equal(lastMap(network), keras.networks[name]!.layer);
        const maps = gradCam(loaded, images, LABELS);
        const difference = largestDifference(maps, keras.networks[name]!.maps);
        // float32 sums in another order.
        assert.ok(difference < 1e-4, `${difference}`);
        const answer = answering(loaded)(images);
        // An engine's own pass may sum in another order where the network is cut.
        infer(engine, network, loaded.weights, images).forEach((logit, i) => {
          assert.ok(Math.abs(answer.logits[i]! - logit) < 1e-5, `${answer.logits[i]} is not ${logit}`);
        });
        loaded.dispose();
        // Adebayo et al. 2018 (arXiv:1810.03292): a map that does not depend on the weights explains nothing.
        const other = giveModel(engine, network, SIZE, { reversed: true });
        const changed = largestDifference(gradCam(other.loaded, images, LABELS), keras.networks[name]!.maps);
        assert.ok(changed > 0.1, `${changed}`);
        other.loaded.dispose();
      });
  });

test('maps are taken before the last pool, features before the last dense layer', () => {
  const of = { size: 64, classes: 5 };
  const [vgg, efficient] = [vgg16, efficientNet].map((model) => model.default({ ...of, graph: newGraph() }));
  assert.deepEqual([lastMap(vgg!), lastMap(efficient!)], ['block5_conv3', 'top_activation']);
  for (const network of [vgg!, efficient!])
    assert.ok(
      cutBehind(network, embeddingLayer(network)) !== null && cutBehind(network, lastMap(network)) !== null,
    );
  // Inside a residual block the skip goes past: no cut.
  assert.equal(cutBehind(efficient!, 'block2b_expand_conv'), null);
});
