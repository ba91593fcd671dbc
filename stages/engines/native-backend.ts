import type { Tensor } from '@tensorflow/tfjs';
import type { Activation } from '../learning/network.ts';

/** The addon, as far as it is used here. */
export interface Binding {
  readonly TF_Version: string;
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_SHAPE: number;
  executeOp(
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly number[],
    outputs: number,
  ): readonly TensorOfAddon[];
  createTensor(shape: readonly number[], type: number, values: Float32Array | Int32Array): number;
  deleteTensor(id: number): void;
}

export interface TensorOfAddon {
  readonly id: number;
  readonly shape: readonly number[];
  readonly dtype: number;
}

export interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** `NodeJSKernelBackend`, as far as it is used here. */
export interface Backend {
  readonly binding: Binding;
  readonly isUsingGpuDevice: boolean;
  /** What tfjs holds of each tensor: the addon's number of it, and how many clones share it. */
  readonly tensorMap: { get(data: object): { id: number; readonly refCount: number } };
  /** The addon's numbers of tensors; their values are handed over where that has not been done. */
  getInputTensorIds(tensors: readonly Tensor[]): number[];
  createOutputTensor(tensor: TensorOfAddon): Tensor;
  executeSingleOutput(name: string, attributes: readonly Attribute[], inputs: readonly Tensor[]): Tensor;
  executeMultipleOutputs(
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly Tensor[],
    outputs: number,
  ): Tensor[];
}

/** TensorFlow's number of it, which the addon does not name. */
export const BFLOAT16 = 14;

/** Numbers of the activations in kernels.cc. */
const ACTIVATIONS: Readonly<Record<Activation, number>> = { linear: 0, swish: 1, relu: 2, sigmoid: 3 };

/** Attributes of operations. */
export const attributesOf = (binding: Binding) => ({
  float32: (name: string): Attribute => ({ name, type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT }),
  type: (name: string, value: number): Attribute => ({ name, type: binding.TF_ATTR_TYPE, value }),
  text: (name: string, value: string): Attribute => ({ name, type: binding.TF_ATTR_STRING, value }),
  number: (name: string, value: number): Attribute => ({ name, type: binding.TF_ATTR_FLOAT, value }),
  integer: (name: string, value: number | readonly number[]): Attribute => ({
    name,
    type: binding.TF_ATTR_INT,
    value,
  }),
  flag: (name: string, value: boolean): Attribute => ({ name, type: binding.TF_ATTR_BOOL, value }),
  /** For our kernels. */
  activation: (value: Activation): Attribute => ({
    name: 'activation',
    type: binding.TF_ATTR_INT,
    value: ACTIVATIONS[value],
  }),
});
