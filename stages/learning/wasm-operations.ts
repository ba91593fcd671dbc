import type { Tensor, Tensor1D, Tensor4D, TensorInfo, Variable } from '@tensorflow/tfjs';
import type { Tfjs } from './engine.ts';
import { composedOperations, type Operations } from './operations.ts';
import { place, type WasmBackend } from './wasm/module.ts';
import { kernelsOf } from './wasm-kernels.ts';

type Save = (tensors: Tensor[]) => void;

/** Our own kernels where tfjs composes many small ones. The wasm backend has to be the current one. */
export function wasmOperations(tf: Tfjs): Operations {
  const backend = tf.backend() as unknown as WasmBackend;
  const kernels = kernelsOf(backend);
  const at = (tensor: TensorInfo): number => place(backend, tensor);
  const output = (shape: readonly number[]): Tensor =>
    tf.engine().makeTensorFromTensorInfo(backend.makeOutput(shape, 'float32'));
  const composed = composedOperations(tf);
  return {
    batchNorm(x, gamma, beta, epsilon) {
      let mean!: Tensor1D;
      let variance!: Tensor1D;
      const [rows, channels] = [x.size / x.shape[3], x.shape[3]];
      const normalise = tf.customGrad((...args: unknown[]) => {
        const [x, gamma, beta, save] = args as [Tensor4D, Tensor, Tensor, Save];
        mean = tf.keep(tf.mean(x, [0, 1, 2])) as Tensor1D;
        variance = tf.keep(output([channels])) as Tensor1D;
        const inverse = output([channels]);
        const y = output(x.shape);
        kernels.batchNorm(
          ...([x, gamma, beta, mean, y, variance, inverse].map(at) as number[]),
          ...[rows, channels, epsilon],
        );
        save([x, gamma, tf.clone(mean), inverse]);
        const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor[] => {
          const dBeta = tf.sum(dy, [0, 1, 2]);
          const dGamma = output([channels]);
          const dx = output(dy.shape);
          const [x, gamma, mean, inverse] = saved as [Tensor, Tensor, Tensor, Tensor];
          kernels.batchNormGradient(
            ...([x, dy, gamma, mean, inverse, dBeta, dx, dGamma].map(at) as number[]),
            ...[rows, channels],
          );
          return [dx, dGamma, dBeta];
        };
        return { value: y, gradFunc };
      });
      const y = normalise(x, gamma, beta) as Tensor4D;
      return { y, mean, variance };
    },
    relu<T extends Tensor>(x: T): T {
      const rectify = tf.customGrad((...args: unknown[]) => {
        const [x, save] = args as [Tensor, Save];
        const y = tf.relu(x);
        save([y]);
        const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor => {
          const dx = output(dy.shape);
          kernels.reluGradient(at(dy), at(saved[0]!), at(dx), dx.size);
          return dx;
        };
        return { value: y, gradFunc };
      });
      return rectify(x) as T;
    },
    swish: composed.swish,
    adam(weight: Variable, m, v, gradient, { rate, beta1, beta2, epsilon }) {
      const [toWeight, toM, toV] = [weight, m, v].map(({ shape }) => output(shape)) as [
        Tensor,
        Tensor,
        Tensor,
      ];
      const places = [weight, m, v, gradient, toWeight, toM, toV].map(at);
      kernels.adam(...places, weight.size, rate, 1 - beta1, 1 - beta2, epsilon);
      // `assign` takes the bytes over; the tensor that brought them is not needed any more.
      for (const [variable, value] of [
        [weight, toWeight],
        [m, toM],
        [v, toV],
      ] as const) {
        variable.assign(value);
        value.dispose();
      }
    },
  };
}
