import { join } from 'node:path';
import type { Group } from 'h5wasm';
import type { KerasModel } from './keras-model.ts';

/** Writes `model.h5`, a whole model in Keras's old layout, which `keras.models.load_model` of Keras 2 and 3 reads. */
export async function writeKeras(folder: string, { topology, layers }: KerasModel): Promise<void> {
  const { default: h5, ready } = await import('h5wasm/node');
  (await ready).activate_throwing_error_handler();
  const file = new h5.File(join(folder, 'model.h5'), 'w');
  try {
    const said = (group: Group): void => {
      group.create_attribute('backend', 'tensorflow');
      group.create_attribute('keras_version', '2.15.0');
    };
    said(file);
    file.create_attribute('model_config', JSON.stringify(topology));
    const weights = file.create_group('model_weights');
    said(weights);
    textList(
      weights,
      'layer_names',
      layers.map(({ name }) => name),
    );
    for (const layer of layers) {
      const group = weights.create_group(layer.name);
      textList(
        group,
        'weight_names',
        layer.weights.map(({ name }) => `${layer.name}/${name}:0`),
      );
      if (layer.weights.length === 0) continue;
      const inner = group.create_group(layer.name);
      for (const { name, shape, values } of layer.weights)
        inner.create_dataset({ name: `${name}:0`, data: values, shape: [...shape], dtype: '<f' });
    }
  } finally {
    file.close();
  }
}

/** An empty list has a type too, else readers do not take it for one. */
const textList = (group: Group, name: string, values: readonly string[]): void =>
  group.create_attribute(
    name,
    [...values],
    [values.length],
    `S${Math.max(1, ...values.map((text) => text.length))}`,
  );
