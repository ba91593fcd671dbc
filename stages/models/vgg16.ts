/**
 * VGG16, configuration D of the paper, as in keras.applications with `include_top=False`: 14,714,688 parameters.
 * The head is ours, the same as EfficientNetB4's: mean over the image, then the logits. (The paper's three dense
 * layers hold 124 of its 138 million parameters and cannot be learnt from some thousand cells.)
 */
import type { Model } from '../learning/model.ts';

export const name = 'VGG16';
export const paper = 'Simonyan and Zisserman 2014, arXiv:1409.1556';
export const preprocessing =
  'RGB 0..255 to BGR minus the means of ImageNet (103.939, 116.779, 123.68), inside the network (layer preprocessing)';
/** No batch norm: steps as large as Adam's default kill its ReLUs, and the loss stays at ln(classes). */
export const defaults = { learningRate: 1e-4 };

/** Filters of each block, and how many convolutions of 3×3 it has before its pooling. */
const BLOCKS: readonly (readonly [filters: number, convolutions: number])[] = [
  [64, 2],
  [128, 2],
  [256, 3],
  [512, 3],
  [512, 3],
];

const build: Model['default'] = ({ size, classes, graph: g }) => {
  let x = g.input('input', { size });
  x = g.rescale(x, 'preprocessing', {
    order: [2, 1, 0],
    scale: [1, 1, 1],
    offset: [-103.939, -116.779, -123.68],
  });
  for (const [index, [filters, convolutions]] of BLOCKS.entries()) {
    const block = `block${index + 1}`;
    for (let i = 1; i <= convolutions; i++)
      x = g.convolution(x, `${block}_conv${i}`, { filters, kernel: 3, padding: 'same', activation: 'relu' });
    x = g.maxPool(x, `${block}_pool`);
  }
  const features = x;
  x = g.globalAveragePool(x, 'avg_pool');
  return g.network({ features, output: g.dense(x, 'logits', { units: classes }) });
};
export default build;
