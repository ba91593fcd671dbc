import type { Layer } from '../learning/network.ts';

/** Weights in a file of another program, or in a folder of ours, before it is known which network they fit. */
export interface StoredWeights {
  /** What it is, for messages: `vgg16_notop.h5, a file of Keras`. */
  readonly what: string;
  /** Layers that have tensors, in the order of the file. */
  readonly layers: readonly StoredLayer[];
  /**
   * Whether they belong to EfficientNet as keras.applications builds it for ImageNet, which divides by √deviation once
   * more before the first convolution.
   */
  readonly imagenet: boolean;
  close(): void;
}

export interface StoredLayer {
  /** null: the file does not say. */
  readonly name: string | null;
  /** The class of the layer in Keras's spelling for files (`conv2d`); null: the file does not say. */
  readonly kind: string | null;
  readonly tensors: readonly StoredTensor[];
}

export interface StoredTensor {
  /** As the file calls it: `kernel`, `block1_conv1_W_1`, `0`. */
  readonly name: string;
  readonly shape: readonly number[];
  /** In C order. Throws a StageError where the bytes cannot be read or are no numbers. */
  read(): Float32Array;
}

/** What Keras calls the class of a layer with tensors in its files. */
export function kindOf({ op }: Layer): string | null {
  switch (op) {
    case 'convolution':
      return 'conv2d';
    case 'depthwise':
      return 'depthwise_conv2d';
    case 'batch-norm':
      return 'batch_normalization';
    case 'normalization':
    case 'dense':
      return op;
    default:
      return null;
  }
}
