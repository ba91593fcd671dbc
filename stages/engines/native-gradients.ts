/**
 * The native engine's own passes over a network's layers, in TensorFlow's operations and those of
 * `src/engine/native/kernels.cc`, without tfjs's tape.
 */
import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs';
import type { Pass, Passed } from '../learning/gradients.ts';
import type { Network } from '../learning/network.ts';
import type { Weights } from '../learning/weights.ts';
import type { Engine } from './engine.ts';
import { type PassValues, passes, runForward, runPass } from './layer-pass.ts';
import { attributesOf, type Backend } from './native-backend.ts';
import { nativeLayers } from './native-layers.ts';
import { nativeValues, type Value } from './native-values.ts';

/** Each gives null for a network that it does not know how to go through. */
export interface NativePasses {
  gradients(pass: Pass): Passed | null;
  /** In inference mode. */
  logits(engine: Engine, network: Network, weights: Weights, images: Tensor4D): Tensor2D | null;
}

export function nativePasses(backend: Backend): NativePasses {
  const values = nativeValues(backend);
  const { one, integers, release } = values;
  const { float32, type } = attributesOf(backend.binding);
  const T = [float32('T')];
  const layers = nativeLayers(backend, values);
  const passValues: PassValues<Value> = {
    ...values,
    add: (a, b) => one('AddV2', T, [a, b]),
    spreadOut(value, shape) {
      const there = value.shape;
      if (there.length === shape.length && there.every((side, axis) => side === shape[axis])) return value;
      const attributes = [...T, type('Tidx', backend.binding.TF_INT32)];
      const whole = one('BroadcastTo', attributes, [value, integers(shape)]);
      release(value);
      return whole;
    },
  };
  return {
    gradients(pass) {
      const { network, weights, training } = pass;
      if (!passes(network, training.frozen)) return null;
      const gradients = new Map<string, Tensor>();
      const compute = layers({
        weights,
        training,
        trains: (name) => weights.get(name)!.trainable,
        give: (name, gradient) => gradients.set(name, values.toTensor(gradient)),
      });
      return runPass(pass, passValues, compute, gradients);
    },
    logits(engine, network, weights, images) {
      if (!passes(network, undefined)) return null;
      const compute = layers({ weights, training: null, trains: () => false, give: () => {} });
      return runForward({ engine, network, weights, images }, passValues, compute);
    },
  };
}
