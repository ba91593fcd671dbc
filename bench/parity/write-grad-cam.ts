/**
 * Makes the references of Grad-CAM anew, with Keras, and holds the three whole networks at 64 pixels to it:
 *
 *     node dist/bench/parity/write-grad-cam.js PYTHON [native|wasm]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openEngine } from '../../stages/engines/engine.ts';
import { gradCam } from '../../stages/judging/grad-cam.ts';
import { lastMap } from '../../stages/learning/cut.ts';
import { newGraph } from '../../stages/learning/graph.ts';
import * as customCnn from '../../stages/models/custom-cnn.ts';
import * as efficientNet from '../../stages/models/efficientnet-b4.ts';
import * as vgg16 from '../../stages/models/vgg16.ts';
import '../../test/native-engine.ts';
import { CLASSES, giveModel, type KerasMaps, LABELS, largestDifference, SIZE } from './grad-cam-networks.ts';
import { microNetworks } from './micro-networks.ts';

const root = resolve(fileURLToPath(new URL('../../..', import.meta.url)));
const folder = mkdtempSync(join(tmpdir(), 'grad-cam-'));
const [python = 'python3', want = 'native'] = process.argv.slice(2);

const whole = Object.fromEntries(
  Object.entries({ 'custom-cnn': customCnn, vgg16, 'efficientnet-b4': efficientNet }).map(([name, model]) => [
    name,
    model.default({ size: 64, classes: CLASSES, graph: newGraph() }),
  ]),
);

function byKeras(networks: Record<string, (typeof whole)[string]>, size: number, to: string): KerasMaps {
  const given = Object.fromEntries(
    Object.entries(networks).map(([name, network]) => [
      name,
      { network, layer: lastMap(network), size, labels: LABELS },
    ]),
  );
  writeFileSync(join(folder, 'networks.json'), JSON.stringify(given));
  execFileSync(python, ['bench/parity/grad_cam.py', join(folder, 'networks.json'), to], {
    cwd: root,
    stdio: 'inherit',
  });
  return JSON.parse(readFileSync(to, 'utf8')) as KerasMaps;
}

byKeras(microNetworks(), SIZE, join(root, 'test/learning/keras/grad-cam.json'));
const keras = byKeras(whole, 64, join(folder, 'whole.json'));
const engine = await openEngine({ want: want as 'native' });
for (const [name, network] of Object.entries(whole)) {
  const { loaded, images } = giveModel(engine, network, 64);
  const difference = largestDifference(gradCam(loaded, images, LABELS), keras.networks[name]!.maps);
  console.log(`${name} at 64 pixels, ${engine.name}: largest difference ${difference.toExponential(1)}`);
  loaded.dispose();
}
