/**
 * EfficientNetB4 as in keras.applications with `include_top=False`: 611 tensors, 17,673,823 parameters, the names of
 * Keras. B0's table, 1.4 times as wide and 1.8 times as deep. The head: mean over the image, dropout .4, logits
 * (begun as Keras begins dense layers; the paper's rule is for 1,000 classes and gives logits of ±10 with five).
 */
import type { Model } from '../learning/model.ts';
import type { Initializer } from '../learning/network.ts';

export const name = 'EfficientNetB4';
export const paper = 'Tan and Le 2019, arXiv:1905.11946';
export const preprocessing =
  'RGB 0..255, scaled to 0..1 and normalised inside the network (layers rescaling and normalization)';
/** Adam's default; batch norm after each convolution bears it. */
export const defaults = { learningRate: 1e-3 };

const WIDTH = 1.4;
const DEPTH = 1.8;
const DROP_CONNECT = 0.2;
const HEAD_DROPOUT = 0.4;
/** Of batch norm's averages; Keras's .99 wants many hundred steps before validation means anything. */
const MOMENTUM = 0.9;

/**
 * The weights of ImageNet come with its deviations (.229, .224, .225) as variances of the Normalization, so that it
 * divides by their roots only; keras.applications divides by the roots once more, and only for these weights.
 */
const IMAGENET_SCALE = [0.229, 0.224, 0.225].map((deviation) => 1 / Math.sqrt(deviation));

/** B0: a row a stage. `expand` widens the channels inside a block. */
const STAGES = [
  { kernel: 3, repeats: 1, filtersIn: 32, filtersOut: 16, expand: 1, stride: 1 },
  { kernel: 3, repeats: 2, filtersIn: 16, filtersOut: 24, expand: 6, stride: 2 },
  { kernel: 5, repeats: 2, filtersIn: 24, filtersOut: 40, expand: 6, stride: 2 },
  { kernel: 3, repeats: 3, filtersIn: 40, filtersOut: 80, expand: 6, stride: 2 },
  { kernel: 5, repeats: 3, filtersIn: 80, filtersOut: 112, expand: 6, stride: 1 },
  { kernel: 5, repeats: 4, filtersIn: 112, filtersOut: 192, expand: 6, stride: 2 },
  { kernel: 3, repeats: 1, filtersIn: 192, filtersOut: 320, expand: 6, stride: 1 },
];

/** Channels of a width, rounded to a multiple of 8 that is not below 90 % of it. */
function widened(filters: number): number {
  const wanted = filters * WIDTH;
  const rounded = Math.max(8, Math.floor((wanted + 4) / 8) * 8);
  return rounded < 0.9 * wanted ? rounded + 8 : rounded;
}
const deepened = (repeats: number): number => Math.ceil(DEPTH * repeats);

const CONVOLUTION: Initializer = {
  kind: 'variance-scaling',
  scale: 2,
  mode: 'fan-out',
  distribution: 'truncated-normal',
};
const build: Model['default'] = ({ size, classes, graph: g, imagenet = false }) => {
  /** Side and channels of what `x` names, kept along because the padding before a stride depends on them. */
  let side = size;
  const normed = (x: string, layer: string, activation?: string): string => {
    const y = g.batchNorm(x, layer, { momentum: MOMENTUM });
    return activation ? g.activation(y, activation, 'swish') : y;
  };
  const convolution = (x: string, layer: string, filters: number, kernel = 1): string =>
    g.convolution(x, layer, { filters, kernel, padding: 'same', bias: false, initializer: CONVOLUTION });
  /** Keras's correct_pad: zeros so that a stride of 2 sees the same pixels at even and odd sizes. */
  const padded = (x: string, layer: string, kernel: number): string => {
    const after = Math.floor(kernel / 2);
    const before = after - (1 - (side % 2));
    side = Math.floor((side + before + after - kernel) / 2) + 1;
    return g.pad(x, layer, { top: before, bottom: after, left: before, right: after });
  };

  /** Inverted residual block with squeeze and excitation. */
  const block = (
    input: string,
    id: string,
    { kernel, stride, expand }: { kernel: number; stride: number; expand: number },
    filtersIn: number,
    filtersOut: number,
    dropRate: number,
  ): string => {
    const filters = filtersIn * expand;
    let x = input;
    if (expand !== 1)
      x = normed(convolution(x, `${id}expand_conv`, filters), `${id}expand_bn`, `${id}expand_activation`);
    if (stride === 2) x = padded(x, `${id}dwconv_pad`, kernel);
    x = g.depthwise(x, `${id}dwconv`, {
      kernel,
      stride,
      padding: stride === 2 ? 'valid' : 'same',
      initializer: CONVOLUTION,
    });
    x = normed(x, `${id}bn`, `${id}activation`);

    let excited = g.globalAveragePool(x, `${id}se_squeeze`, { keepDimensions: true });
    const squeeze = { kernel: 1, padding: 'same', initializer: CONVOLUTION } as const;
    excited = g.convolution(excited, `${id}se_reduce`, {
      filters: Math.max(1, Math.floor(filtersIn / 4)),
      activation: 'swish',
      ...squeeze,
    });
    excited = g.convolution(excited, `${id}se_expand`, { filters, activation: 'sigmoid', ...squeeze });
    x = g.multiply([x, excited], `${id}se_excite`);

    x = normed(convolution(x, `${id}project_conv`, filtersOut), `${id}project_bn`);
    if (stride !== 1 || filtersIn !== filtersOut) return x;
    if (dropRate > 0) x = g.dropout(x, `${id}drop`, { rate: dropRate, perSample: true });
    return g.add([x, input], `${id}add`);
  };

  let x = g.input('input', { size });
  x = g.rescale(x, 'rescaling', { scale: [1 / 255, 1 / 255, 1 / 255], offset: [0, 0, 0] });
  x = g.normalization(x, 'normalization');
  if (imagenet) x = g.rescale(x, 'rescaling_1', { scale: IMAGENET_SCALE, offset: [0, 0, 0] });
  x = padded(x, 'stem_conv_pad', 3);
  x = g.convolution(x, 'stem_conv', {
    filters: widened(32),
    kernel: 3,
    stride: 2,
    bias: false,
    initializer: CONVOLUTION,
  });
  x = normed(x, 'stem_bn', 'stem_activation');

  const blocks = STAGES.reduce((total, { repeats }) => total + deepened(repeats), 0);
  let index = 0;
  for (const [number, stage] of STAGES.entries())
    for (let repeat = 0; repeat < deepened(stage.repeats); repeat++) {
      const id = `block${number + 1}${String.fromCharCode(97 + repeat)}_`;
      const filtersOut = widened(stage.filtersOut);
      const first = repeat === 0;
      x = block(
        x,
        id,
        { ...stage, stride: first ? stage.stride : 1 },
        first ? widened(stage.filtersIn) : filtersOut,
        filtersOut,
        (DROP_CONNECT * index) / blocks,
      );
      index++;
    }

  x = normed(convolution(x, 'top_conv', widened(1280)), 'top_bn', 'top_activation');
  const features = x;
  x = g.globalAveragePool(x, 'avg_pool');
  x = g.dropout(x, 'top_dropout', { rate: HEAD_DROPOUT });
  return g.network({ features, output: g.dense(x, 'logits', { units: classes }) });
};
export default build;
