import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs';
import type { Engine } from '../engines/engine.ts';

/**
 * Σ −target × ln softmax(logits) as a function of the logits, whose gradient is softmax × Σ target − target.
 *
 * @param targets N×classes, already divided by the number of images over which the loss is the mean.
 */
export function crossEntropy({ tf }: Engine, targets: Float32Array): (logits: Tensor2D) => Scalar {
  return (logits) => {
    const loss = tf.customGrad((...args: unknown[]) => {
      const [logits, save] = args as [Tensor2D, (tensors: Tensor[]) => void];
      const wanted = tf.tensor2d(targets, logits.shape);
      save([tf.softmax(logits), wanted]);
      const value = tf.neg(tf.sum(tf.mul(wanted, tf.logSoftmax(logits))));
      const gradFunc = (dy: Tensor, [probabilities, wanted]: Tensor[]) =>
        tf.mul(dy, tf.sub(tf.mul(probabilities!, tf.sum(wanted!, 1, true)), wanted!));
      return { value, gradFunc };
    });
    return loss(logits).asScalar();
  };
}
