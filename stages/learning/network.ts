/**
 * A network as data: a list of layers, each naming the layers it reads. It is what a file in `stages/models/`
 * returns, what a trained model carries, and what `forward.ts` computes; it holds no code and survives the code
 * that made it. Images are N×H×W×C (channels last), 0..255, RGB; its last layer gives logits, N×classes.
 */

/** How a weight begins. Names and rules as in Keras 3 (`keras/src/initializers/random_initializers.py`). */
export type Initializer =
  | { readonly kind: 'constant'; readonly value: number }
  | {
      readonly kind: 'variance-scaling';
      readonly scale: number;
      readonly mode: 'fan-in' | 'fan-out' | 'fan-average';
      readonly distribution: 'truncated-normal' | 'uniform';
    };

export type Activation = 'relu' | 'swish' | 'sigmoid' | 'linear';
export type Padding = 'same' | 'valid';

/** What each kind of layer does, beside `name` and `from`. Strides and kernels are square, in pixels. */
export type Operation =
  /** The images, `size` × `size` × `channels`. */
  | { readonly op: 'input'; readonly size: number; readonly channels: number }
  /** x × scale + offset, a number for each channel, after the channels were put into `order`. */
  | {
      readonly op: 'rescale';
      readonly order?: readonly number[];
      readonly scale: readonly number[];
      readonly offset: readonly number[];
    }
  /** (x − mean) / √variance with stored statistics that training leaves alone (Keras's Normalization). */
  | { readonly op: 'normalization' }
  | {
      readonly op: 'convolution';
      readonly filters: number;
      readonly kernel: number;
      readonly stride: number;
      readonly padding: Padding;
      readonly bias: boolean;
      readonly activation: Activation;
      readonly initializer: Initializer;
    }
  /** One filter a channel. */
  | {
      readonly op: 'depthwise';
      readonly kernel: number;
      readonly stride: number;
      readonly padding: Padding;
      readonly initializer: Initializer;
    }
  /** moving = momentum × moving + (1 − momentum) × batch, variance biased, as Keras 3 does it. */
  | { readonly op: 'batch-norm'; readonly momentum: number; readonly epsilon: number }
  | { readonly op: 'activation'; readonly activation: Activation }
  /** Zeros around the image, in pixels. */
  | {
      readonly op: 'pad';
      readonly top: number;
      readonly bottom: number;
      readonly left: number;
      readonly right: number;
    }
  | { readonly op: 'max-pool'; readonly size: number; readonly stride: number }
  /** Mean over the image: N×C, or N×1×1×C where the dimensions are kept. */
  | { readonly op: 'global-average-pool'; readonly keepDimensions: boolean }
  | {
      readonly op: 'dense';
      readonly units: number;
      readonly activation: Activation;
      readonly initializer: Initializer;
    }
  /** `perSample`: one draw for all of a sample, which drops a whole branch (drop-connect); else one a value. */
  | { readonly op: 'dropout'; readonly rate: number; readonly perSample: boolean }
  | { readonly op: 'add' }
  /** Of two inputs, the second broadcast over the first. */
  | { readonly op: 'multiply' };

export type Layer = { readonly name: string; readonly from: readonly string[] } & Operation;

export interface Network {
  /** In an order in which each layer comes after those it reads. */
  readonly layers: readonly Layer[];
  /** The last layer of the backbone: what comes after it is the head ("top" in Keras). */
  readonly features: string;
  /** The layer that gives the logits. */
  readonly output: string;
}

/** A layer's output without the batch: [height, width, channels] or [units]. */
export type Shape = readonly number[];

/** A tensor that a layer keeps. */
export interface WeightSpec {
  /** `layer/tensor`, the names of Keras. */
  readonly name: string;
  readonly shape: readonly number[];
  /** false: no gradient (moving statistics). */
  readonly trainable: boolean;
  readonly initializer: Initializer;
}
