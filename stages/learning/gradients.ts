import type { Scalar, Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs';
import type { Engine } from '../engines/engine.ts';
import { forward, type TrainingPass } from './forward.ts';
import type { Network } from './network.ts';
import type { Weights } from './weights.ts';

export interface Pass {
  readonly engine: Engine;
  readonly network: Network;
  readonly weights: Weights;
  /** N×H×W×3, 0..255. */
  readonly images: Tensor4D;
  readonly training: TrainingPass;
  /** The loss of logits, N×classes, by which the gradients are. */
  loss(logits: Tensor2D): Scalar;
}

/** All of it is the caller's to dispose. */
export interface Passed {
  readonly logits: Tensor2D;
  readonly value: Scalar;
  /** Of each trainable weight, by its name. */
  readonly gradients: ReadonlyMap<string, Tensor>;
}

/** Logits, loss and the gradient of each trainable weight: by the engine's own pass, or by tfjs's tape. */
export function gradientsOf(pass: Pass): Passed {
  const own = pass.engine.gradients?.(pass);
  if (own) return own;
  const { engine, network, weights, images, training, loss } = pass;
  const trainable = [...weights].filter(([, weight]) => weight.trainable);
  let logits!: Tensor2D;
  const { value, grads } = engine.tf.variableGrads(
    () => {
      const output = forward(engine, network, weights, images, training);
      logits = engine.tf.keep(output.clone());
      return loss(output);
    },
    trainable.map(([, weight]) => weight),
  );
  return { logits, value, gradients: new Map(trainable.map(([name, { name: of }]) => [name, grads[of]!])) };
}
