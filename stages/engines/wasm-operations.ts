import type { Tensor, Tensor1D, Tensor4D, TensorInfo, Variable } from '@tensorflow/tfjs';
import type { Tfjs } from './engine.ts';
import type { Operations } from './operations.ts';
import { sumParts } from './wasm/convolutions.ts';
import { BLOCK, rowsOf } from './wasm/cuts.ts';
import { heapOf } from './wasm/heap.ts';
import type { WasmBackend } from './wasm/module.ts';

type Save = (tensors: Tensor[]) => void;

/** Our own kernels where tfjs composes many small ones. The wasm backend has to be the current one. */
export function wasmOperations(tf: Tfjs): Operations {
  const backend = tf.backend() as unknown as WasmBackend;
  const heap = heapOf(backend);
  const { threads } = heap;
  const at = (tensor: TensorInfo): number => heap.at(tensor);
  const output = (shape: readonly number[]): Tensor =>
    tf.engine().makeTensorFromTensorInfo(heap.output(shape));
  const blocks = (size: number): number => Math.ceil(size / BLOCK);
  return {
    batchNorm(x, gamma, beta, epsilon) {
      let mean!: Tensor1D;
      let variance!: Tensor1D;
      const [m, c] = [x.size / x.shape[3], x.shape[3]];
      const rows = rowsOf(c);
      const items = Math.ceil(m / rows);
      const normalise = tf.customGrad((...args: unknown[]) => {
        const [x, gamma, beta, save] = args as [Tensor4D, Tensor, Tensor, Save];
        [mean, variance] = [tf.keep(output([c])) as Tensor1D, tf.keep(output([c])) as Tensor1D];
        const inverse = output([c]);
        const y = output(x.shape);
        heap.within(2 * items * c, (parts) => {
          threads.run('statistics', items, at(x), parts, m, c, rows);
          threads.runHere(
            'combineStatistics',
            1,
            parts,
            ...[mean, variance, inverse].map(at),
            m,
            c,
            rows,
            epsilon,
          );
        });
        threads.run('normalize', items, ...[x, mean, inverse, gamma, beta, y].map(at), m, c, rows, 0);
        save([x, gamma, beta, tf.clone(mean), inverse]);
        const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor[] => {
          const [x, gamma, beta, mean, inverse] = saved as [Tensor, Tensor, Tensor, Tensor, Tensor];
          const dx = output(dy.shape);
          const sums = output([2, c]);
          heap.within(2 * items * c, (parts) => {
            const places = [x, dy, mean, inverse, gamma, beta, dx].map(at);
            threads.run('normalizeSums', items, ...places, parts, m, c, rows, 0);
            sumParts(heap, parts, at(sums), { outer: 1, count: items, size: 2 * c });
          });
          threads.run(
            'normalizeGradient',
            items,
            ...[x, dy, mean, inverse, gamma, sums, dx].map(at),
            m,
            c,
            rows,
          );
          const [dBeta, dGamma] = tf.unstack(sums) as [Tensor, Tensor];
          sums.dispose();
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
          threads.run('reluGradient', blocks(dx.size), ...[dy, saved[0]!, dx].map(at), dx.size, BLOCK);
          return dx;
        };
        return { value: y, gradFunc };
      });
      return rectify(x) as T;
    },
    swish<T extends Tensor>(x: T): T {
      const gated = tf.customGrad((...args: unknown[]) => {
        const [x, save] = args as [Tensor, Save];
        const y = output(x.shape);
        threads.run('swish', blocks(x.size), at(x), at(y), x.size, BLOCK);
        save([x]);
        const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor => {
          const dx = output(dy.shape);
          threads.run('swishGradient', blocks(dx.size), ...[dy, saved[0]!, dx].map(at), dx.size, BLOCK);
          return dx;
        };
        return { value: y, gradFunc };
      });
      return gated(x) as T;
    },
    adam(weight: Variable, m, v, gradient, { rate, beta1, beta2, epsilon }) {
      const before = [weight, m, v];
      // In place, except where a clone shares the bytes.
      const shared = before.some(({ dataId }) => backend.refCount(dataId) !== 1);
      const after = shared ? before.map(({ shape }) => output(shape)) : before;
      const { size } = weight;
      const places = [weight, m, v, gradient, ...after].map(at);
      threads.run('adam', blocks(size), ...places, size, BLOCK, rate, 1 - beta1, 1 - beta2, epsilon);
      if (!shared) return;
      // `assign` takes the bytes over; the tensor that brought them is not needed any more.
      for (const [index, variable] of before.entries()) {
        variable.assign(after[index]!);
        after[index]!.dispose();
      }
    },
    follow(moving, batch, momentum) {
      if (backend.refCount(moving.dataId) !== 1)
        tf.tidy(() => moving.assign(tf.add(tf.mul(moving, momentum), tf.mul(batch, 1 - momentum))));
      else
        threads.run(
          'follow',
          blocks(moving.size),
          at(moving),
          at(batch),
          moving.size,
          BLOCK,
          momentum,
          1 - momentum,
        );
    },
  };
}
