import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KerasModel } from './keras-model.ts';

/** Writes `model.json` and `weights.bin`, a layers model that `tf.loadLayersModel` reads. */
export function writeTfjs(
  folder: string,
  { topology, layers }: KerasModel,
  metadata: Readonly<Record<string, unknown>>,
): void {
  const file = openSync(join(folder, 'weights.bin'), 'w');
  try {
    for (const { weights } of layers) for (const { values } of weights) writeFileSync(file, values);
  } finally {
    closeSync(file);
  }
  const weights = layers.flatMap((layer) =>
    layer.weights.map(({ name, shape }) => ({ name: `${layer.name}/${name}`, shape, dtype: 'float32' })),
  );
  const model = {
    format: 'layers-model',
    generatedBy: 'bloodline',
    convertedBy: null,
    modelTopology: { keras_version: '2.15.0', backend: 'tensorflow', model_config: topology },
    weightsManifest: [{ paths: ['weights.bin'], weights }],
    userDefinedMetadata: metadata,
  };
  writeFileSync(join(folder, 'model.json'), `${JSON.stringify(model)}\n`);
}
